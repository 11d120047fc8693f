// program_answer.js: the answer of a rule for one household: verdict, clauses with their truth, what is missing or bars it, and what is due.
import { html } from '../app/html.js';
import { t, loadWords } from '../app/i18n.js';
import { List, Note, State } from '../app/parts.js';
import { fieldName } from './household_words.js';
import { partName, partAmount } from './part_words.js';

await loadWords('officer'); // the names of fields

const MARK = { true: ['good', '✓'], false: ['bad', '✕'], null: ['open', '?'] };

export function RuleAnswer({ answer, currency }) {
  return html`<p><${State} value=${answer.outcome}>${t(`answer.${answer.outcome}`)}<//></p>
    <ul class="clauses">${(answer.clauses || []).map((clause) => {
      const [kind, mark] = MARK[String(clause.value ?? null)];
      return html`<li class="clause" key=${clause.expr}><i class=${kind} aria-hidden="true">${mark}</i><p><span class="visually-hidden">${t(`answer.mark.${kind}`)}: </span>${clause.text || clause.expr}${clause.error && html` <span class="small soft">(${clause.error})</span>`}</p></li>`;
    })}</ul>
    ${answer.missing?.length > 0 && html`<${Note} kind="warn" title=${t('answer.missing')}><ul>${answer.missing.map((pointer) => html`<li key=${pointer}>${fieldName(pointer)}</li>`)}</ul><//>`}
    ${answer.entitlement_error && html`<${Note} kind="warn" title=${t('entitlement.wrong')}><p>${answer.entitlement_error}</p><//>`}
    ${answer.blocks?.length > 0 && html`<${Note} kind="warn" title=${t('answer.blocks')}><ul>${answer.blocks.map((block) => html`<li key=${block.code}>${block.detail}</li>`)}</ul><//>`}
    ${answer.outcome === 'eligible' && answer.parts?.length > 0 && html`<${List} items=${answer.parts}>${(part) => html`<li key=${part.code + (part.member_id || '')}><span class="grow">${partName(part)}</span><b>${partAmount(part, currency)}</b></li>`}<//>`}`;
}
