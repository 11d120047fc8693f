// user.js: people who sign in: their roles and areas, one-time links, and grants that wait for a second person.
import { html, useState } from '../app/html.js';
import { t, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { session } from '../app/session.js';
import { Page, Card, Button, State, List, Note, Skeleton, ProblemNote, ErrorSummary, Confirm, Empty, Pager, usePages, useLoad, useSubmit } from '../app/parts.js';
import { TextField, CheckList, RegionPicker, faultAt } from '../app/parts_form.js';

const ROLES = ['officer', 'manager', 'approver', 'auditor', 'admin'];
const roleOptions = () => ROLES.map((role) => [role, t(`role.${role}`)]);

function OneTimeLink({ link }) {
  return link && html`<${Note} kind="good" role="status" title=${t('user.link')}><p>${t('user.link.text')}</p><pre>${location.origin}${link}</pre><//>`;
}

function NewUser({ onDone }) {
  const [form, setForm] = useState({ username: '', display_name: '', roles: ['officer'], regions: [] });
  const [link, setLink] = useState(null);
  const set = (name) => (value) => setForm((old) => ({ ...old, [name]: value }));
  const { submit, busy, problem } = useSubmit(async (key) => {
    const { data } = await api.post('/users', { username: form.username.trim(), display_name: form.display_name, roles: form.roles, ...(form.regions.length ? { regions: form.regions } : {}) }, { key });
    setLink(data.link);
    onDone();
  });
  return html`<${Card} title=${t('user.new')}><${OneTimeLink} link=${link} /><form class="stack" onSubmit=${(event) => { event.preventDefault(); submit(); }}>
    <${ErrorSummary} problem=${problem} />
    <${TextField} pointer="/username" label=${t('signin.username')} hint=${t('user.username.hint')} value=${form.username} onChange=${set('username')} autocapitalize="none" spellcheck="false" error=${faultAt(problem, '/username')} required />
    <${TextField} pointer="/display_name" label=${t('setup.display')} value=${form.display_name} onChange=${set('display_name')} error=${faultAt(problem, '/display_name')} required />
    <${CheckList} pointer="/roles" label=${t('user.roles')} value=${form.roles} onChange=${set('roles')} options=${roleOptions()} error=${faultAt(problem, '/roles')} />
    <${RegionPicker} pointer="/regions" label=${t('user.region')} hint=${t('user.region.hint')} optional value=${form.regions[0]} onChange=${(code) => set('regions')(code ? [code] : [])} error=${faultAt(problem, '/regions')} />
    <div><${Button} type="submit" kind="main" busy=${busy}>${t('user.add')}<//></div></form><//>`;
}

function Grants() {
  const load = useLoad(() => api.get('/grants').then(({ data }) => data.items), []);
  const { submit, busy, problem } = useSubmit(async (key, id, act) => { await api.post(`/grants/${id}/${act}`, {}, { key }); load.reload(); });
  if (!load.data?.length) return null;
  return html`<${Card} title=${t('user.grants')}><p class="soft">${t('user.grants.text')}</p><${ProblemNote} problem=${problem} />
    <${List} items=${load.data}>${(grant) => html`<li key=${grant.id}><div class="grow"><b>${grant.username}: ${grant.role ? t(`role.${grant.role}`) : grant.kind}</b><span class="soft small">${grant.made_by_name} · ${instant(grant.made_at)}</span></div>
      ${grant.made_by === session().user.id ? html`<${Button} busy=${busy} onClick=${() => submit(grant.id, 'withdraw')}>${t('user.grant.withdraw')}<//>` : html`<${Button} kind="main" busy=${busy} onClick=${() => submit(grant.id, 'confirm')}>${t('user.grant.confirm')}<//>`}</li>`}<//><//>`;
}

function UserRow({ user, reload }) {
  const [asking, setAsking] = useState(null);
  const [link, setLink] = useState(null);
  const { submit, busy, problem } = useSubmit(async (key) => {
    const { data } = await api.post(`/users/${user.id}/${asking}`, {}, { key });
    if (asking === 'link') setLink(data.link);
    else reload();
    setAsking(null);
  });
  const own = user.id === session().user.id;
  return html`<li><div class="grow stack tight"><div class="row"><b>${user.display_name}</b> <span class="soft small">${user.username}</span><${State} value=${user.state === 'active' ? 'active' : user.state}>${t(`user.state.${user.state}`)}<//></div>
    <p class="small">${(user.roles || []).map((role) => t(`role.${role}`)).join(', ')} · ${user.regions?.length ? user.regions.join(', ') : t('user.everywhere')} · ${t(user.second_factor ? 'user.factor' : 'user.no_factor')}</p>
    <${OneTimeLink} link=${link} />
    ${asking ? html`<${Confirm} title=${t(`user.act.${asking}`)} act=${t(`user.act.${asking}`)} kind=${asking === 'disable' ? 'danger' : 'main'} busy=${busy} problem=${problem} onDone=${submit} onCancel=${() => setAsking(null)}><p>${t(`user.act.${asking}.text`)}</p><//>`
      : !own && html`<div class="row">${user.state === 'disabled' ? html`<${Button} onClick=${() => setAsking('enable')}>${t('user.act.enable')}<//>` : html`<${Button} onClick=${() => setAsking('disable')}>${t('user.act.disable')}<//><${Button} onClick=${() => setAsking('link')}>${t('user.act.link')}<//>`}</div>`}</div></li>`;
}

export default function UserPage() {
  const pages = usePages((after) => api.get('/users', { after }), []);
  const [adding, setAdding] = useState(false);
  return html`<${Page} title=${t('nav.users')} lead=${t('user.lead')} actions=${!adding && html`<${Button} kind="main" onClick=${() => setAdding(true)}>${t('user.add')}<//>`}>
    ${adding && html`<${NewUser} onDone=${pages.reload} />`}
    <${Grants} />
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />
    ${!pages.items && !pages.problem && html`<${Skeleton} />`}
    ${pages.items?.length === 0 && html`<${Empty} title=${t('user.none')} />`}
    ${pages.items?.length > 0 && html`<${Card} flush><${List} items=${pages.items}>${(user) => html`<${UserRow} key=${user.id} user=${user} reload=${pages.reload} />`}<//><//>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
  <//>`;
}
