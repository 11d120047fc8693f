// score_parts.js: a score in words: what each answer added, and what was not answered.
import { html } from '../app/html.js';
import { t, lang, number } from '../app/i18n.js';
import { List } from '../app/parts.js';

// A label is a text or one a language.
export const say = (label) => (label && typeof label === 'object' ? label[lang()] ?? label.id ?? label.en : label);

const known = (value) => value !== null && value !== undefined;
export const scoreLabel = (score, form) => say(score.label || form?.scores?.find((entry) => entry.name === score.name)?.label) || score.name;
export const scoreName = (score, form) => `${scoreLabel(score, form)}: ${known(score.value) ? number(score.value) : t('unknown')}`;

function answerText(question, value) {
  if (Array.isArray(value)) return value.map((entry) => answerText(question, entry)).join(', ') || '–';
  const choice = question?.choices?.find((entry) => entry.name === value);
  if (choice) return say(choice.label);
  return typeof value === 'boolean' ? t(value ? 'yes' : 'no') : typeof value === 'number' ? number(value) : String(value ?? '–');
}

// What added to the score stands open; what added nothing is folded away.
export function ScoreParts({ score, questions = [] }) {
  const find = (name) => questions.find((entry) => entry.name === name);
  const row = (part) => html`<li key=${part.question}><div class="grow"><span class="soft small">${say(find(part.question)?.label) || part.question}</span><b>${answerText(find(part.question), part.answer)}</b></div>
    <span class="points">${part.points > 0 ? '+' : ''}${number(part.points)}<span class="visually-hidden"> ${t('score.points')}</span></span></li>`;
  const parts = score.parts || [], told = parts.filter((part) => part.points), silent = parts.filter((part) => !part.points);
  return html`<div class="stack tight">
    ${score.missing?.length > 0 && html`<p class="small">${t('score.missing', { questions: score.missing.map((name) => say(find(name)?.label) || name).join('; ') })}</p>`}
    <${List} label=${t('score.parts')} items=${[...told].sort((a, b) => b.points - a.points)}>${row}<//>
    ${silent.length > 0 && html`<details><summary>${t('score.silent', { count: silent.length })}</summary><${List} label=${t('score.parts')} items=${silent}>${row}<//></details>`}</div>`;
}
