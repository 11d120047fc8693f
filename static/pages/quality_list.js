// quality_list.js: the households behind a figure of data quality; some or all of them are handed to an officer for correction.
import { html, useState } from '../app/html.js';
import { t, code, codes } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { useQuery } from '../app/router.js';
import { Page, Card, Button, Note, EmptyList, Skeleton, ProblemNote, ErrorSummary, Pager, usePages, Table, useSubmit } from '../app/parts.js';
import { TextField, DateField } from '../app/parts_form.js';
import { Path, useMapSheet } from './need_parts.js';
import { sheet } from '../app/sheet.js';
import { Download } from '../app/download.js';

await sheet('/css/desk.css');

const titled = (text) => text[0].toUpperCase() + text.slice(1);
const nameOf = (check) => (codes('quality_check').some((entry) => entry.code === check) ? code('quality_check', check) : code('quality_dimension', check));

function HandOut({ check, chosen, onDone }) {
  const [form, setForm] = useState({});
  const { submit, busy, problem } = useSubmit(async (key) => {
    const { data } = await api.post('/quality/tasks', { household_ids: [...chosen], check, user: form.user, ...(form.due_on ? { due_on: form.due_on } : {}) }, { key });
    onDone(data.made);
  });
  const send = (event) => { event.preventDefault(); submit(); };
  return html`<form class="card stack" onSubmit=${send} aria-label=${t('quality.hand.title')}><h2>${t('quality.hand.title')}</h2><p class="soft">${t('quality.hand.help')}</p>
    <${ErrorSummary} problem=${problem} names=${(pointer) => (pointer === '/user' ? t('quality.hand.user') : pointer === '/due_on' ? t('quality.hand.due') : t('quality.head'))} />
    <div class="row filters top-aligned"><${TextField} pointer="/user" label=${t('quality.hand.user')} value=${form.user} autocomplete="off" autocapitalize="none" onChange=${(user) => setForm({ ...form, user })} />
      <${DateField} pointer="/due_on" label=${t('quality.hand.due')} optional value=${form.due_on} onChange=${(due_on) => setForm({ ...form, due_on })} /></div>
    <${Button} type="submit" kind="main" busy=${busy} disabled=${!form.user || chosen.size === 0}>${t('quality.hand', { count: chosen.size })}<//></form>`;
}

export default function QualityListPage() {
  const [query] = useQuery();
  const [chosen, setChosen] = useState(new Set());
  const [handed, setHanded] = useState(0);
  useMapSheet();
  const filter = { region: query.region, check: query.check, officer: query.officer };
  const pages = usePages((after) => api.get('/quality/households', { ...filter, after }), [JSON.stringify(filter)]);
  const rows = pages.items, single = codes('quality_check').some((entry) => entry.code === query.check), hands = can('change.approve') && single;
  const turn = (id) => { const next = new Set(chosen); if (!next.delete(id)) next.add(id); setChosen(next); };
  const everything = () => setChosen(chosen.size === rows.length ? new Set() : new Set(rows.slice(0, 200).map((row) => row.household_id)));
  const pick = { label: '', place: 'second', cell: (row) => html`<label class="pick"><input type="checkbox" checked=${chosen.has(row.household_id)} onChange=${() => turn(row.household_id)} /><span class="visually-hidden">${t('quality.pick', { name: row.head })}</span></label>` };
  const columns = [hands && pick,
    { label: t('quality.head'), place: 'first', cell: (row) => html`<a href=${`/keluarga/${row.household_id}`}>${row.head || t('unknown')}</a>` },
    { label: t('quality.place'), place: 'third low', cell: (row) => html`${row.place.split(', ').slice(0, 2).join(', ')}${row.rt ? ` · RT ${row.rt}` : ''}` },
    { label: t('quality.findings'), place: 'third low', cell: (row) => row.checks.map((check) => code('quality_check', check)).join('; ') }].filter(Boolean);
  return html`<${Page} title=${query.check ? titled(nameOf(query.check)) : t('quality.list')} back=${`/mutu${query.region ? `?region=${query.region}` : ''}`} above=${t('quality.title')}>
    <${Path} region=${query.region} hrefOf=${(region) => `/mutu${region ? `?region=${region}` : ''}`} />
    ${handed > 0 && html`<${Note} kind="good" role="status">${t('quality.handed', { count: handed })}<//>`}
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />
    ${!rows && !pages.problem && html`<${Skeleton} />`}
    ${rows && rows.length === 0 && html`<${EmptyList} title=${t('quality.list.none')}>${t('quality.list.none.text')}<//>`}
    ${rows && rows.length > 0 && html`${can('change.approve') && !single && html`<p class="small soft">${t('quality.hand.check')}</p>`}
      ${hands && html`<${Button} kind="quiet" onClick=${everything}>${t('quality.pick_all')}<//>`}
      <${Card} flush><${Table} brief caption=${t('quality.list')} columns=${columns} rows=${rows} keyOf=${(row) => row.household_id} /><//>
      <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
      <${Download} path="/quality/households" query=${filter} items=${rows} name="mutu-data" />
      ${hands && html`<${HandOut} check=${query.check} chosen=${chosen} onDone=${(made) => { setHanded(made); setChosen(new Set()); }} />`}`}
  <//>`;
}
