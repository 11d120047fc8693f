// program_rule.js: the rule and the entitlement: templates, faults with a caret under the character, a trial on a household, a count of everybody.
import { html, useState } from '../app/html.js';
import { t, number, money } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Button, Card, Figures, Note, ProblemNote, useSubmit } from '../app/parts.js';
import { Field, SelectField, faultAt } from '../app/parts_form.js';
import { HouseholdChoose } from './household_choose.js';
import { RuleAnswer } from './program_answer.js';

const TEMPLATES = {
  cash: { unit: 'household', rule: "household.members.exists(m, age(m.birth_date) < 7 || age(m.birth_date) >= 70 || has(m.grade) || has(m.pregnancy))",
    entitlement: "[{'code': 'bantuan', 'kind': 'cash', 'amount_minor': sum(top(\n  top(household.members.filter(m, has(m.pregnancy)).map(m, amount(750000)), 2) +\n  top(household.members.filter(m, age(m.birth_date) < 7).map(m, amount(750000)), 2) +\n  household.members.filter(m, has(m.grade)).map(m, m.grade <= 6 ? amount(225000) : m.grade <= 9 ? amount(375000) : amount(500000)) +\n  top(household.members.filter(m, age(m.birth_date) >= 70).map(m, amount(600000)), 1), 4))}]" },
  scholarship: { unit: 'member', rule: 'has(member.grade) && member.in_school', entitlement: "[{'code': 'beasiswa', 'kind': 'cash', 'amount_minor':\n  member.grade <= 6 ? amount(450000) : member.grade <= 9 ? amount(750000) : amount(1800000)}]" },
  insurance: { unit: 'household', rule: 'size(household.members) > 0', entitlement: "[{'code': 'iuran', 'kind': 'cash', 'amount_minor': amount(42000) * size(household.members)}]" },
  housing: { unit: 'household', rule: "household.housing.tenure == 'own' && household.housing.floor == 'earth'", entitlement: "[{'code': 'bahan', 'kind': 'cash', 'amount_minor': amount(17500000)},\n {'code': 'upah', 'kind': 'cash', 'amount_minor': amount(2500000)}]" },
  food: { unit: 'household', rule: 'size(household.members) >= 3', entitlement: "[{'code': 'beras', 'kind': 'goods', 'item': 'kg beras', 'quantity': 10}]" },
};

// The line around the faulty character, with a caret below it.
function caret(text, detail) {
  const found = /character (\d+)/.exec(detail || '');
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

const Counts = ({ data }) => html`<div role="status" class="stack"><${Figures} items=${[[t('count.units'), number(data.units)], [t('answer.eligible'), number(data.eligible)], [t('answer.not_eligible'), number(data.not_eligible)], [t('answer.undetermined'), number(data.undetermined)], [t('count.cost'), money(data.cost_minor, data.currency)]]} />
  ${data.budget_minor > 0 && html`<${Note} kind=${data.within_budget ? 'good' : 'warn'} title=${t(data.within_budget ? 'count.within' : 'count.beyond', { budget: money(data.budget_minor, data.currency) })} />`}
  ${data.errors > 0 && html`<${Note} kind="warn" title=${t('count.errors', { count: number(data.errors) })} />`}</div>`;

// Who is asked about in the trial: for a program of members every member is asked in turn by choosing one.
function Trial({ program, draft, onFault }) {
  const [household, setHousehold] = useState(null);
  const [member, setMember] = useState(null);
  const [answer, setAnswer] = useState(null);
  const ask = useSubmit(async (key, id, member_id) => {
    setAnswer(null);
    setAnswer((await api.post(`/programs/${program.id}/eligibility`, { household_id: id, ...(member_id ? { member_id } : {}), rule: draft.rule, entitlement: draft.entitlement }, { key: null })).data);
  });
  onFault(ask.problem);
  const choose = async (hit) => {
    const { data } = await api.get(`/households/${hit.id}`);
    setHousehold(data); setMember(null); setAnswer(null);
    if (program.unit !== 'member') ask.submit(data.id);
  };
  return html`<${HouseholdChoose} onChoose=${choose} />
    ${household && program.unit === 'member' && html`<${SelectField} pointer="/member_id" label=${t('rule.member')} empty=${t('choose')} value=${member} options=${household.members.map((row) => [row.id, row.name])} onChange=${(id) => { setMember(id); if (id) ask.submit(household.id, id); }} />`}
    ${ask.problem && html`<${ProblemNote} problem=${ask.problem} />`}
    ${answer && html`<div class="stack" role="status"><${RuleAnswer} answer=${answer} currency=${program.currency} /></div>`}
    ${household && (program.unit !== 'member' || member) && html`<div class="row"><${Button} busy=${ask.busy} onClick=${() => ask.submit(household.id, member)}>${t('rule.again')}<//></div>`}`;
}

export function RuleEditor({ program, onSaved, onCancel }) {
  const [draft, setDraft] = useState({ rule: program.rule, entitlement: program.entitlement, unit: program.unit });
  const [counts, setCounts] = useState(null);
  const [trialFault, setTrialFault] = useState(null);
  const given = { rule: draft.rule, entitlement: draft.entitlement };
  const count = useSubmit(async () => setCounts((await api.post(`/programs/${program.id}/simulations`, given, { key: null })).data));
  const save = useSubmit(async (key) => onSaved((await api.patch(`/programs/${program.id}`, given, { key, ifMatch: program.version })).data));
  const problem = save.problem || count.problem || trialFault;
  return html`<${Card} title=${t('rule.edit')}><p class="soft">${t('rule.edit.text')}</p>
      <${RuleFields} value=${draft} onChange=${(next) => { setDraft(next); setCounts(null); save.setProblem(null); count.setProblem(null); }} problem=${problem} />
      <${ProblemNote} problem=${save.problem || count.problem} />${counts && html`<${Counts} data=${counts} />`}
      <div class="row"><${Button} busy=${count.busy} onClick=${() => count.submit()}>${t('rule.count')}<//><${Button} kind="main" busy=${save.busy} onClick=${() => save.submit()}>${t('rule.save')}<//><${Button} kind="quiet" onClick=${onCancel}>${t('cancel')}<//></div><//>
    <${Card} title=${t('rule.try')}><p class="soft">${t('rule.try.text')}</p><${Trial} program=${program} draft=${given} onFault=${(fault) => { if (fault !== trialFault) queueMicrotask(() => setTrialFault(fault)); }} /><//>`;
}
