// objection.js: objections to processing that rests on law or public task: how long each waits, and the decision that the person is told.
import { html, useState } from '../app/html.js';
import { t, code, instant, loadWords } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Page, Button, Card, Confirm, Empty, ProblemNote, Skeleton, State, useLoad, useSubmit } from '../app/parts.js';

await loadWords('life');

const HOUR = 3600000;
const left = (due) => Math.round((new Date(due) - Date.now()) / HOUR);

function Objection({ item, onDone }) {
  const [decision, setDecision] = useState(null);
  const work = useSubmit(async (key, reason) => { await api.post(`/consents/${item.consent_id}/objection`, { decision, reason }, { key }); onDone(); });
  const hours = left(item.due_at);
  return html`<${Card} label=${item.head || '–'}><div class="row"><div class="grow"><h2><a href=${`/keluarga/${item.household_id}`}>${item.head || '–'}</a></h2><p class="small soft">${item.region_name}</p></div>
      <${State} kind=${item.overdue ? 'bad' : hours < 24 ? 'warn' : 'info'}>${item.overdue ? t('objection.overdue', { hours: -hours }) : t('objection.left', { hours })}<//></div>
    <p>${t('objection.basis', { basis: code('basis', item.basis) })}</p><p class="small soft">${t('objection.times', { at: instant(item.objected_at), due: instant(item.due_at) })}</p>
    ${decision ? html`<${Confirm} title=${t(`objection.${decision}.ask`)} act=${t(`objection.${decision}`)} kind=${decision === 'accept' ? 'danger' : 'main'} reason busy=${work.busy} problem=${work.problem} onDone=${work.submit} onCancel=${() => setDecision(null)}><p>${t(`objection.${decision}.text`)}</p><//>`
      : item.may_decide ? html`<div class="row">${['accept', 'dismiss'].map((word) => html`<${Button} key=${word} onClick=${() => setDecision(word)}>${t(`objection.${word}`)}<//>`)}</div>` : html`<p class="small soft">${t('objection.other')}</p>`}<//>`;
}

export default function ObjectionPage() {
  const list = useLoad(() => api.get('/objections').then(({ data }) => data.items), []);
  return html`<${Page} title=${t('objection.page')} lead=${t('objection.lead')}>
    <${ProblemNote} problem=${list.problem} retry=${list.reload} />${!list.data && !list.problem && html`<${Skeleton} lines=${4} />`}
    ${list.data?.map((item) => html`<${Objection} key=${item.consent_id} item=${item} onDone=${list.reload} />`)}
    ${list.data?.length === 0 && html`<${Card}><${Empty} title=${t('objection.none')}><p>${t('objection.none.text')}</p><//><//>`}<//>`;
}
