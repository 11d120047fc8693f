// session.js: signing in.
import { html, useState } from '../app/html.js';
import { t } from '../app/i18n.js';
import { signIn } from '../app/session.js';
import { navigate, useQuery } from '../app/router.js';
import { Page, Button, ErrorSummary, useSubmit } from '../app/parts.js';
import { TextField, DigitsField, CheckField } from '../app/parts_form.js';

// Only a path of ours: the address must not carry a person elsewhere.
const safePath = (path) => (path && /^\/[^/\\]/.test(path) ? path : '/');

export default function SignInPage() {
  const [query] = useQuery();
  const [form, setForm] = useState({ username: '', password: '', totp: '' });
  const [shown, setShown] = useState(false);
  const set = (name) => (value) => setForm((old) => ({ ...old, [name]: value }));
  const { submit, busy, problem } = useSubmit(async () => {
    await signIn(form.username.trim(), form.password, form.totp);
    navigate(safePath(query.ke), { replace: true });
  });
  return html`<div class="narrow"><${Page} title=${t('signin.title')} lead=${t('signin.lead')}>
    <form class="card stack" onSubmit=${(event) => { event.preventDefault(); submit(); }}>
      <${ErrorSummary} problem=${problem} />
      <${TextField} pointer="/username" label=${t('signin.username')} value=${form.username} onChange=${set('username')} autocomplete="username" autocapitalize="none" spellcheck="false" required />
      <${TextField} pointer="/password" label=${t('signin.password')} type=${shown ? 'text' : 'password'} value=${form.password} onChange=${set('password')} autocomplete="current-password" required />
      <${CheckField} pointer="/show" label=${t('signin.show')} checked=${shown} onChange=${setShown} />
      <${DigitsField} pointer="/totp" label=${t('signin.code')} hint=${t('signin.code.hint')} length=${6} value=${form.totp} onChange=${set('totp')} autocomplete="one-time-code" />
      <${Button} type="submit" kind="main wide" busy=${busy}>${t('signin.submit')}<//>
    </form><//></div>`;
}
