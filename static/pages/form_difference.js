// form_difference.js: what one version of a questionnaire changed against another, and what becomes of the scores.
import { html } from '../app/html.js';
import { t } from '../app/i18n.js';
import { List, Note, State } from '../app/parts.js';
import { words } from './assessment_question.js';

const KINDS = { added: 'good', removed: 'bad', changed: 'warn', moved: 'info', same: '' };
const memberName = (name) => (t(`form.edit.${name}`) === `form.edit.${name}` ? name : t(`form.edit.${name}`, { language: '', list: '' }).replace('()', '').trim());

export function Difference({ difference }) {
  const { questions, scores } = difference;
  const other = scores.filter((score) => score.change !== 'same');
  return html`<div class="stack">
    ${questions.length === 0 ? html`<p class="soft">${t('form.difference.none')}</p>` : html`<${List} label=${t('form.difference')} items=${questions}>${(row) => html`<li key=${row.question + row.change}><div class="grow"><b><bdi dir="auto">${words(row.label) || row.question}</bdi></b>
      <span class="soft small">${[row.question, row.members?.map(memberName).join(', '), row.scores.length > 0 && t('form.difference.weighs', { scores: row.scores.join(', ') })].filter(Boolean).join(' · ')}</span></div><${State} kind=${KINDS[row.change]}>${t(`form.change.${row.change}`)}<//></li>`}<//>`}
    ${scores.length > 0 && html`<h3>${t('form.scores')}</h3><${List} label=${t('form.scores')} items=${scores}>${(score) => html`<li key=${score.name}><b class="grow">${score.name}</b><${State} kind=${KINDS[score.change]}>${t(`form.score.${score.change}`)}<//></li>`}<//>`}
    ${other.length > 0 && html`<${Note} kind="warn" title=${t('form.scores.warn')}>${t('form.scores.kept')}<//>`}
  </div>`;
}
