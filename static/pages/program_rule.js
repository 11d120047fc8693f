// program_rule.js: the rule and the entitlement as fields: templates, and faults with a caret under the character.
import { html } from '../app/html.js';
import { t } from '../app/i18n.js';
import { Field, SelectField, faultAt } from '../app/parts_form.js';
import { TEMPLATES } from './program_templates.js';

// The line around the faulty character, with a caret below it.
function caret(text, detail) {
  const found = /(?:character |karakter ke-)(\d+)/.exec(detail || '');
  if (!found) return null;
  const at = Math.min(Math.max(Number(found[1]) - 1, 0), text.length);
  const start = text.lastIndexOf('\n', at - 1) + 1, end = text.indexOf('\n', at);
  const from = Math.max(start, at - 40);
  return `${text.slice(from, end < 0 ? text.length : end).slice(0, 80)}\n${' '.repeat(at - from)}^`;
}

function CodeField({ pointer, label, hint, value, error, onChange, rows }) {
  const id = `f${pointer}`, mark = error && caret(value || '', error);
  return html`<${Field} id=${id} label=${label} hint=${hint} error=${error}>
    <textarea class="code" id=${id} rows=${rows} spellcheck=${false} autocomplete="off" autocapitalize="off" aria-invalid=${error ? 'true' : null} aria-describedby=${[`${id}-hint`, error && `${id}-fault`].filter(Boolean).join(' ')} value=${value ?? ''} onInput=${(event) => onChange(event.target.value)}></textarea>
    ${mark && html`<pre aria-hidden="true">${mark}</pre>`}<//>`;
}

export function RuleFields({ value, onChange, problem, withUnit }) {
  const pick = (name) => { const { unit, ...rest } = TEMPLATES[name] || {}; if (rest.rule) onChange({ ...value, ...rest, ...(withUnit ? { unit } : {}) }); };
  return html`<${SelectField} pointer="/template" label=${t('rule.template')} hint=${t('rule.template.hint')} empty=${t('rule.template.none')} value="" options=${Object.keys(TEMPLATES).filter((name) => withUnit || !value.unit || TEMPLATES[name].unit === value.unit).map((name) => [name, t(`rule.template.${name}`)])} onChange=${pick} />
    <${CodeField} pointer="/rule" rows="5" label=${t('rule.rule')} hint=${t('rule.rule.hint')} value=${value.rule} error=${faultAt(problem, '/rule')} onChange=${(rule) => onChange({ ...value, rule })} />
    <${CodeField} pointer="/entitlement" rows="7" label=${t('rule.entitlement')} hint=${t('rule.entitlement.hint')} value=${value.entitlement} error=${faultAt(problem, '/entitlement')} onChange=${(entitlement) => onChange({ ...value, entitlement })} />`;
}
