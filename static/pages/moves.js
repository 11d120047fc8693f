// moves.js: households on their way: the inbox of the region where they arrive, and what was sent from here.
import { html, useState } from '../app/html.js';
import { t, code, instant, number } from '../app/i18n.js';
import { loadWords } from '../app/i18n.js';
import { api } from '../app/api.js';
import { useQuery } from '../app/router.js';
import { Page, Button, Card, Confirm, EmptyList, ErrorSummary, Pager, ProblemNote, Skeleton, State, usePages, useSubmit } from '../app/parts.js';
import { SelectField, TextField, faultAt } from '../app/parts_form.js';
import { sheet } from '../app/sheet.js';
import { clean } from './household_body.js';
import { fieldName } from './household_words.js';

await sheet('/css/field.css');
await loadWords('life');

const KINDS = { sent: 'info', accepted: 'good', refused: 'bad', withdrawn: '' };

function Accept({ move, onDone, onCancel }) {
  const [form, setForm] = useState({});
  const set = (name) => (value) => setForm((old) => ({ ...old, [name]: value }));
  const work = useSubmit(async (key) => onDone((await api.post(`/moves/${move.id}/accept`, clean(form), { ifMatch: move.version, key })).data));
  return html`<form class="card stack confirm" novalidate onSubmit=${(event) => { event.preventDefault(); work.submit(); }}><h2>${t('move.accept.ask')}</h2><p>${t('move.accept.text')}</p>
    <${ErrorSummary} problem=${work.problem} names=${(pointer) => fieldName(pointer)} />
    <div class="pair">${['hamlet', 'rw', 'rt'].map((name) => html`<${TextField} key=${name} pointer=${`/${name}`} label=${t(`field.${name}`)} optional value=${form[name]} onChange=${set(name)} error=${faultAt(work.problem, `/${name}`)} />`)}</div>
    <${TextField} pointer="/address" label=${t('field.address')} optional value=${form.address} onChange=${set('address')} error=${faultAt(work.problem, '/address')} />
    <div class="row"><${Button} type="submit" kind="main" busy=${work.busy}>${t('move.accept')}<//><${Button} kind="quiet" onClick=${onCancel}>${t('cancel')}<//></div></form>`;
}

function End({ move, act, onDone, onCancel }) {
  const work = useSubmit(async (key, reason) => onDone((await api.post(`/moves/${move.id}/${act}`, reason ? { reason } : {}, { ifMatch: move.version, key })).data));
  return html`<${Confirm} title=${t(`move.${act}.ask`)} act=${t(`move.${act}`)} kind=${act === 'refuse' ? 'danger' : 'main'} reason=${act === 'refuse'} busy=${work.busy} problem=${work.problem} onDone=${work.submit} onCancel=${onCancel}><p>${t(`move.${act}.text`)}</p><//>`;
}

function Move({ move, onChange }) {
  const [act, setAct] = useState(null);
  const shared = { move, onDone: (fresh) => { setAct(null); onChange(fresh); }, onCancel: () => setAct(null) };
  const name = move.head || '–';
  return html`<${Card} label=${name}><div class="row"><div class="grow"><h2>${move.state === 'accepted' || move.may.includes('withdraw') ? html`<a href=${`/keluarga/${move.household_id}`}>${name}</a>` : name}</h2>
      <p class="small soft">${t('move.people', { count: number(move.member_count) })}</p></div><${State} kind=${KINDS[move.state]}>${code('household_move_state', move.state)}<//></div>
    <dl class="facts"><dt>${t('move.from')}</dt><dd>${move.from_region_name}</dd><dt>${t('move.to')}</dt><dd>${move.to_region_name}</dd>
      <dt>${t('move.sent')}</dt><dd>${move.sent_by}, ${instant(move.sent_at)}</dd>${move.note && html`<dt>${t('relocate.note')}</dt><dd>${move.note}</dd>`}
      ${move.decided_at && html`<dt>${t('move.decided')}</dt><dd>${move.decided_by}, ${instant(move.decided_at)}${move.reason && html`<br />${t('reason')}: ${move.reason}`}</dd>`}</dl>
    ${act === 'accept' ? html`<${Accept} ...${shared} />` : act ? html`<${End} act=${act} ...${shared} />`
      : move.may.length > 0 && html`<div class="row">${move.may.map((word) => html`<${Button} key=${word} kind=${word === 'accept' ? 'main' : ''} onClick=${() => setAct(word)}>${t(`move.${word}`)}<//>`)}</div>`}<//>`;
}

export default function MovesPage() {
  const [query, setQuery] = useQuery();
  const state = query.keadaan || 'sent', direction = query.arah === 'out' ? 'out' : 'in';
  const list = usePages((after) => api.get('/moves', { state, direction, limit: 20, after }), [state, direction]);
  const [fresh, setFresh] = useState({});
  return html`<${Page} title=${t('move.page')} lead=${t('move.lead')}>
    <div class="row filters noprint"><${SelectField} pointer="/direction" label=${t('move.direction')} options=${[['in', t('move.in')], ['out', t('move.out')]]} value=${direction} onChange=${(word) => setQuery({ arah: word === 'out' ? word : '' })} />
      <${SelectField} pointer="/state" label=${t('state')} list="household_move_state" value=${state} onChange=${(word) => setQuery({ keadaan: word === 'sent' ? '' : word })} /></div>
    ${list.problem && html`<${ProblemNote} problem=${list.problem} retry=${list.reload} />`}
    ${!list.items && !list.problem && html`<${Skeleton} lines=${5} />`}
    ${list.items?.map((item) => html`<${Move} key=${item.id} move=${fresh[item.id] || item} onChange=${(move) => setFresh((old) => ({ ...old, [move.id]: move }))} />`)}
    ${list.items?.length === 0 && html`<${EmptyList} filtered=${state !== 'sent'} onClear=${() => setQuery({ keadaan: '' })} title=${t(`move.none.${direction}`)}>${t('move.none.text')}<//>`}
    <${Pager} ...${list} /><//>`;
}
