// region_changes.js: what a list of changes of the region codes would do: each change, and where the households go.
import { html } from '../app/html.js';
import { t, number } from '../app/i18n.js';
import { Note, Table } from '../app/parts.js';

const FIRST = 20;

// A list of changes names its first column so; a whole file of regions does not have it.
export const isChanges = (text) => text.replace(/^\ufeff/, '').split(/\r?\n/, 1)[0].split(',').some((cell) => cell.trim().replace(/^"|"$/g, '') === 'change');

const place = (row) => [row.hamlet, row.rw && `RW ${row.rw}`, row.rt && `RT ${row.rt}`].filter(Boolean).join(' · ') || '–';

function Households({ list, kind, title, to }) {
  if (list.count === 0) return null;
  const columns = [{ label: t('region.changes.place'), cell: place }, { label: t(to ? 'region.changes.from' : 'region.code'), cell: (row) => html`<code>${row.from}</code>` }, ...(to ? [{ label: t('region.changes.to'), cell: (row) => html`<code>${row.to}</code>` }] : [])];
  return html`<details open=${list.count <= FIRST}><summary><span class=${`state ${kind}`}>${title}</span></summary>
    <${Table} caption=${title} columns=${columns} rows=${list.items.slice(0, FIRST)} keyOf=${(row) => row.household_id} />
    ${list.count > FIRST && html`<p class="small soft">${t('region.more', { count: number(list.count - FIRST) })}</p>`}</details>`;
}

// Households of a region that ends without a heir: the server would stop there.
export const isBlocked = (preview) => preview.staying.items.some((row) => preview.changes.some((change) => change.change === 'abolished' && change.code === row.from));

export function RegionChanges({ preview }) {
  const users = preview.changes.filter((change) => change.users > 0 && ['split', 'merged'].includes(change.change));
  const columns = [{ label: t('region.changes.what'), cell: (row) => t(`region.change.${row.change}`) }, { label: t('region.code'), cell: (row) => html`<code>${row.code}</code> ${row.name}` },
    { label: t('region.changes.to'), cell: (row) => html`${row.to && html`<code>${row.to}</code>`} ${row.to_name || ''} ${row.adds ? html`<span class="state good">${t('region.changes.new')}</span>` : ''}` }, { label: t('region.changes.households'), number: true, cell: (row) => number(row.households) }];
  return html`<${Table} caption=${t('region.changes.what')} columns=${columns} rows=${preview.changes} keyOf=${(row) => row.line} />
    <${Households} list=${preview.moving} kind="info" title=${t('region.changes.moving', { count: number(preview.moving.count) })} to />
    <${Households} list=${preview.staying} kind=${isBlocked(preview) ? 'bad' : ''} title=${t('region.changes.staying', { count: number(preview.staying.count) })} />
    ${isBlocked(preview) && html`<${Note} kind="bad" role="alert" title=${t('region.changes.blocked')} />`}
    ${users.length > 0 && html`<${Note} kind="warn" title=${t('region.changes.users', { codes: [...new Set(users.map((change) => change.code))].join(', ') })} />`}`;
}
