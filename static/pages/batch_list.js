// batch_list.js: batches, newest first; on /menunggu only those that wait for this person.
import { html } from '../app/html.js';
import { t, money, number, code, day, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { useQuery } from '../app/router.js';
import { Page, Card, Table, State, EmptyList, Skeleton, ProblemNote, Pager, usePages, useLoad } from '../app/parts.js';
import { SelectField } from '../app/parts_form.js';

const DAY = 86400000;
const age = (batch) => (batch.submitted_at ? Math.max(0, Math.floor((Date.now() - new Date(batch.submitted_at)) / DAY)) : null);

function Filters({ query, set }) {
  const programs = useLoad(() => api.get('/programs', { limit: 200 }).then(({ data }) => data.items), []);
  return html`<div class="row filters noprint">
    <${SelectField} pointer="/program" label=${t('batch.program')} empty=${t('all')} value=${query.program} onChange=${(program) => set({ program })} options=${(programs.data || []).map((program) => [program.id, program.name])} />
    <${SelectField} pointer="/state" label=${t('state')} empty=${t('all')} value=${query.state} onChange=${(state) => set({ state })} list="batch_state" /></div>`;
}

export default function BatchListPage() {
  const waiting = location.pathname === '/menunggu';
  const [query, set] = useQuery();
  const filter = waiting ? { may: 'approve' } : { program: query.program, state: query.state };
  const pages = usePages((after) => api.get('/batches', { ...filter, after }), [query.program, query.state, waiting]);
  const rows = waiting && pages.items ? [...pages.items].sort((a, b) => (a.submitted_at || '').localeCompare(b.submitted_at || '') || b.total_minor - a.total_minor) : pages.items;
  const columns = [
    { label: t('batch.one'), cell: (batch) => html`<a href=${waiting ? `/daftar-bayar/${batch.id}/setujui` : `/daftar-bayar/${batch.id}`}>${batch.program}</a><br /><span class="soft small">${batch.cycle}${batch.region_name ? ` · ${batch.region_name}` : ''} · ${t('batch.version', { version: batch.version })}</span>` },
    { label: t('batch.payees'), number: true, cell: (batch) => number(batch.count) },
    { label: t('amount'), number: true, cell: (batch) => money(batch.total_minor, batch.currency) },
    waiting ? { label: t('batch.age'), number: true, cell: (batch) => t('batch.days', { days: age(batch) ?? 0 }) } : { label: t('batch.made'), cell: (batch) => html`${batch.made_by}<br /><span class="soft small">${day(batch.created_at.slice(0, 10))}</span>` },
    { label: t('state'), cell: (batch) => html`<${State} value=${batch.state}>${code('batch_state', batch.state)}<//>` },
  ];
  return html`<${Page} title=${t(waiting ? 'batch.waiting' : 'batch.many')} lead=${t(waiting ? 'batch.waiting.lead' : 'batch.lead')}>
    ${!waiting && html`<${Filters} query=${query} set=${set} />`}
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />
    ${!pages.items && !pages.problem && html`<${Skeleton} />`}
    ${rows && rows.length === 0 && html`<${EmptyList} filtered=${!waiting && (query.program || query.state)} onClear=${() => set({ program: undefined, state: undefined })} title=${t(waiting ? 'batch.none.waiting' : 'batch.none')}>${t(waiting ? 'batch.none.waiting.help' : 'batch.none.help')}<//>`}
    ${rows && rows.length > 0 && html`<${Card} flush><${Table} caption=${t('batch.many')} columns=${columns} rows=${rows} keyOf=${(batch) => batch.id} /><//>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
  <//>`;
}
