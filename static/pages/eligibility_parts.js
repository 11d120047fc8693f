// eligibility_parts.js: why yes, no or unclear: each clause with its truth, what is missing, what stands in the way, what is due.
import { html } from '../app/html.js';
import { t, day } from '../app/i18n.js';
import { State, List } from '../app/parts.js';
import { fieldName } from './household_words.js';
import { partName, partAmount } from './part_words.js';

const MARK = { true: ['good', '✓'], false: ['bad', '✕'], null: ['open', '?'] };

export const verdict = (answer) => (answer.outcome === 'eligible' && answer.blocks?.length ? 'blocked' : answer.outcome);
const VERDICT_KIND = { eligible: 'good', blocked: 'warn', not_eligible: 'bad', undetermined: 'warn' };
export const Verdict = ({ answer }) => html`<${State} kind=${VERDICT_KIND[verdict(answer)]}>${t(`verdict.${verdict(answer)}`)}<//>`;

export const Clauses = ({ clauses }) => html`<ul class="clauses">${(clauses || []).map((clause) => {
  const [kind, mark] = MARK[String(clause.value ?? null)];
  return html`<li class="clause" key=${clause.expr}><i class=${kind} aria-hidden="true">${mark}</i><p><span class="visually-hidden">${t(`clause.${kind}`)}: </span>${clause.text || clause.expr}
    ${clause.missing?.length > 0 && html` <span class="small soft">${t('clause.missing', { fields: clause.missing.map((pointer) => fieldName(pointer)).join(', ') })}</span>`}${clause.error && html` <span class="small soft">(${clause.error})</span>`}</p></li>`;
})}</ul>`;

export const Wrong = ({ answer }) => (answer.entitlement_error ? html`<div class="note warn"><b>${t('entitlement.wrong')}</b><p>${answer.entitlement_error}</p></div>` : null);
export const Missing = ({ missing }) => (missing?.length ? html`<div class="note warn"><b>${t('missing.title')}</b><ul>${missing.map((pointer) => html`<li key=${pointer}>${fieldName(pointer)}</li>`)}</ul></div>` : null);
export const Blocks = ({ blocks }) => (blocks?.length ? html`<div class="note warn"><b>${t('blocks.title')}</b><ul>${blocks.map((block) => html`<li key=${block.code}>${block.detail}</li>`)}</ul></div>` : null);

export const Parts = ({ parts, currency, people = [] }) => html`<${List} items=${parts || []}>${(part) => html`<li key=${part.code + (part.member_id || '')}><span class="grow">${partName(part)}${part.member_id ? `: ${people.find((member) => member.id === part.member_id)?.name || ''}` : ''}</span><span>${partAmount(part, currency)}</span></li>`}<//>`;

export const Basis = ({ answer }) => html`<p class="small soft">${t('verdict.basis', { version: answer.rule_version, day: day(answer.on) })}</p>`;
