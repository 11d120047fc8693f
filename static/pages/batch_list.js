// batch_list.js: batches, newest first; on /menunggu only those that wait for this person.
import { html, useState } from '../app/html.js';
import { t, lang, money, number, code, day } from '../app/i18n.js';
import { api } from '../app/api.js';
import { useQuery } from '../app/router.js';
import { Page, Card, Table, State, EmptyList, Skeleton, ProblemNote, Pager, Button, usePages, useLoad } from '../app/parts.js';
import { SelectField, RegionPicker } from '../app/parts_form.js';

const DAY = 86400000;
const age = (batch) => (batch.submitted_at ? Math.max(0, Math.floor((Date.now() - new Date(batch.submitted_at)) / DAY)) : null);

const NAMES = ['program', 'cycle', 'month', 'region', 'state'];
const NONE = Object.fromEntries(NAMES.map((name) => [name, undefined]));

// This month, two ahead, and the year before.
function months() {
  const now = new Date(), name = new Intl.DateTimeFormat(lang() === 'id' ? 'id-ID' : 'en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return Array.from({ length: 15 }, (_, i) => new Date(Date.UTC(now.getFullYear(), now.getMonth() + 2 - i, 1))).map((first) => [first.toISOString().slice(0, 7), name.format(first)]);
}

function Filters({ query, set }) {
  const [round, setRound] = useState(0);
  const programs = useLoad(() => api.all('/programs'), []);
  const cycles = useLoad(() => (query.program ? api.all(`/programs/${query.program}/cycles`) : Promise.resolve([])), [query.program]);
  const clear = () => { set(NONE); setRound(round + 1); };
  return html`<div class="noprint stack tight" key=${round}><div class="row filters">
    <${SelectField} pointer="/program" label=${t('batch.program')} empty=${t('all')} value=${query.program} onChange=${(program) => set({ program, cycle: undefined })} options=${(programs.data || []).map((program) => [program.id, program.name])} />
    ${query.program && html`<${SelectField} pointer="/cycle" label=${t('batch.cycle')} empty=${t('all')} value=${query.cycle} onChange=${(cycle) => set({ cycle })} options=${(cycles.data || []).map((cycle) => [cycle.id, cycle.name])} />`}
    <${SelectField} pointer="/month" label=${t('batch.month')} empty=${t('all')} value=${query.month} onChange=${(month) => set({ month })} options=${months()} />
    <${SelectField} pointer="/state" label=${t('state')} empty=${t('all')} value=${query.state} onChange=${(state) => set({ state })} list="batch_state" /></div>
    <details open=${Boolean(query.region)}><summary>${t('batch.where')}</summary><${RegionPicker} pointer="/region" label=${t('region')} filter value=${query.region} onChange=${(region) => set({ region })} /></details>
    ${NAMES.some((name) => query[name]) && html`<${Button} kind="quiet" onClick=${clear}>${t('list.clear')}<//>`}</div>`;
}

export default function BatchListPage() {
  const waiting = location.pathname === '/menunggu';
  const [query, set] = useQuery();
  const filter = waiting ? { may: 'approve' } : Object.fromEntries(NAMES.map((name) => [name, query[name]]));
  const pages = usePages((after) => api.get('/batches', { ...filter, after }), [JSON.stringify(filter)]);
  const filtered = NAMES.some((name) => filter[name]);
  const rows = waiting && pages.items ? [...pages.items].sort((a, b) => (a.submitted_at || '').localeCompare(b.submitted_at || '') || b.total_minor - a.total_minor) : pages.items;
  const columns = [
    { label: t('batch.one'), cell: (batch) => html`<a href=${waiting ? `/daftar-bayar/${batch.id}/setujui` : `/daftar-bayar/${batch.id}`}>${batch.program}</a><br /><span class="soft small">${batch.cycle}${batch.region_name ? ` · ${batch.region_name}` : ''} · ${t('batch.version', { version: batch.version })}</span>` },
    { label: t('batch.payees'), number: true, cell: (batch) => number(batch.count) },
    { label: t('amount'), number: true, cell: (batch) => (batch.total_minor ? money(batch.total_minor, batch.currency) : '–') },
    waiting ? { label: t('batch.age'), number: true, cell: (batch) => t('batch.days', { days: age(batch) ?? 0 }) } : { label: t('batch.made'), cell: (batch) => html`${batch.made_by}<br /><span class="soft small">${day(batch.created_at.slice(0, 10))}</span>` },
    { label: t('state'), cell: (batch) => html`<${State} value=${batch.state}>${code('batch_state', batch.state)}<//>` },
  ];
  return html`<${Page} title=${t(waiting ? 'batch.waiting' : 'batch.many')} lead=${t(waiting ? 'batch.waiting.lead' : 'batch.lead')}>
    ${!waiting && html`<${Filters} query=${query} set=${set} />`}
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />
    ${!pages.items && !pages.problem && html`<${Skeleton} />`}
    ${rows && rows.length === 0 && html`<${EmptyList} filtered=${!waiting && filtered} title=${t(waiting ? 'batch.none.waiting' : 'batch.none')}>${t(waiting ? 'batch.none.waiting.help' : 'batch.none.help')}<//>`}
    ${rows && rows.length > 0 && html`<${Card} flush><${Table} caption=${t('batch.many')} columns=${columns} rows=${rows} keyOf=${(batch) => batch.id} /><//>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
  <//>`;
}
