// enrollment_acts.js: what may be done with one enrollment in its state, each act with its reason.
import { html, useState } from '../app/html.js';
import { t, code } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Button, Confirm, ProblemNote, useSubmit } from '../app/parts.js';
import { SelectField, TextField, faultAt } from '../app/parts_form.js';

// The server decides; this list only spares the officer calls that are refused anyway.
const ACTS = {
  proposed: ['accept', 'recheck', 'refuse'], eligible: ['accept', 'recheck', 'refuse'], waitlisted: ['accept', 'recheck', 'refuse'], validated: ['accept', 'recheck', 'refuse'],
  enrolled: ['suspend', 'recheck', 'exit'], suspended: ['resume', 'recheck', 'exit'],
};
export const isWaiting = ({ state }) => ['proposed', 'eligible', 'waitlisted', 'validated'].includes(state);
export const actsOf = (enrollment, program) => (program.community_validation && enrollment.state === 'eligible' ? ['keep', 'drop', 'recheck', 'refuse'] : ACTS[enrollment.state] || []);
const HARD = ['refuse', 'drop', 'exit'];

function ExitForm({ enrollment, onDone, onCancel }) {
  const [given, setGiven] = useState({});
  const { submit, busy, problem } = useSubmit(async (key) => onDone((await api.post(`/enrollments/${enrollment.id}/exit`, given, { key })).data));
  return html`<form class="card stack confirm" aria-label=${t('act.exit')} onSubmit=${(event) => { event.preventDefault(); submit(); }}><h3>${t('act.exit')}</h3><p>${t('act.exit.text')}</p>
    <${ProblemNote} problem=${problem} />
    <${SelectField} pointer="/code" label=${t('exit.code')} list="enrollment_exit" value=${given.code} error=${faultAt(problem, '/code')} onChange=${(value) => setGiven({ ...given, code: value })} />
    <${TextField} pointer="/reason" rows="2" optional label=${t('reason')} value=${given.reason} error=${faultAt(problem, '/reason')} onChange=${(reason) => setGiven({ ...given, reason: reason || undefined })} />
    <div class="row"><${Button} type="submit" kind="danger" busy=${busy} disabled=${!given.code}>${t('act.exit')}<//><${Button} kind="quiet" onClick=${onCancel}>${t('cancel')}<//></div></form>`;
}

export function EnrollmentAct({ enrollment, act, onDone, onCancel }) {
  const { submit, busy, problem } = useSubmit(async (key, reason) => {
    const decision = act === 'keep' || act === 'drop';
    onDone((await api.post(`/enrollments/${enrollment.id}/${decision ? 'validate' : act}`, decision ? { decision: act, reason } : { reason }, { key })).data);
  });
  if (act === 'exit') return html`<${ExitForm} enrollment=${enrollment} onDone=${onDone} onCancel=${onCancel} />`;
  return html`<${Confirm} title=${t(`act.${act}`)} act=${t(`act.${act}`)} kind=${HARD.includes(act) ? 'danger' : 'main'} reason busy=${busy} problem=${problem} onDone=${submit} onCancel=${onCancel}>
    <p>${t(`act.${act}.text`, { name: enrollment.head || enrollment.household_id, state: code('enrollment_state', enrollment.state) })}</p><//>`;
}
