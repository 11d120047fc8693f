// user.js: people who sign in: their roles and areas, one-time links, and grants that wait for a second person.
import { html, useState } from '../app/html.js';
import { t, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { session } from '../app/session.js';
import { Page, Card, Button, List, Skeleton, ProblemNote, ErrorSummary, EmptyList, Pager, usePages, useLoad, useSubmit, problemText } from '../app/parts.js';
import { TextField, faultAt } from '../app/parts_form.js';
import { UserFields, emptyUser, forgotten } from './user_form.js';
import { UserRow, OneTimeLink } from './user_row.js';

// A name that is taken is a fault of its field, though the server says it of the whole.
const atField = (problem) => (problem?.code === 'exists' ? { ...problem, errors: [{ pointer: '/username', detail: problemText(problem) }] } : problem);

function NewUser({ programs, onAdded, onCancel }) {
  const [form, setForm] = useState(emptyUser);
  const [picked, setPicked] = useState(null);
  const [fault, setFault] = useState(null);
  const { submit, busy, problem } = useSubmit(async (key) => {
    const { names, username, ...rest } = form;
    const { data } = await api.post('/users', { username: username.trim(), ...rest }, { key });
    onAdded(data.link);
  });
  const shown = fault || atField(problem);
  const send = (event) => { event.preventDefault(); const open = forgotten(form, picked); setFault(open); if (!open) submit(); };
  return html`<${Card} title=${t('user.new')}><form class="stack" novalidate onSubmit=${send}>
    <${ErrorSummary} problem=${shown} names=${(pointer) => t(`user.field.${pointer.split('/')[1]}`)} />
    <${TextField} pointer="/username" label=${t('signin.username')} hint=${t('user.username.hint')} value=${form.username} onChange=${(username) => setForm((old) => ({ ...old, username }))} autocapitalize="none" spellcheck="false" error=${faultAt(shown, '/username')} required />
    <${UserFields} form=${form} setForm=${setForm} programs=${programs} picked=${picked} setPicked=${setPicked} problem=${shown} />
    <div class="row"><${Button} type="submit" kind="main" busy=${busy}>${t('user.add')}<//><${Button} kind="quiet" onClick=${onCancel}>${t('cancel')}<//></div></form><//>`;
}

function Grants({ turn, onDecided }) {
  const load = useLoad(() => api.get('/grants').then(({ data }) => data.items), [turn]);
  const [link, setLink] = useState(null);
  const { submit, busy, problem } = useSubmit(async (key, id, act) => { setLink((await api.post(`/grants/${id}/${act}`, {}, { key })).data.link || null); onDecided(); });
  if (!load.data?.length && !link) return null;
  const what = (grant) => (grant.role ? t(`role.${grant.role}`) : t('user.act.link'));
  return html`<${Card} title=${t('user.grants')}><p class="soft">${t('user.grants.text')}</p><${ProblemNote} problem=${problem} /><${OneTimeLink} link=${link} />
    <${List} items=${load.data || []}>${(grant) => html`<li key=${grant.id}><div class="grow"><b>${grant.username}: ${what(grant)}</b><span class="soft small">${t('user.grant.by', { name: grant.made_by_name, at: instant(grant.made_at) })}</span></div>
      ${grant.user_id !== session().user.id && (grant.made_by === session().user.id ? html`<${Button} busy=${busy} onClick=${() => submit(grant.id, 'withdraw')}>${t('user.grant.withdraw')}<//>` : html`<${Button} kind="main" busy=${busy} onClick=${() => submit(grant.id, 'confirm')}>${t('user.grant.confirm')}<//>`)}</li>`}<//><//>`;
}

export default function UserPage() {
  const pages = usePages((after) => api.get('/users', { after }), []);
  const programs = useLoad(() => api.all('/program-names'), []).data || [];
  const [editing, setEditing] = useState(null); // one form at a time: 'new' or an id
  const [link, setLink] = useState(null);
  const [turn, setTurn] = useState(0);
  const reload = () => { setTurn(turn + 1); pages.reload(); };
  const programName = (id) => programs.find((program) => program.id === id)?.name || id;
  const add = editing !== 'new' && html`<${Button} kind="main" onClick=${() => { setLink(null); setEditing('new'); }}>${t('user.add')}<//>`;
  return html`<${Page} title=${t('nav.users')} lead=${t('user.lead')} actions=${add}>
    <${OneTimeLink} link=${link} />
    ${editing === 'new' && html`<${NewUser} programs=${programs} onAdded=${(made) => { setLink(made); setEditing(null); reload(); }} onCancel=${() => setEditing(null)} />`}
    <${Grants} turn=${turn} onDecided=${reload} />
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />
    ${!pages.items && !pages.problem && html`<${Skeleton} />`}
    ${pages.items?.length === 0 && html`<${EmptyList} title=${t('user.none')}>${t('user.none.help')}<//>`}
    ${pages.items?.length > 0 && html`<${Card} flush><${List} items=${pages.items}>${(user) => html`<${UserRow} key=${user.id} user=${user} programs=${programs} programName=${programName} editing=${editing === user.id} onEdit=${setEditing} reload=${reload} />`}<//><//>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
  <//>`;
}
