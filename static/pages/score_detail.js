// score_detail.js: a score taken apart: what each indicator added, what is missing, what was refused, and the lines of its table.
import { html } from '../app/html.js';
import { t, has, number } from '../app/i18n.js';
import { List } from '../app/parts.js';
import { decimal, say } from './score_text.js';

const inputText = (value) => (Array.isArray(value) ? value.map(inputText).join(', ') : typeof value === 'boolean' ? t(value ? 'yes' : 'no') : typeof value === 'number' ? number(value) : value === null || value === undefined ? '' : String(value));

export function ScoreDetail({ score, indicators = [] }) {
  const nameOf = (name) => (name === 'lookup' ? t('skor.lookup') : name === 'birth_date' ? t('skor.part.birth_date') : say(indicators.find((row) => row.name === name)?.label) || name);
  const why = (entry) => html`<li key=${entry.indicator}>${nameOf(entry.indicator)}${entry.input !== undefined && `: ${inputText(entry.input)}`} <span class="soft">${has(`skor.refused.${entry.code}`) ? t(`skor.refused.${entry.code}`) : entry.code}</span></li>`;
  return html`<div class="stack tight">
    ${score.missing?.length > 0 && html`<div class="small"><b>${t('skor.missing')}</b><ul>${score.missing.map((entry) => html`<li key=${entry.indicator}>${nameOf(entry.indicator)} <span class="soft">${(entry.pointers || []).join(', ')}</span></li>`)}</ul></div>`}
    ${score.refused?.length > 0 && html`<div class="small"><b>${t('skor.refused')}</b><ul>${score.refused.map(why)}</ul></div>`}
    ${score.parts?.length > 0 && html`<${List} label=${t('skor.parts')} items=${score.parts}>${(part) => html`<li key=${part.indicator}><div class="grow"><span class="soft small">${nameOf(part.indicator)}</span><b>${inputText(part.input) || '–'}</b></div><span class="points">${part.points.startsWith('-') || part.points === '0' ? '' : '+'}${decimal(part.points)}</span></li>`}<//>`}
    ${score.sum !== null && score.sum !== undefined && score.sum !== score.value && score.value !== null && html`<p class="small">${t('skor.held', { sum: decimal(score.sum), value: decimal(score.value) })}</p>`}
    ${score.lines && html`<details><summary>${t('skor.lines')}</summary><${List} label=${t('skor.lines')} items=${Object.entries(score.lines)}>${([line, value]) => html`<li key=${line}><span class="grow">${line}</span><b>${decimal(value)}</b></li>`}<//></details>`}</div>`;
}
