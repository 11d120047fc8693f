// program_rule_edit.js: the rule of a program is changed: tried on one household as it is typed, counted on everybody, saved as a new version.
import { html, useState, useEffect } from '../app/html.js';
import { t, number, money } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Button, Card, ErrorSummary, Figures, Note, ProblemNote, useSubmit } from '../app/parts.js';
import { SelectField } from '../app/parts_form.js';
import { HouseholdChoose } from './household_choose.js';
import { RuleAnswer } from './program_answer.js';
import { RuleFields } from './program_rule.js';
import { usePatch, Meanwhile } from './program_edit.js';
import { fieldName } from './program_form.js';

const TRIAL_WAIT_MS = 500;

const Counts = ({ data }) => html`<div role="status" class="stack"><${Figures} items=${[[t('count.units'), number(data.units)], [t('answer.eligible'), number(data.eligible)], [t('answer.not_eligible'), number(data.not_eligible)], [t('answer.undetermined'), number(data.undetermined)], [t('count.cost'), money(data.cost_minor, data.currency)]]} />
  ${data.budget_minor > 0 && html`<${Note} kind=${data.within_budget ? 'good' : 'warn'} title=${t(data.within_budget ? 'count.within' : 'count.beyond', { budget: money(data.budget_minor, data.currency) })} />`}
  ${data.errors > 0 && html`<${Note} kind="warn" title=${t('count.errors', { count: number(data.errors) })} />`}</div>`;

// Asks once the typing rests; a newer draft or another household cancels what is still under way.
function useTrial(program, draft, unit) {
  const [state, setState] = useState({});
  useEffect(() => {
    if (!unit) return undefined;
    const stop = new AbortController();
    const ask = async () => {
      setState((old) => ({ ...old, busy: true }));
      try {
        setState({ answer: (await api.post(`/programs/${program.id}/eligibility`, { ...unit, ...draft }, { key: null, signal: stop.signal })).data });
      } catch (failure) {
        if (stop.signal.aborted) return;
        if (failure.status === undefined) throw failure;
        setState({ problem: failure });
      }
    };
    const timer = setTimeout(ask, TRIAL_WAIT_MS);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [unit?.household_id, unit?.member_id, draft.rule, draft.entitlement]);
  return state;
}

// Who is asked about: for a program of members one of the household's members.
function Trial({ program, trial, setUnit }) {
  const [household, setHousehold] = useState(null);
  const [problem, setProblem] = useState(null);
  const [member, setMember] = useState(null);
  const choose = async (hit) => {
    setProblem(null);
    setUnit(null);
    setMember(null);
    try {
      const { data } = await api.get(`/households/${hit.id}`);
      setHousehold(data);
      if (program.unit !== 'member') setUnit({ household_id: data.id });
    } catch (failure) {
      if (failure.status === undefined) throw failure;
      setProblem(failure);
    }
  };
  const inRule = trial.problem?.errors.some((fault) => ['/rule', '/entitlement'].includes(fault.pointer)); // told at the field above
  return html`<${HouseholdChoose} onChoose=${choose} /><${ProblemNote} problem=${problem || (inRule ? null : trial.problem)} />
    ${inRule && html`<p class="warning" role="status">${t('rule.try.faulty')}</p>`}
    ${household && html`<p><b>${t('rule.tried', { name: household.members.find((row) => row.relationship === 'head')?.name || household.members[0]?.name || '' })}</b>${trial.busy && html` <span class="soft">${t('busy')}</span>`}</p>`}
    ${household && program.unit === 'member' && html`<${SelectField} pointer="/member_id" label=${t('rule.member')} empty=${t('choose')} value=${member} options=${household.members.map((row) => [row.id, row.name])} onChange=${(id) => { setMember(id); setUnit(id ? { household_id: household.id, member_id: id } : null); }} />`}
    ${trial.answer && html`<div class="stack" role="status" aria-busy=${trial.busy ? 'true' : null}><${RuleAnswer} answer=${trial.answer} currency=${program.currency} /></div>`}`;
}

export function RuleEditor({ program, onSaved, onCancel }) {
  const [draft, setDraft] = useState({ rule: program.rule, entitlement: program.entitlement, unit: program.unit });
  const [counts, setCounts] = useState(null);
  const [unit, setUnit] = useState(null);
  const given = { rule: draft.rule, entitlement: draft.entitlement };
  const trial = useTrial(program, given, unit);
  const count = useSubmit(async () => setCounts((await api.post(`/programs/${program.id}/simulations`, given, { key: null })).data));
  const save = usePatch(program, onSaved);
  const problem = save.problem || count.problem || trial.problem;
  const change = (next) => { setDraft(next); setCounts(null); save.setProblem(null); count.setProblem(null); };
  return html`<${Card} title=${t('rule.edit')}><p class="soft">${t('rule.edit.text')}</p>
      <${Meanwhile} base=${program} current=${save.current} names=${['rule', 'entitlement']} />
      <${ErrorSummary} problem=${save.problem || count.problem} names=${fieldName} />
      <${RuleFields} value=${draft} onChange=${change} problem=${problem} />${counts && html`<${Counts} data=${counts} />`}
      <div class="row"><${Button} kind="main" busy=${save.busy} onClick=${() => save.submit(given)}>${t(save.current ? 'program.overwrite' : 'rule.save')}<//><${Button} busy=${count.busy} onClick=${() => count.submit()}>${t('rule.count')}<//><${Button} kind="quiet" onClick=${onCancel}>${t('cancel')}<//></div><//>
    <${Card} title=${t('rule.try')}><p class="soft">${t('rule.try.text')}</p><${Trial} program=${program} trial=${trial} setUnit=${setUnit} /><//>`;
}
