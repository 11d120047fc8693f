// fact_list.js: what was imported of other registries, with its age, and the import of another file.
import { html } from '../app/html.js';
import { t, day, number } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { Page, Card, EmptyList, Pager, ProblemNote, Skeleton, State, Table, usePages } from '../app/parts.js';
import { FactImport } from './fact_import.js';

export const OLD_DAYS = 180;
export const Age = ({ days }) => (days > OLD_DAYS ? html`<${State} kind="warn">${t('luar.age', { days: number(days) })}<//>` : html`<span>${t('luar.age', { days: number(days) })}</span>`);

export default function FactListPage() {
  const pages = usePages((after) => api.get('/facts/editions', { after }), []);
  const columns = [
    { label: t('luar.field.source'), cell: (row) => html`<b>${row.source}</b> ${row.edition}` },
    { label: t('luar.field.as_of'), cell: (row) => html`${day(row.as_of)}<br /><span class="small"><${Age} days=${row.age_days} /></span>` },
    { label: t('luar.accepted'), number: true, cell: (row) => number(row.accepted) },
    { label: t('luar.unmatched'), number: true, cell: (row) => number(row.unmatched) },
    { label: t('luar.refused'), number: true, cell: (row) => number(row.refused) },
  ];
  return html`<${Page} title=${t('luar.many')} lead=${t('luar.lead')}>
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />${!pages.items && !pages.problem && html`<${Skeleton} />`}
    ${pages.items?.length === 0 && html`<${EmptyList} title=${t('luar.none')}>${t('luar.none.text')}<//>`}
    ${pages.items?.length > 0 && html`<${Card} flush><${Table} caption=${t('luar.many')} columns=${columns} rows=${pages.items} keyOf=${(row) => row.id} /><//>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
    ${can('program.write') && html`<${FactImport} onDone=${pages.reload} />`}<//>`;
}
