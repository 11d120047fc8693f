// disbursement_list.js: disbursement records: filters kept in the address, the sums of all that they find, every line opens; the same filter exports.
import { html, useState } from '../app/html.js';
import { t, money, number, code } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can, session } from '../app/session.js';
import { useQuery } from '../app/router.js';
import { Page, Card, Table, State, EmptyList, Skeleton, ProblemNote, Pager, Button, Figures, List, usePages, useLoad } from '../app/parts.js';
import { SelectField, DateField, RegionPicker } from '../app/parts_form.js';
import { Export } from './disbursement_export.js';

const NAMES = ['program', 'cycle', 'batch', 'state', 'region', 'from', 'to'];
const NONE = Object.fromEntries(NAMES.map((name) => [name, undefined]));
const noDays = ({ from, to }) => Boolean(from && to && from > to);

function Filters({ query, set, programs }) {
  const [round, setRound] = useState(0); // fields that keep what is half typed begin anew
  const cycles = useLoad(() => (query.program ? api.all(`/programs/${query.program}/cycles`) : Promise.resolve([])), [query.program]);
  const batches = useLoad(() => api.all('/batches', { program: query.program, cycle: query.cycle }, 400).then((items) => items.filter((batch) => batch.released_at)), [query.program, query.cycle]);
  const clear = () => { set(NONE); setRound(round + 1); };
  return html`<div class="noprint stack tight" key=${round}><div class="row filters">
      <${SelectField} pointer="/program" label=${t('batch.program')} empty=${t('all')} value=${query.program} onChange=${(program) => set({ program, cycle: undefined, batch: undefined })} options=${programs.map((program) => [program.id, program.name])} />
      ${query.program && html`<${SelectField} pointer="/cycle" label=${t('batch.cycle')} empty=${t('all')} value=${query.cycle} onChange=${(cycle) => set({ cycle, batch: undefined })} options=${(cycles.data || []).map((cycle) => [cycle.id, cycle.name])} />`}
      <${SelectField} pointer="/batch" label=${t('batch.one')} empty=${t('all')} value=${query.batch} onChange=${(batch) => set({ batch })} options=${(batches.data || []).map((batch) => [batch.id, [query.program ? null : batch.program, batch.cycle, batch.region_name].filter(Boolean).join(', ')])} />
      <${SelectField} pointer="/state" label=${t('state')} empty=${t('all')} value=${query.state} onChange=${(state) => set({ state })} list="disbursement_state" /></div>
    <details open=${Boolean(query.region || query.from || query.to)}><summary>${t('record.where_when')}</summary><div class="row filters top-aligned">
      <${RegionPicker} pointer="/region" label=${t('region')} optional filter value=${query.region} onChange=${(region) => set({ region })} />
      <${DateField} pointer="/from" label=${t('export.from')} optional value=${query.from} onChange=${(from) => set({ from })} />
      <${DateField} pointer="/to" label=${t('export.to')} optional value=${query.to} onChange=${(to) => set({ to })} error=${noDays(query) && t('record.no_days')} /></div></details>
    ${NAMES.some((name) => query[name]) && html`<${Button} kind="quiet" onClick=${clear}>${t('list.clear')}<//>`}</div>`;
}

// Counted by the server over everything that the filter finds, not over the lines that happen to be on the page.
function Sums({ load, onState }) {
  if (load.problem) return html`<${ProblemNote} problem=${load.problem} retry=${load.reload} />`;
  if (!load.data) return html`<${Card}><${Skeleton} lines=${2} /><//>`;
  const { states, totals } = load.data;
  if (!totals.length) return null;
  return html`<${Card} label=${t('record.sums')}>${totals.map((total) => html`<${Figures} key=${total.currency} items=${[[t('record.shown'), number(total.count)], [t('amount'), money(total.amount_minor, total.currency)], [t('record.received'), money(total.received_minor, total.currency)],
      [t('record.open'), money(total.open_minor, total.currency)], total.given_back_minor > 0 && [t('record.given_back'), money(total.given_back_minor, total.currency)]]} />`)}
    <${List} label=${t('record.by_state')} items=${states}>${(row) => html`<li key=${row.currency + row.state}><button type="button" class="button quiet" onClick=${() => onState(row.state)}><${State} value=${row.state}>${code('disbursement_state', row.state)}<//></button>
      <span class="push end"><b>${money(row.amount_minor, row.currency)}</b><span class="soft small">${t(row.count === 1 ? 'record.line' : 'record.lines', { count: number(row.count) })}</span></span></li>`}<//><//>`;
}

const due = (row) => [row.amount_minor ? money(row.amount_minor, row.currency) : null, ...row.parts.filter((part) => part.item).map((part) => `${number(part.quantity)} ${part.item}`)].filter(Boolean).join(' + ');

export default function DisbursementListPage() {
  const [query, set] = useQuery();
  const filter = Object.fromEntries(NAMES.map((name) => [name, query[name]]));
  const wrong = noDays(query);
  const programs = useLoad(() => api.all('/programs'), []);
  const asked = [JSON.stringify(filter)];
  const sums = useLoad(() => (wrong ? Promise.resolve({ states: [], totals: [] }) : api.get('/disbursements/sums', filter).then(({ data }) => data)), asked);
  const pages = usePages((after) => (wrong ? Promise.resolve({ data: { items: [], next: null } }) : api.get('/disbursements', { ...filter, after })), asked);
  const rows = pages.items;
  const nameOf = (id) => programs.data?.find((program) => program.id === id)?.name;
  const columns = [
    { label: t('batch.payee'), cell: (row) => html`<a href=${`/penyaluran/${row.id}`}>${row.payee || t('unknown')}</a><br /><span class="soft small">${row.region_name}${row.rt ? ` · RT ${row.rt}` : ''}</span>` },
    { label: t('record.reference'), cell: (row) => html`<code>${row.reference}</code>${query.program ? '' : html`<br /><span class="soft small">${nameOf(row.program_id)}</span>`}` },
    { label: t('amount'), number: true, cell: due },
    { label: t('record.received'), number: true, cell: (row) => money(row.received_minor, row.currency) },
    { label: t('state'), cell: (row) => html`<${State} value=${row.state}>${code('disbursement_state', row.state)}<//>` },
  ];
  return html`<${Page} title=${t('record.many')} lead=${session().demo ? t('demo') : t('record.lead')}>
    <${Filters} query=${query} set=${set} programs=${programs.data || []} />
    <${Sums} load=${sums} onState=${(state) => set({ state })} />
    ${can('export.personal') && sums.data?.totals.length > 0 && html`<${Export} filter=${filter} count=${sums.data.totals.reduce((count, total) => count + total.count, 0)} />`}
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />
    ${!rows && !pages.problem && html`<${Skeleton} />`}
    ${rows && rows.length === 0 && !wrong && html`<${EmptyList} filtered=${NAMES.some((name) => query[name])} title=${t('record.none')}>${t('record.none.help')}<//>`}
    ${rows && rows.length > 0 && html`<${Card} flush><${Table} caption=${t('record.many')} columns=${columns} rows=${rows} keyOf=${(row) => row.id} /><//>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
  <//>`;
}
