// access.js: who read whom: reads of persons, denials, failed sign-ins.
import { html } from '../app/html.js';
import { t, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { useQuery } from '../app/router.js';
import { Page, Card, Table, Empty, Skeleton, ProblemNote, Pager, usePages } from '../app/parts.js';
import { TextField } from '../app/parts_form.js';

export default function AccessPage() {
  const [query, set] = useQuery();
  const pages = usePages((after) => api.get('/audit/access', { ...query, after }), [JSON.stringify(query)]);
  const columns = [
    { label: t('audit.at'), cell: (row) => instant(row.at) },
    { label: t('audit.by'), cell: (row) => row.by || '–' },
    { label: t('access.what'), cell: (row) => html`<code>${row.route}</code>` },
    { label: t('access.whom'), cell: (row) => (row.subjects || []).slice(0, 5).map((id) => html`<div><a href=${`/akses?household=${id}`}>…${id.slice(-8)}</a></div>`) },
    { label: t('state'), number: true, cell: (row) => row.status },
  ];
  return html`<${Page} title=${t('nav.access')} lead=${t('access.lead')}>
    <div class="row filters"><${TextField} pointer="/user" label=${t('audit.by')} value=${query.user} onChange=${(user) => set({ user })} />
      <${TextField} pointer="/household" label=${t('access.household')} value=${query.household} onChange=${(household) => set({ household })} /></div>
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />
    ${!pages.items && !pages.problem && html`<${Skeleton} />`}
    ${pages.items?.length === 0 && html`<${Card}><${Empty} title=${t('access.none')}>${t('access.none.help')}<//><//>`}
    ${pages.items?.length > 0 && html`<${Card} flush><${Table} caption=${t('nav.access')} columns=${columns} rows=${pages.items} /><//>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
  <//>`;
}
