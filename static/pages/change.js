// change.js: changes that wait for another person: compared, agreed to or refused with a reason, one by one or several at once.
import { html, useState, useEffect } from '../app/html.js';
import { t } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { useQuery } from '../app/router.js';
import { Page, Button, Card, Confirm, EmptyList, Note, Pager, ProblemNote, Skeleton, useLoad, usePages, useSubmit } from '../app/parts.js';
import { CheckField, SelectField } from '../app/parts_form.js';
import { sheet } from '../app/sheet.js';
import { Evidence, EvidenceForm, RequestState, RequestWords, Sides, requestTitle } from './change_parts.js';

await sheet('/css/field.css');

// Whoever was faster, or changed the record itself, is seen at once.
function Decision({ request, decision, onDone, onCancel }) {
  const work = useSubmit(async (key, reason) => {
    try {
      onDone((await api.post(`/change-requests/${request.id}/${decision}`, reason ? { reason } : {}, { ifMatch: request.version, key })).data);
    } catch (failure) {
      if (failure.status === 412 && failure.data.current) onDone(failure.data.current);
      throw failure;
    }
  });
  return html`<${Confirm} title=${t(`change.${decision}.title`)} act=${t(`change.${decision}`)} kind=${decision === 'reject' ? 'danger' : 'main'} reason=${decision === 'reject'} busy=${work.busy} problem=${work.problem}
    onDone=${work.submit} onCancel=${onCancel}><p>${t(`change.${decision}.text`)}</p><//>`;
}

function Request({ request, number, chosen, onChoose, onChange }) {
  const [decision, setDecision] = useState(null);
  const may = request.may.filter((word) => word !== decision);
  const decided = (fresh) => { setDecision(null); onChange(fresh); };
  return html`<${Card} label=${`${number}. ${requestTitle(request)}`}><div class="row"><div class="grow"><h2><a href=${`/keluarga/${request.household_id}`}>${requestTitle(request)}</a></h2>
    <p class="small soft">${[request.name && request.head !== request.name && t('change.of', { head: request.head || '–' }), request.region_name].filter(Boolean).join(' · ')}</p></div><${RequestState} request=${request} /></div>
    <${RequestWords} request=${request} /><${Sides} request=${request} people=${[]} /><${Evidence} request=${request} />
    ${request.may.includes('withdraw') && html`<details><summary>${t('change.evidence.add')}</summary><${EvidenceForm} id=${request.id} onDone=${onChange} /></details>`}
    ${decision ? html`<${Decision} request=${request} decision=${decision} onDone=${decided} onCancel=${() => setDecision(null)} />`
      : html`<div class="row">${may.map((word) => html`<${Button} key=${word} kind=${word === 'approve' ? 'main' : ''} onClick=${() => setDecision(word)}>${t(`change.${word}`)}<//>`)}
        ${onChoose && may.includes('reject') && html`<div class="push"><${CheckField} pointer=${`/choose/${request.id}`} label=${t('change.choose')} checked=${chosen} onChange=${onChoose} /></div>`}</div>`}<//>`;
}

function Bulk({ ids, onDone }) {
  const [decision, setDecision] = useState(null);
  const [told, setTold] = useState(null);
  const work = useSubmit(async (key, reason) => {
    const { data } = await api.post('/change-requests/bulk', { decision, ids, ...(reason ? { reason } : {}) }, { key });
    setDecision(null);
    setTold(data);
    onDone();
  });
  return html`${told && html`<${Note} kind=${told.skipped.length ? 'warn' : 'good'} role="status" title=${t('change.bulk.done', { count: told.decided.length })}>
      ${told.skipped.length > 0 && html`<p>${t('change.bulk.skipped', { count: told.skipped.length })}</p><ul>${told.skipped.map((item) => html`<li key=${item.id}>${item.detail}</li>`)}</ul>`}<//>`}
    ${ids.length > 0 && (decision ? html`<${Confirm} title=${t(`change.bulk.${decision}`, { count: ids.length })} act=${t(`change.bulk.${decision}`, { count: ids.length })} kind=${decision === 'reject' ? 'danger' : 'main'} reason=${decision === 'reject'}
        busy=${work.busy} problem=${work.problem} onDone=${work.submit} onCancel=${() => setDecision(null)}><p>${t('change.bulk.text')}</p><//>`
      : html`<div class="row card"><b class="grow">${t('change.chosen', { count: ids.length })}</b>${['approve', 'reject'].map((word) => html`<${Button} key=${word} kind=${word === 'approve' ? 'main' : ''} onClick=${() => { setTold(null); setDecision(word); }}>${t(`change.bulk.${word}`, { count: ids.length })}<//>`)}</div>`)}`;
}

// One request: opened by whoever asked, a rejection counts as read.
function One({ id }) {
  const { data, problem, reload, setData } = useLoad(() => api.get(`/change-requests/${id}`).then((answer) => answer.data), [id]);
  const read = useSubmit((key) => api.post(`/change-requests/${id}/seen`, undefined, { key }));
  useEffect(() => { if (data?.unseen) read.submit(); }, [data?.unseen]);
  return html`<${Page} title=${t('change.one')} back="/">
    <${ProblemNote} problem=${problem || read.problem} retry=${problem ? reload : () => read.submit()} />
    ${!data && !problem && html`<${Skeleton} lines=${5} />`}
    ${data && html`<${Request} number=${1} request=${data} onChange=${setData} />`}<//>`;
}

export default function ChangePage() {
  const [query] = useQuery();
  return query.permintaan ? html`<${One} key=${query.permintaan} id=${query.permintaan} />` : html`<${Requests} />`;
}

function Requests() {
  const [query, setQuery] = useQuery();
  const state = query.keadaan || 'open', household = query.keluarga;
  const list = usePages((after) => api.get('/change-requests', { state, household, limit: 20, after }), [state, household]);
  const [fresh, setFresh] = useState({});
  const [chosen, setChosen] = useState([]);
  const items = list.items?.map((item) => fresh[item.id] || item);
  const open = items?.filter((item) => item.may.includes('reject')) || [];
  const ids = chosen.filter((id) => open.some((item) => item.id === id));
  const changed = (request) => setFresh((old) => ({ ...old, [request.id]: request }));
  const toggle = (id) => (on) => setChosen((old) => (on ? [...old, id] : old.filter((entry) => entry !== id)));
  const reload = () => { setChosen([]); setFresh({}); list.reload(); };
  return html`<${Page} title=${t('change.page')} lead=${t('change.lead')} back=${household && `/keluarga/${household}`}>
    <div class="row filters noprint"><${SelectField} pointer="/state" label=${t('state')} list="change_request_state" value=${state} onChange=${(word) => setQuery({ keadaan: word === 'open' ? '' : word })} />
      ${open.length > 1 && can('change.approve') && html`<div class="push"><${CheckField} pointer="/choose" label=${t('change.choose.all', { count: open.length })} checked=${ids.length === open.length} onChange=${(on) => setChosen(on ? open.map((item) => item.id) : [])} /></div>`}</div>
    ${can('change.approve') && html`<${Bulk} ids=${ids} onDone=${reload} />`}
    ${list.problem && html`<${ProblemNote} problem=${list.problem} retry=${list.reload} />`}
    ${!list.items && !list.problem && html`<${Skeleton} lines=${6} />`}
    ${items?.map((item, i) => html`<${Request} key=${item.id} number=${i + 1} request=${item} chosen=${ids.includes(item.id)} onChoose=${open.length > 1 && can('change.approve') && toggle(item.id)} onChange=${changed} />`)}
    ${list.items?.length === 0 && html`<${EmptyList} filtered=${state !== 'open'} onClear=${() => setQuery({ keadaan: '' })} title=${t('change.none')}>${t('change.none.text')}<//>`}
    <${Pager} ...${list} />
  <//>`;
}
