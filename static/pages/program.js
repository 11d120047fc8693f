// program.js: one program: its money, its rule and versions, its periods; activated and closed here.
import { html, useState } from '../app/html.js';
import { t, money, number, code, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { Page, Button, Link, Bar, Card, Confirm, Figures, List, ProblemNote, Skeleton, State, useLoad, useSubmit } from '../app/parts.js';
import { useHeading } from '../app/heading.js';
import { RuleEditor } from './program_rule_edit.js';
import { ProgramEdit } from './program_edit.js';
import { Cycles } from './program_cycles.js';
import { period } from './program_list.js';

const MONEY = [['paid', 'good'], ['open', 'info'], ['claimed', 'warn'], ['left', 'open']];

function Money({ program }) {
  const shown = MONEY.map(([name, kind]) => [name, program[`${name}_minor`], kind]);
  return html`<${Card} title=${t('program.money')}>
    ${program.budget_minor > 0 && html`<${Bar} label=${shown.map(([name, value]) => `${t(`program.money.${name}`)} ${money(value, program.currency)}`).join(', ')} parts=${shown.map(([, value, kind]) => ({ value: Math.max(value, 0), kind }))} />`}
    <${Figures} items=${[[t('program.budget'), money(program.budget_minor, program.currency)], ...shown.map(([name, value]) => [t(`program.money.${name}`), money(value, program.currency)])]} /><//>`;
}

const Versions = ({ program }) => html`<${Card} title=${t('rule.versions')}><${List} items=${program.rules || []}>${(version) => html`<li key=${version.rule_version}><div class="grow"><b>${t('rule.version', { version: version.rule_version })}</b> <span class="soft small">${instant(version.at)}${version.by ? ` · ${version.by}` : ''}</span>
  <details><summary>${t('rule.show')}</summary><pre class="scroll" tabindex="0">${version.rule}</pre><pre class="scroll" tabindex="0">${version.entitlement}</pre></details></div></li>`}<//><//>`;

const turnOf = (program) => (program.state === 'draft' ? 'activate' : 'close');

function Turn({ program, onDone, onCancel }) {
  const act = turnOf(program);
  const { submit, busy, problem } = useSubmit(async (key) => { onDone((await api.post(`/programs/${program.id}/${act}`, {}, { key })).data); onCancel(); });
  return html`<${Confirm} title=${t(`program.${act}`)} act=${t(`program.${act}`)} kind=${act === 'close' ? 'danger' : 'main'} busy=${busy} problem=${problem} onDone=${() => submit()} onCancel=${onCancel}><p>${t(`program.${act}.text`, { name: program.name })}</p><//>`;
}

export default function ProgramPage({ id }) {
  const load = useLoad(() => api.get(`/programs/${id}`).then(({ data }) => data), [id]);
  const [editing, setEditing] = useState(null); // 'program' or 'rule'
  const [turning, setTurning] = useState(false);
  const program = load.data;
  useHeading(program?.name);
  if (load.problem) return html`<${Page} title=${t('program.one')} back="/program"><${ProblemNote} problem=${load.problem} retry=${load.reload} /><//>`;
  if (!program) return html`<${Page} title=${t('program.one')} back="/program"><${Skeleton} lines=${6} /><//>`;
  const facts = [[t('program.enrolled'), number(program.enrolled)], [t('program.waiting'), number(program.waiting)], [t('program.field.unit'), code('program_unit', program.unit)], [t('program.field.approvals_required'), number(program.approvals_required)]];
  const open = can('program.write') && program.state !== 'closed' && !editing;
  const saved = (next) => { load.setData(next); setEditing(null); };
  return html`<${Page} title=${program.name} above=${`${program.owner} · ${code('program_category', program.category)}`} lead=${period(program)} back="/program" state=${html`<${State} value=${program.state}>${code('program_state', program.state)}<//>`}
      actions=${html`<${Link} href=${`/kepesertaan?program=${program.id}`}>${t('nav.enrollments')}<//>${can('eligibility.check') && html`<${Link} href=${`/cek/${program.id}`}>${t('program.check')}<//>`}${open && html`<${Button} onClick=${() => setEditing('program')}>${t('program.edit')}<//>${!turning && html`<${Button} kind=${turnOf(program) === 'activate' ? 'main' : 'quiet'} onClick=${() => setTurning(true)}>${t(`program.${turnOf(program)}`)}<//>`}`}`}>
    ${editing === 'program' ? html`<${ProgramEdit} program=${program} onSaved=${saved} onCancel=${() => setEditing(null)} />` : html`${open && turning && html`<${Turn} program=${program} onDone=${load.setData} onCancel=${() => setTurning(false)} />`}
      <${Money} program=${program} /><${Card} title=${t('program.what')}><${Figures} items=${facts} /><//>`}
    ${editing === 'rule' && html`<${RuleEditor} program=${program} onSaved=${saved} onCancel=${() => setEditing(null)} />`}
    ${!editing && html`<${Card} title=${t('rule.title')} actions=${open && html`<${Button} onClick=${() => setEditing('rule')}>${t('rule.edit')}<//>`}><h3>${t('rule.rule')}</h3><pre class="scroll" tabindex="0">${program.rule}</pre><h3>${t('rule.entitlement')}</h3><pre class="scroll" tabindex="0">${program.entitlement}</pre><//>`}
    ${editing !== 'program' && html`<${Cycles} program=${program} /><${Versions} program=${program} />`}
  <//>`;
}
