// household_money.js: what a household is part of and what it got: programs with their reasons, payments, assessments with their scores.
import { html } from '../app/html.js';
import { t, code, day, money, instant, number } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { Card, Empty, Link, List, ProblemNote, Skeleton, State, useLoad } from '../app/parts.js';
import { Clauses, Missing, Blocks, Parts, Basis, partAmount } from './eligibility_parts.js';

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
      ${item.eligibility && html`<details><summary>${t('household.why')}</summary><div class="stack tight"><${Clauses} clauses=${item.eligibility.clauses} /><${Missing} missing=${item.eligibility.missing} /><${Blocks} blocks=${item.eligibility.blocks} />
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

export function Needs({ id, act }) {
  const needs = useLoad(() => api.get(`/households/${id}/assessments`, { limit: 50 }).then(({ data }) => data.items), [id]);
  return html`<${Loaded} load=${needs} title=${t('household.needs')} empty=${t('household.needs.none')} actions=${act && can('assessment.write') && html`<${Link} kind="quiet" href=${`/kuesioner/${id}`}>${t('household.assess')}<//>`}>${(items) => html`<${List} items=${items}>${(item) => html`<li key=${item.id}><div class="grow">
    <b>${item.form_name?.[document.documentElement.lang] || item.form_name || item.form || t('household.assessment')}</b><span class="soft small">${[day(item.assessed_on), item.by].filter(Boolean).join(' · ')}</span>
    ${item.scores?.length > 0 && html`<details><summary>${item.scores.map((score) => `${score.label || score.name}: ${score.value === null || score.value === undefined ? '?' : number(score.value)}`).join(' · ')}</summary>${item.scores.map((score) => html`<${ScoreParts} key=${score.name} score=${score} />`)}</details>`}</div></li>`}<//>`}<//>`;
}

const words = (label) => (label && typeof label === 'object' ? label[document.documentElement.lang] || label.id : label);

// questions, when at hand, give the names of questions and answers.
export function ScoreParts({ score, questions = [] }) {
  const question = (name) => words(questions.find((entry) => entry.name === name)?.label) || name;
  const answer = (name, value) => {
    const found = questions.find((entry) => entry.name === name)?.choices?.find((choice) => choice.name === value);
    return words(found?.label) || (value === true ? t('yes') : value === false ? t('no') : Array.isArray(value) ? value.map((entry) => answer(name, entry)).join(', ') : String(value ?? '–'));
  };
  return html`<div class="stack tight">
    ${score.missing?.length > 0 && html`<p class="small">${t('score.missing', { questions: score.missing.map(question).join(', ') })}</p>`}
    <table class="score"><caption class="visually-hidden">${t('score.parts')}</caption><thead><tr><th scope="col">${t('score.question')}</th><th scope="col">${t('score.answer')}</th><th scope="col" class="n">${t('score.points')}</th></tr></thead>
      <tbody>${(score.parts || []).map((part) => html`<tr key=${part.question}><td data-label=${t('score.question')}>${question(part.question)}</td><td data-label=${t('score.answer')}>${answer(part.question, part.answer)}</td><td class="n" data-label=${t('score.points')}>${number(part.points)}</td></tr>`)}</tbody></table></div>`;
}
