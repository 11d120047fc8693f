// frame.js: what stands around every page: navigation by permission, language, sign-out, the word CONTOH on a demo, and the second factor.
import { html, useState, useEffect, useRef } from './html.js';
import { t, lang, setLang } from './i18n.js';
import { api, isReached, knock } from './api.js';
import { isDark, turnTheme } from './theme.js';
import { session, signOut } from './session.js';
import { groupsOf, tabsOf, isHere } from './menu.js';
import { navigate } from './router.js';
import { Button, ProblemNote } from './parts.js';
import { DigitsField } from './parts_form.js';

// The code is asked where the person is; what he did goes on from there.
export function CodeDialog({ ask }) {
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(null);
  const box = useRef();
  useEffect(() => { box.current?.querySelector('input')?.focus(); }, []);
  const send = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await api.post('/session/step-up', { totp: code }, { key: null });
      ask.done();
    } catch (failure) {
      setProblem(failure);
      setCode('');
    } finally {
      setBusy(false);
    }
  };
  return html`<div class="dialog" role="dialog" aria-modal="true" aria-label=${t('code.title')} ref=${box} onKeyDown=${(event) => event.key === 'Escape' && ask.cancel()}>
    <form class="card stack" onSubmit=${send}><h2>${t('code.title')}</h2><p>${t('code.text')}</p><${ProblemNote} problem=${problem} />
      <${DigitsField} pointer="/totp" label=${t('code.label')} length=${6} value=${code} onChange=${setCode} autocomplete="one-time-code" />
      <div class="row"><${Button} type="submit" kind="main" busy=${busy} disabled=${code.length !== 6}>${t('code.send')}<//><${Button} kind="quiet" onClick=${() => ask.cancel()}>${t('cancel')}<//></div></form></div>`;
}

const KNOCK_MS = 5000;

// No network, or a server that does not answer: then it is asked again now and then until it does.
function useOffline() {
  const away = () => !navigator.onLine || !isReached();
  const [offline, setOffline] = useState(away());
  useEffect(() => {
    const set = () => setOffline(away());
    for (const name of ['online', 'offline', 'reach']) addEventListener(name, set);
    return () => { for (const name of ['online', 'offline', 'reach']) removeEventListener(name, set); };
  }, []);
  useEffect(() => {
    if (!offline) return undefined;
    const timer = setInterval(knock, KNOCK_MS);
    return () => clearInterval(timer);
  }, [offline]);
  return offline;
}

const Language = () => {
  const other = lang() === 'id' ? 'en' : 'id';
  return html`<button type="button" class="button quiet" lang=${other} onClick=${() => setLang(other)}>${other === 'en' ? 'English' : 'Indonesia'}</button>`;
};

function Theme({ named }) {
  const [dark, setDark] = useState(isDark());
  return html`<button type="button" class="button quiet" aria-pressed=${dark ? 'true' : 'false'} title=${t('theme.dark')} onClick=${() => { turnTheme(); setDark(isDark()); }}><span aria-hidden="true">◐</span><span class=${named ? '' : 'visually-hidden'}>${t('theme.dark')}</span></button>`;
}

const leave = async () => { await signOut(); navigate('/masuk'); };
const Leave = () => html`<button type="button" class="button quiet" onClick=${leave}>${t('signout')}</button>`;

const Entry = ({ entry, path }) => html`<a href=${entry.href} aria-current=${isHere(entry.href, path) ? 'page' : null}>${t(entry.label)}</a>`;
const Groups = ({ groups, path }) => groups.map((group) => html`<div class="pages" key=${group.name}>${group.title && html`<p class="soft small">${t(group.title)}</p>`}
  ${group.entries.map((entry) => html`<${Entry} key=${entry.href} entry=${entry} path=${path} />`)}</div>`);

// On a phone: every page, who is signed in, and what belongs to him. It closes with the next page, with Escape, and when the focus goes elsewhere.
const Menu = ({ who, groups, path }) => html`<details class="menu" onKeyDown=${(event) => { if (event.key === 'Escape') { event.currentTarget.open = false; event.currentTarget.firstElementChild.focus(); } }}
    onfocusout=${(event) => { if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget)) event.currentTarget.open = false; }}>
  <summary class="button quiet"><span>${who.user.name.split(' ')[0]}</span></summary>
  <div class="card"><p><b>${who.user.name}</b><br /><span class="soft small">${rolesOf(who)}</span></p>${groups.length > 0 && html`<nav class="all" aria-label=${t('nav.main')}><${Groups} groups=${groups} path=${path} /></nav>`}<a class="button quiet" href="/akun">${t('nav.account')}</a><${Theme} named /><${Leave} /></div></details>`;

const rolesOf = (who) => who.roles.map((role) => t(`role.${role}`)).join(', ');

export function Frame({ path, options, children }) {
  const who = session();
  const offline = useOffline();
  const groups = who && !options.plain && !who.second_factor_missing ? groupsOf() : [];
  return html`<div class=${`frame ${groups.length ? '' : 'plain'}`}>
    <a class="skip" href="#main" onClick=${(event) => { event.preventDefault(); document.getElementById('main').focus(); }}>${t('skip')}</a>
    ${who?.demo && html`<div class="demo">${t('demo')}</div>`}
    <div class="offline noprint" role="status">${offline && html`<b>${t('offline')}.</b> ${t('offline.text')}`}</div>
    <header class="top noprint"><a class="brand" href="/">Lumbung</a><span class="push"></span><${Language} />${who ? html`<${Menu} key=${path} who=${who} groups=${groups} path=${path} />` : html`<${Theme} />`}</header>
    ${groups.length > 0 && html`<nav class="side noprint" aria-label=${t('nav.main')}><a class="brand" href="/">Lumbung</a><${Groups} groups=${groups} path=${path} />
      <div class="who small"><p><a href="/akun"><b>${who.user.name}</b></a></p><p class="soft">${rolesOf(who)}</p>
        <div class="row"><${Language} /><${Theme} /><${Leave} /></div></div></nav>`}
    <main id="main" tabindex="-1">${children}</main>
    ${groups.length > 0 && html`<nav class="tabs noprint" aria-label=${t('nav.tabs')}>${tabsOf(groups).map((entry) => html`<${Entry} key=${entry.href} entry=${entry} path=${path} />`)}</nav>`}
  </div>`;
}
