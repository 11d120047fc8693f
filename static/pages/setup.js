// setup.js: the one-time link: name, password, then the secret for the authenticator app, shown once.
import { html, useState } from '../app/html.js';
import { t } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Page, Button, Link, Card, Note, ErrorSummary, useSubmit } from '../app/parts.js';
import { TextField, CheckField, faultAt } from '../app/parts_form.js';

export default function SetupPage({ token }) {
  const [form, setForm] = useState({ display_name: '', username: '', password: '' });
  const [shown, setShown] = useState(false);
  const [made, setMade] = useState(null);
  const set = (name) => (value) => setForm((old) => ({ ...old, [name]: value }));
  const { submit, busy, problem } = useSubmit(async () => {
    const body = { token, password: form.password, ...(form.username ? { username: form.username.trim() } : {}), ...(form.display_name ? { display_name: form.display_name } : {}) };
    setMade((await api.post('/setup', body, { key: null })).data);
  });
  if (made)
    return html`<div class="narrow"><${Page} title=${t('setup.done')}><${Card}><p>${t('setup.secret')}</p>
      ${made.totp_secret && html`<pre>${made.totp_secret.replace(/(.{4})/g, '$1 ')}</pre><p><a href=${made.otpauth}>otpauth</a></p>`}
      <${Link} kind="main wide" href="/masuk">${t('setup.go')}<//><//><//></div>`;
  const used = problem && [404, 410].includes(problem.status);
  return html`<div class="narrow"><${Page} title=${t('setup.title')} lead=${t('setup.lead')}>
    <form class="card stack" onSubmit=${(event) => { event.preventDefault(); submit(); }}>
      ${used ? html`<${Note} kind="bad" role="alert">${t('setup.used')}<//>` : html`<${ErrorSummary} problem=${problem} />`}
      <${TextField} pointer="/display_name" label=${t('setup.display')} value=${form.display_name} onChange=${set('display_name')} autocomplete="name" error=${faultAt(problem, '/display_name')} />
      <${TextField} pointer="/username" label=${t('signin.username')} value=${form.username} onChange=${set('username')} autocomplete="username" autocapitalize="none" spellcheck="false" error=${faultAt(problem, '/username')} />
      <${TextField} pointer="/password" label=${t('signin.password')} type=${shown ? 'text' : 'password'} value=${form.password} onChange=${set('password')} autocomplete="new-password" error=${faultAt(problem, '/password')} required />
      <${CheckField} pointer="/show" label=${t('signin.show')} checked=${shown} onChange=${setShown} />
      <${Button} type="submit" kind="main wide" busy=${busy}>${t('setup.submit')}<//>
    </form><//></div>`;
}
