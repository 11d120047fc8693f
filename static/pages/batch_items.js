// batch_items.js: the lines of a batch by pages, by village, hamlet and RT, each beside what its payee got last; and those that changed most.
import { html, useState, useMemo } from '../app/html.js';
import { t, code, money, number, day } from '../app/i18n.js';
import { api } from '../app/api.js';
import { useQuery } from '../app/router.js';
import { Card, Table, State, List, Button, Skeleton, ProblemNote, Pager, Empty, Note, usePages, useLoad } from '../app/parts.js';
import { SelectField } from '../app/parts_form.js';
import { hasMoney, reasonText } from './batch_parts.js';
import { Download } from '../app/download.js';
import { partText } from './part_words.js';

const PAGE = 100;
export const CHANGED = 25; // per cent, where nothing else is chosen
const PERCENTS = [0, 10, 25, 50, 100];
const percentOptions = () => PERCENTS.map((percent) => [String(percent), t(percent ? 'batch.changed.by' : 'batch.changed.any', { percent })]);

const sign = (minor) => (minor > 0 ? '+' : '');
const percentOf = (item) => (item.last_amount_minor ? Math.round((item.change_minor / item.last_amount_minor) * 100) : null);

// New, the same, or by how much more or less; beyond the asked percentage it stands out.
export function Change({ item, percent = CHANGED }) {
  if (item.last_amount_minor === null) return html`<${State} kind="info">${t('batch.changed.new')}<//>`;
  const share = percentOf(item);
  const text = item.change_minor === 0 ? t('batch.changed.same') : `${sign(item.change_minor)}${money(item.change_minor, item.currency)}${share === null ? '' : ` (${sign(share)}${number(share)}\u00a0%)`}`;
  const much = Math.abs(item.change_minor) * 100 > item.last_amount_minor * percent;
  return html`<span>${money(item.last_amount_minor, item.currency)}<br /><span class=${`small ${much ? '' : 'soft'}`}>${much && item.change_minor ? html`<${State} kind="warn">${text}<//>` : text}</span></span>`;
}

const spotOf = ({ hamlet, rw, rt }) => [hamlet, rw && `RW ${rw}`, rt && `RT ${rt}`].filter(Boolean).join(' · ') || t('batch.place.none');
const keyOf = ({ hamlet, rw, rt }) => JSON.stringify([hamlet ?? null, rw ?? null, rt ?? null]);
const counted = (text, place) => `${text} (${number(place.count)})`;

function Filters({ batch, query, set }) {
  const regions = useLoad(() => api.get(`/batches/${batch.id}/places`).then(({ data }) => data.items), [batch.id, batch.version, batch.state]);
  const only = regions.data?.length === 1 ? regions.data[0].region : null;
  const region = query.region || only;
  const spots = useLoad(() => (region ? api.get(`/batches/${batch.id}/places`, { region }).then(({ data }) => data.items) : Promise.resolve([])), [batch.id, batch.version, batch.state, region]);
  const spot = query.hamlet || query.rw || query.rt ? keyOf(query) : undefined;
  const choose = (key) => { const [hamlet, rw, rt] = key ? JSON.parse(key) : []; set({ hamlet, rw, rt }); };
  return html`<div class="row filters noprint">
    ${!only && html`<${SelectField} pointer="/region" label=${t('region')} empty=${t('all')} value=${query.region} onChange=${(code) => set({ region: code, hamlet: undefined, rw: undefined, rt: undefined })} options=${(regions.data || []).map((place) => [place.region, counted(place.region_name, place)])} />`}
    ${region && html`<${SelectField} pointer="/spot" label=${t('batch.place')} empty=${t('all')} value=${spot} onChange=${choose} options=${(spots.data || []).map((place) => [keyOf(place), counted(spotOf(place), place)])} />`}
    ${hasMoney(batch) && html`<${SelectField} pointer="/changed" label=${t('batch.changed')} empty=${t('all')} value=${query.changed} onChange=${(changed) => set({ changed })} options=${percentOptions()} />`}</div>`;
}

const NAMES = ['region', 'hamlet', 'rw', 'rt', 'changed'];

export function BatchItems({ batch, version, onExclude }) {
  const [query, set] = useQuery();
  const filter = version ? {} : Object.fromEntries(NAMES.map((name) => [name, query[name]]));
  const pages = usePages((after) => api.get(`/batches/${batch.id}/items`, { ...filter, after, version, limit: PAGE }), [batch.id, batch.version, batch.state, version, JSON.stringify(filter)]);
  const [excluding, setExcluding] = useState(null);
  const mayExclude = Boolean(onExclude), paid = hasMoney(batch), percent = query.changed === undefined ? CHANGED : Number(query.changed);
  const states = mayExclude || Boolean(pages.items?.some((item) => item.state !== 'in'));
  const columns = useMemo(() => [
    { label: t('batch.payee'), cell: (item) => html`<a href=${`/keluarga/${item.household_id}`}>${item.payee || t('unknown')}</a>${item.guardian ? html` <${State} kind="warn">${t('batch.guardian')}<//>` : ''}` },
    { label: t('region'), cell: (item) => item.region_name },
    { label: t('batch.parts'), cell: (item) => item.parts.map((part) => html`<div>${partText(part, item.currency)}</div>`) },
    paid && { label: t('amount'), number: true, cell: (item) => money(item.amount_minor, item.currency) },
    paid && { label: t('batch.last'), number: true, cell: (item) => html`<${Change} item=${item} percent=${percent} />` },
    states && { label: t('state'), cell: (item) => (item.state !== 'in' ? html`<${State} kind="warn">${code('item_state', item.state)}<//> <span class="small soft">${reasonText(item.reason || '')}</span>`
      : mayExclude ? html`<${Button} kind="quiet" onClick=${() => setExcluding(item)} aria-label=${`${t('batch.exclude')}: ${item.payee}`}>${t('batch.exclude')}<//>` : code('item_state', 'in')) },
  ].filter(Boolean), [states, mayExclude, paid, percent]);
  const filtered = NAMES.some((name) => filter[name]);
  return html`<div class="stack"><${Card} flush title=${t('batch.items')}>
    ${!version && batch.count > 0 && html`<div class="inset"><${Filters} batch=${batch} query=${query} set=${set} /></div>`}
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />
    ${!pages.items && !pages.problem && html`<div class="inset"><${Skeleton} /></div>`}
    ${pages.items?.length === 0 && html`<${Empty} title=${t(filtered ? 'batch.items.filtered' : 'batch.items.none')}>${filtered ? html`<${Button} kind="quiet" onClick=${() => set(Object.fromEntries(NAMES.map((name) => [name, undefined])))}>${t('list.clear')}<//>` : t('batch.items.none.help')}<//>`}
    ${excluding && onExclude(excluding, () => setExcluding(null))}
    ${pages.items?.length > 0 && html`<${Table} caption=${t('batch.items')} columns=${columns} rows=${pages.items} keyOf=${(item) => item.id} />`}
    ${pages.more && html`<p class="inset soft small" role="status">${t('batch.items.shown', { shown: number(pages.items.length) })}</p>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} /><//>
    <${Download} path=${`/batches/${batch.id}/items`} query=${{ ...filter, version }} items=${pages.items} name="daftar-bayar" /></div>`;
}

const SHOWN = 20;

// Whose amount moved beyond the chosen percentage: the first twenty here, all of them on the batch's own page.
export function BatchChanged({ batch }) {
  const [percent, setPercent] = useState(String(CHANGED));
  const load = useLoad(() => api.get(`/batches/${batch.id}/items`, { changed: percent, limit: SHOWN }).then(({ data }) => data), [batch.id, batch.version, percent]);
  return html`<${Card} title=${t('batch.changed.title')}>
    <${SelectField} pointer="/changed" label=${t('batch.changed')} empty=${t('batch.changed.by', { percent: CHANGED })} value=${percent} onChange=${(value) => setPercent(value || String(CHANGED))} options=${percentOptions()} />
    <${ProblemNote} problem=${load.problem} retry=${load.reload} />
    ${!load.data && !load.problem && html`<${Skeleton} lines=${3} />`}
    ${load.data?.items.length === 0 && html`<${Note} kind="good">${t('batch.changed.none')}<//>`}
    ${load.data?.items.length > 0 && html`<${List} items=${load.data.items}>${(item) => html`<li key=${item.id}><div class="grow"><a href=${`/keluarga/${item.household_id}`}><b>${item.payee || t('unknown')}</b></a><span class="soft small">${item.region_name} · ${t('batch.last.on', { day: day(item.last_released_at.slice(0, 10)) })}</span></div>
      <span class="end"><b>${money(item.amount_minor, item.currency)}</b><${Change} item=${item} percent=${Number(percent)} /></span></li>`}<//>`}
    ${load.data?.next && html`<p><a href=${`/daftar-bayar/${batch.id}?changed=${percent}`}>${t('batch.changed.all')}</a></p>`}<//>`;
}
