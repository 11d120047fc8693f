// household_money.js: what a household is part of and what it got: programs with their reasons, payments, assessments with their scores.
import { html } from '../app/html.js';
import { t, code, day, money, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { Card, Empty, Link, List, ProblemNote, Skeleton, State, useLoad } from '../app/parts.js';
import { say, ScoreParts, scoreName } from './score_parts.js';
import { Clauses, Missing, Wrong, Blocks, Parts, Basis } from './eligibility_parts.js';
import { partAmount } from './part_words.js';

function Loaded({ load, title, actions, empty, children }) {
  let body = html`<${Skeleton} lines=${2} />`;
  if (load.problem) body = html`<${ProblemNote} problem=${load.problem} retry=${load.reload} />`;
  else if (load.data) body = load.data.length ? children(load.data) : html`<${Empty} title=${empty} />`;
  return html`<${Card} title=${title} actions=${actions}>${body}<//>`;
}

export function Programs({ household }) {
  const enrollments = useLoad(() => api.get(`/households/${household.id}/enrollments`, { limit: 100 }).then(({ data }) => data.items), [household.id]);
  const programs = useLoad(() => (can('eligibility.check') ? api.get('/programs', { limit: 100 }).then(({ data }) => data.items.filter((program) => program.state === 'active')) : Promise.resolve([])), []);
  return html`<${Loaded} load=${enrollments} title=${t('household.programs')} empty=${t('household.programs.none')}>${(items) => html`<${List} items=${items}>${(item) => html`<li key=${item.id}><div class="grow"><b>${item.program}</b>
      <span class="soft small">${[item.entitlement_minor ? money(item.entitlement_minor, item.currency) : null, day(item.changed_at.slice(0, 10)), item.reason].filter(Boolean).join(' · ')}</span>
      ${item.eligibility && html`<details><summary>${t('household.why')}</summary><div class="stack tight"><${Clauses} clauses=${item.eligibility.clauses} /><${Missing} missing=${item.eligibility.missing} /><${Wrong} answer=${item.eligibility} /><${Blocks} blocks=${item.eligibility.blocks} />
        <${Parts} parts=${item.eligibility.parts} currency=${item.currency} people=${household.members} /><${Basis} answer=${item.eligibility} /></div></details>`}</div>
      <${State} value=${item.state}>${code('enrollment_state', item.state)}<//></li>`}<//>`}<//>
    ${programs.data?.length > 0 && html`<${Card} title=${t('household.check')}><${List} items=${programs.data}>${(program) => html`<li key=${program.id}><a class="item" href=${`/cek/${program.id}?keluarga=${household.id}`}><div class="grow"><b>${program.name}</b>
      <span class="soft small">${[code('program_category', program.category), program.owner].filter(Boolean).join(' · ')}</span></div><span aria-hidden="true">›</span></a></li>`}<//><//>`}`;
}

export function Payments({ id }) {
  const payments = useLoad(() => api.get(`/households/${id}/disbursements`, { limit: 100 }).then(({ data }) => data.items), [id]);
  return html`<${Loaded} load=${payments} title=${t('household.payments')} empty=${t('household.payments.none')}>${(items) => html`<${List} items=${items}>${(item) => {
    const receipt = item.receipts?.find((entry) => entry.kind === 'receipt' && !entry.reversed);
    return html`<li key=${item.id}><a class="item" href=${`/penyaluran/${item.id}`}><div class="grow"><b>${[item.amount_minor ? money(item.amount_minor, item.currency) : null, ...item.parts.filter((part) => part.item).map((part) => partAmount({ ...part, amount_minor: 0 }))].filter(Boolean).join(' + ')}</b>
      <span class="soft small">${receipt ? t('household.received', { at: instant(receipt.at), by: receipt.received_by === 'collector' ? receipt.collector_name || code('received_by', 'collector') : item.payee }) : t('household.released', { at: day(item.released_at.slice(0, 10)) })}</span></div>
      <${State} value=${item.state}>${code('disbursement_state', item.state)}<//></a></li>`;
  }}<//>`}<//>`;
}

// With the questionnaires that they answer, since a score is read in the words of its questions.
async function loadNeeds(id) {
  const { data } = await api.get(`/households/${id}/assessments`, { limit: 50 });
  const forms = await Promise.all([...new Set(data.items.map((item) => item.form_id))].map((form) => api.get(`/forms/${form}`)));
  return data.items.map((item) => ({ ...item, questionnaire: forms.find((form) => form.data.id === item.form_id)?.data }));
}

export function Needs({ id, act }) {
  const needs = useLoad(() => loadNeeds(id), [id]);
  return html`<${Loaded} load=${needs} title=${t('household.needs')} empty=${t('household.needs.none')} actions=${act && can('assessment.write') && html`<${Link} kind="quiet" href=${`/kuesioner/${id}`}>${t('household.assess')}<//>`}>${(items) => html`<${List} items=${items}>${(item) => html`<li key=${item.id}><div class="grow">
    <b>${say(item.questionnaire?.title) || item.form}</b><span class="soft small">${[day(item.assessed_on), item.by].filter(Boolean).join(' · ')}</span>
    ${item.scores?.map((score) => html`<details key=${score.name}><summary>${scoreName(score, item.questionnaire)}</summary><${ScoreParts} score=${score} questions=${item.questionnaire?.questions} /></details>`)}</div></li>`}<//>`}<//>`;
}
