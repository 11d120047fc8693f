// household_touch.js: before an event happens: which enrollments, payments and cases it touches, what becomes of each, and where a person chooses.
import { html } from '../app/html.js';
import { t, code, money, loadWords } from '../app/i18n.js';
import { api } from '../app/api.js';
import { ProblemNote, Skeleton, State, useLoad } from '../app/parts.js';
import { RadioField, faultAt } from '../app/parts_form.js';

await loadWords('life');

const KINDS = { held: 'warn', ends: 'bad', follows: 'info', choose: 'info', judged: '', stays: 'good' };
const Effect = ({ effect, released = true }) => html`<${State} kind=${KINDS[effect]}>${t(effect === 'held' && !released ? 'touch.effect.held.later' : `touch.effect.${effect}`)}<//>`;

export const useTouch = (household, event, member) => useLoad(() => (household ? api.get(`/households/${household}/preview`, { event, member }).then(({ data }) => data) : Promise.resolve(null)), [household, event, member]);

// `ways` are the two words of a choice, the first being what happens when nothing is said; `leaving`, of a split, are those who part.
export function Touches({ touch, ways, choices = {}, onChoose, problem, leaving, payee }) {
  if (touch.problem) return html`<${ProblemNote} problem=${touch.problem} retry=${touch.reload} />`;
  if (!touch.data) return html`<${Skeleton} lines=${3} />`;
  const { enrollments, payments, cases, is_head: head, is_payee: isPayee } = touch.data;
  const effectOf = (item) => (leaving && item.member_id && !leaving.includes(item.member_id) ? 'stays' : item.effect);
  const asked = enrollments.filter((item) => ways && effectOf(item) === 'choose');
  const told = enrollments.filter((item) => !asked.includes(item));
  const nothing = !enrollments.length && !payments.length && !cases.length;
  return html`<section class="note touch" aria-label=${t('touch.title')}><b>${t('touch.title')}</b>
    ${nothing && html`<p>${t('touch.nothing')}</p>`}
    ${(head || isPayee || payee) && html`<ul>${head && html`<li>${t('touch.head')}</li>`}${(isPayee || payee) && html`<li>${t('touch.receives')}</li>`}</ul>`}
    ${told.length > 0 && html`<h3>${t('touch.enrollments')}</h3><ul class="list">${told.map((item) => html`<li key=${item.id}><span class="grow">${item.program} <span class="soft small">${code('enrollment_state', item.state)}</span></span><${Effect} effect=${effectOf(item)} /></li>`)}</ul>`}
    ${asked.length > 0 && html`<h3>${t('touch.choose')}</h3>${asked.map((item) => html`<${RadioField} key=${item.id} pointer=${`/enrollments/${item.id}`} label=${item.program} inline options=${ways.map((way) => [way, t(`touch.way.${way}`)])}
      value=${choices[item.id] || ways[0]} onChange=${(way) => onChoose({ ...choices, [item.id]: way })} error=${faultAt(problem, `/enrollments/${item.id}`)} />`)}`}
    ${payments.length > 0 && html`<h3>${t('touch.payments')}</h3><ul class="list">${payments.map((item) => html`<li key=${item.id}><span class="grow">${item.program}, ${item.cycle} <span class="soft small">${money(item.open_minor, item.currency)}</span></span><${Effect} effect=${item.effect} released=${item.released} /></li>`)}</ul>`}
    ${cases.length > 0 && html`<h3>${t('touch.cases')}</h3><ul>${cases.map((item) => html`<li key=${item.id}>${t(`touch.case.${item.case}`)}</li>`)}</ul>`}</section>`;
}
