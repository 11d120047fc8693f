// program_edit.js: a program is changed: only what differs is sent, with the version it rests on; what someone else saved meanwhile is shown first.
import { html, useState } from '../app/html.js';
import { t, money, code, day } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Button, Card, ErrorSummary, Note, useSubmit } from '../app/parts.js';
import { ProgramFields, fieldName } from './program_form.js';
import { RuleFields } from './program_rule.js';

const NAMES = ['name', 'owner', 'category', 'unit', 'budget_minor', 'starts_on', 'ends_on', 'approvals_required', 'community_validation', 'strict_duties'];
const RULES = ['rule', 'entitlement'];
const draftOf = (program) => Object.fromEntries(['currency', ...NAMES, ...RULES].map((name) => [name, program[name] ?? undefined]));

const SHOWN = { budget_minor: (value, program) => money(value, program.currency), category: (value) => code('program_category', value), unit: (value) => code('program_unit', value), starts_on: day, ends_on: day,
  community_validation: (value) => t(value ? 'yes' : 'no'), strict_duties: (value) => t(value ? 'yes' : 'no') };
const shown = (name, program) => (SHOWN[name] ? SHOWN[name](program[name], program) : program[name]);

// PATCH with what differs from `base`; a stale version gives the present record to compare with instead of failing.
export function usePatch(program, onSaved) {
  const [current, setCurrent] = useState(null);
  const work = useSubmit(async (key, patch) => {
    if (Object.keys(patch).length === 0) { onSaved(program); return; }
    try {
      onSaved((await api.patch(`/programs/${program.id}`, patch, { key, ifMatch: (current || program).version })).data);
    } catch (failure) {
      if (failure.status !== 412 || !failure.data.current) throw failure;
      setCurrent(failure.data.current);
    }
  });
  return { ...work, current };
}

// What someone else saved since the form was opened, field by field.
export function Meanwhile({ base, current, names }) {
  const changed = current ? names.filter((name) => (base[name] ?? null) !== (current[name] ?? null)) : [];
  if (!current) return null;
  return html`<${Note} kind="warn" role="alert" title=${t('program.stale')}><p>${t('program.stale.text')}</p>
    <dl class="facts">${changed.map((name) => html`<dt>${fieldName(`/${name}`)}</dt><dd>${RULES.includes(name) ? html`<pre>${current[name]}</pre>` : shown(name, current)}</dd>`)}</dl><//>`;
}

export function ProgramEdit({ program, onSaved, onCancel }) {
  const draft = program.state === 'draft';
  const [given, setGiven] = useState(draftOf(program));
  const names = draft ? [...NAMES, ...RULES] : NAMES;
  const work = usePatch(program, onSaved);
  const send = (event) => {
    event.preventDefault();
    work.submit(Object.fromEntries(names.filter((name) => (given[name] ?? null) !== (program[name] ?? null)).map((name) => [name, given[name] ?? null])));
  };
  return html`<form class="stack" novalidate aria-label=${t('program.edit')} onSubmit=${send}>
    <${Meanwhile} base=${program} current=${work.current} names=${names} />
    <${ErrorSummary} problem=${work.problem} names=${fieldName} />
    <${ProgramFields} given=${given} setGiven=${setGiven} problem=${work.problem} fixed=${!draft} />
    ${draft && html`<${Card} title=${t('rule.title')}><${RuleFields} value=${given} onChange=${setGiven} problem=${work.problem} withUnit /><//>`}
    <div class="row"><${Button} type="submit" kind="main" busy=${work.busy}>${t(work.current ? 'program.overwrite' : 'save')}<//><${Button} kind="quiet" onClick=${onCancel}>${t('cancel')}<//></div></form>`;
}
