// user_row.js: one account in the list: what it may do and where; changed, given a new link, disabled. Nobody changes his own.
import { html, useState } from '../app/html.js';
import { t, code } from '../app/i18n.js';
import { api } from '../app/api.js';
import { session } from '../app/session.js';
import { Button, State, Note, ErrorSummary, Confirm, useSubmit } from '../app/parts.js';
import { UserFields, formOf, forgotten } from './user_form.js';

export const OneTimeLink = ({ link }) => link && html`<${Note} kind="good" role="status" title=${t('user.link')}><p>${t('user.link.text')}</p><pre>${location.origin}${link}</pre><//>`;

const waitingOf = (user) => (user.pending || []).filter((grant) => grant.kind === 'role').map((grant) => t('user.role.waits', { role: t(`role.${grant.role}`) }));
const rolesOf = (user) => [...user.roles.map((role) => t(`role.${role}`)), ...waitingOf(user)].join(', ') || t('none');
const regionsOf = (user) => (user.region_names.length ? user.region_names.join(', ') : t('user.everywhere'));
const programsOf = (user, programName) => (user.programs.length ? user.programs.map(programName).join(', ') : t('user.programs.all'));
const boundsOf = (user, programName) => [regionsOf(user), programsOf(user, programName), t(user.second_factor ? 'user.factor' : 'user.no_factor')].join(' · ');

const Facts = ({ user, programName }) => html`<dl class="facts small"><dt>${t('setup.display')}</dt><dd>${user.display_name}</dd><dt>${t('user.roles')}</dt><dd>${rolesOf(user)}</dd>
  <dt>${t('user.region')}</dt><dd>${regionsOf(user)}</dd><dt>${t('user.programs')}</dt><dd>${programsOf(user, programName)}</dd></dl>`;

// Someone else saved first: what stands now is shown, what was filled in stays, and saving again is a choice.
const Stale = ({ user, programName }) => html`<${Note} kind="warn" role="alert" title=${t('user.stale')}><p>${t('user.stale.text')}</p><${Facts} user=${user} programName=${programName} /><//>`;

function Edit({ user, programs, programName, onDone, onCancel }) {
  const [form, setForm] = useState(formOf(user));
  const [picked, setPicked] = useState(null);
  const [current, setCurrent] = useState(null);
  const [fault, setFault] = useState(null);
  const { submit, busy, problem } = useSubmit(async (key) => {
    try {
      await api.patch(`/users/${user.id}`, { display_name: form.display_name, roles: form.roles, regions: form.regions, programs: form.programs }, { ifMatch: (current || user).version, key });
      onDone();
    } catch (failure) {
      if (failure.status !== 412 || !failure.data.current) throw failure;
      setCurrent(failure.data.current);
    }
  });
  const send = (event) => { event.preventDefault(); const open = forgotten(form, picked); setFault(open); if (!open) submit(); };
  const shown = fault || problem;
  return html`<form class="stack" novalidate aria-label=${t('user.edit', { name: user.display_name })} onSubmit=${send}><h2>${t('user.edit', { name: user.display_name })}</h2>
    ${current && html`<${Stale} user=${current} programName=${programName} />`}
    <${ErrorSummary} problem=${shown} names=${(pointer) => t(`user.field.${pointer.split('/')[1]}`)} />
    <${UserFields} form=${form} setForm=${setForm} programs=${programs} picked=${picked} setPicked=${setPicked} problem=${shown} />
    <div class="row"><${Button} type="submit" kind="main" busy=${busy}>${t(current ? 'user.overwrite' : 'save')}<//><${Button} kind="quiet" onClick=${onCancel}>${t('cancel')}<//></div></form>`;
}

export function UserRow({ user, programs, programName, editing, onEdit, reload }) {
  const [asking, setAsking] = useState(null);
  const [link, setLink] = useState(null);
  const [waits, setWaits] = useState(false);
  const { submit, busy, problem } = useSubmit(async (key) => {
    const { data } = await api.post(`/users/${user.id}/${asking}`, {}, { key });
    setLink(data.link || null);
    setWaits(Boolean(data.grant_id));
    setAsking(null);
    if (asking !== 'link' || data.grant_id) reload();
  });
  const own = user.id === session().user.id;
  const ask = (act, kind = '') => html`<${Button} kind=${kind} onClick=${() => setAsking(act)}>${t(`user.act.${act}`)}<//>`;
  if (editing) return html`<li class="stack"><${Edit} user=${user} programs=${programs} programName=${programName} onDone=${() => { onEdit(null); reload(); }} onCancel=${() => onEdit(null)} /></li>`;
  return html`<li class="stack"><div class="stack tight"><div class="row"><b>${user.display_name}</b> <span class="soft small">${user.username}</span><span class="push"></span><${State} value=${user.state}>${code('user_state', user.state)}<//></div>
    <p>${rolesOf(user)}</p><p class="small soft">${boundsOf(user, programName)}</p>
    ${user.granted_alone?.length > 0 && html`<p class="small warning">▲ ${t('user.alone', { roles: user.granted_alone.map((role) => t(`role.${role}`)).join(', ') })}</p>`}
    <${OneTimeLink} link=${link} />${waits && html`<${Note} role="status" title=${t('user.link.waits')} />`}
    ${asking ? html`<${Confirm} title=${`${t(`user.act.${asking}`)}: ${user.display_name}`} act=${t(`user.act.${asking}`)} kind=${asking === 'disable' ? 'danger' : 'main'} busy=${busy} problem=${problem} onDone=${submit} onCancel=${() => setAsking(null)}><p>${t(`user.act.${asking}.text`)}</p><//>`
      : own ? html`<p class="small soft">${t('user.own')}</p>`
      : html`<div class="row"><${Button} onClick=${() => onEdit(user.id)}>${t('change')}<//>${user.state === 'disabled' ? ask('enable') : html`${ask('link')}${ask('disable', 'quiet')}`}</div>`}</div></li>`;
}
