// account.js: one's own account: password, authenticator, where one is signed in. Who must have an authenticator and has none sees only this page.
import { html, useState } from '../app/html.js';
import { t, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { session, refresh } from '../app/session.js';
import { navigate } from '../app/router.js';
import { Page, Card, Button, State, List, Note, ProblemNote, ErrorSummary, useLoad, useSubmit } from '../app/parts.js';
import { TextField, DigitsField, CheckField, faultAt } from '../app/parts_form.js';

const FACTOR = { password: '', totp: '' }, PASSWORDS = { password_now: '', password: '' };
const grouped = (secret) => secret.replace(/(.{4})/g, '$1 ').trim();

function Authenticator() {
  const offer = useLoad(() => api.get('/me/second-factor').then(({ data }) => data), []);
  const [form, setForm] = useState(FACTOR);
  const set = (name) => (value) => setForm((old) => ({ ...old, [name]: value }));
  const { submit, busy, problem } = useSubmit(async () => {
    await api.post('/me/second-factor', { ...form, totp_secret: offer.data.totp_secret }, { key: null });
    await refresh();
    navigate('/', { replace: true });
  });
  return html`<${Card} title=${t('account.factor')}><p>${t('account.factor.text')}</p><${ProblemNote} problem=${offer.problem} retry=${offer.reload} />
    ${offer.data && html`<form class="stack" onSubmit=${(event) => { event.preventDefault(); submit(); }}><${ErrorSummary} problem=${problem} />
      <div><p>${t('account.factor.secret')}</p><pre>${grouped(offer.data.totp_secret)}</pre><p><a href=${offer.data.otpauth}>${t('account.factor.open')}</a></p></div>
      <${TextField} pointer="/password" label=${t('account.password.now')} type="password" value=${form.password} onChange=${set('password')} autocomplete="current-password" required />
      <${DigitsField} pointer="/totp" label=${t('account.factor.code')} length=${6} value=${form.totp} onChange=${set('totp')} autocomplete="one-time-code" error=${faultAt(problem, '/totp')} required />
      <div><${Button} type="submit" kind="main" busy=${busy}>${t('account.factor.set')}<//></div></form>`}<//>`;
}

function Password({ onDone }) {
  const [form, setForm] = useState(PASSWORDS);
  const [shown, setShown] = useState(false);
  const [done, setDone] = useState(false);
  const set = (name) => (value) => { setDone(false); setForm((old) => ({ ...old, [name]: value })); };
  const { submit, busy, problem } = useSubmit(async () => {
    await api.post('/me/password', form, { key: null });
    setForm(PASSWORDS);
    setDone(true);
    onDone();
  });
  const type = shown ? 'text' : 'password';
  return html`<${Card} title=${t('account.password')}><form class="stack" onSubmit=${(event) => { event.preventDefault(); submit(); }}>
    <${ErrorSummary} problem=${problem} />${done && html`<${Note} kind="good" role="status">${t('account.password.done')}<//>`}
    <${TextField} pointer="/password_now" label=${t('account.password.now')} type=${type} value=${form.password_now} onChange=${set('password_now')} autocomplete="current-password" required />
    <${TextField} pointer="/password" label=${t('account.password.new')} hint=${t('account.password.hint')} type=${type} value=${form.password} onChange=${set('password')} autocomplete="new-password" error=${faultAt(problem, '/password')} required />
    <${CheckField} pointer="/show" label=${t('signin.show')} checked=${shown} onChange=${setShown} />
    <div><${Button} type="submit" kind="main" busy=${busy}>${t('account.password.change')}<//></div></form><//>`;
}

function Sessions({ load }) {
  const { submit, busy, problem } = useSubmit(async (key, id) => { await api.delete(`/me/sessions/${id}`); load.reload(); });
  return html`<${Card} title=${t('account.sessions')}><${ProblemNote} problem=${load.problem || problem} />
    ${load.data && html`<${List} items=${load.data}>${(one) => html`<li key=${one.id}><div class="grow"><b>${one.remote}</b><p class="soft small">${t('account.seen', { at: instant(one.last_seen_at) })}</p></div>
      ${one.current ? html`<${State} kind="good">${t('account.here')}<//>` : html`<${Button} busy=${busy} onClick=${() => submit(one.id)}>${t('account.end')}<//>`}</li>`}<//>`}<//>`;
}

export default function AccountPage() {
  const who = session();
  const sessions = useLoad(() => api.get('/me/sessions').then(({ data }) => data.items), []);
  return html`<div class="narrow"><${Page} title=${t('nav.account')} lead=${`${who.user.name} · ${who.roles.map((role) => t(`role.${role}`)).join(', ')}`}>
    ${who.second_factor_missing && html`<${Note} kind="warn" title=${t('account.missing')}><p>${t('account.missing.text')}</p><//>`}
    ${who.second_factor ? html`<${Card} title=${t('account.factor')}><p>${t('account.factor.has')}</p><//>` : html`<${Authenticator} />`}
    <${Password} onDone=${sessions.reload} /><${Sessions} load=${sessions} /><//></div>`;
}
