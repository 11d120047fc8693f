// notice_write.js: a draft of the notice, language by language; a new one starts from the text that is asked now.
import { html, useState } from '../app/html.js';
import { t, languageName } from '../app/i18n.js';
import { api } from '../app/api.js';
import { navigate } from '../app/router.js';
import { Page, Button, Card, ErrorSummary, Link, ProblemNote, Skeleton, useLoad, useSubmit } from '../app/parts.js';
import { TextField, faultAt } from '../app/parts_form.js';
import { loadNotice } from './notice_text.js';
import { sheet } from '../app/sheet.js';

await sheet('/css/field.css');

const LANGUAGES_MAX = 40;

// The number after the highest; names that are no number are left to who writes them.
const nextVersion = (notices) => String(Math.max(0, ...notices.map((notice) => (/^\d{1,6}$/.test(notice.version) ? Number(notice.version) : 0))) + 1);

async function start(version) {
  if (version) return (await api.get(`/consent-notices/${version}`)).data;
  const [asked, all] = await Promise.all([loadNotice(), api.all('/consent-notices')]);
  return { version: nextVersion(all), texts: asked.texts };
}

// "/texts/1/title": whose language it is.
const nameOf = (texts) => (pointer) => {
  const [, part, index, name] = pointer.split('/');
  if (part !== 'texts') return t(`notice.${part === 'version' ? 'version' : 'text'}`);
  const tag = texts[index]?.language;
  return `${tag ? languageName(tag) : t('notice.language.numbered', { number: Number(index) + 1 })}: ${t({ language: 'notice.tag', title: 'notice.title' }[name] || 'notice.text')}`;
};

function TextForm({ index, text, set, onRemove, problem }) {
  const at = `/texts/${index}`, fault = (name) => faultAt(problem, `${at}/${name}`) || (name === 'language' && faultAt(problem, at));
  const named = /^[a-zA-Z]{2,3}(-[a-zA-Z0-9]+)*$/.test(text.language) && languageName(text.language);
  return html`<${Card} title=${named || t('notice.language.numbered', { number: index + 1 })} actions=${onRemove && html`<${Button} kind="quiet" onClick=${onRemove}>${t('notice.language.remove')}<//>`}>
    <${TextField} pointer=${`${at}/language`} label=${t('notice.tag')} hint=${t('notice.tag.hint')} value=${text.language} onChange=${(language) => set({ language: language.trim() })} autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="35" error=${fault('language')} />
    <${TextField} pointer=${`${at}/title`} label=${t('notice.title')} value=${text.title} onChange=${(title) => set({ title })} dir="auto" lang=${text.language} maxlength="200" error=${fault('title')} />
    <${TextField} pointer=${`${at}/text`} label=${t('notice.text')} hint=${t('notice.text.hint')} rows=${12} value=${text.text} onChange=${(body) => set({ text: body })} dir="auto" lang=${text.language} maxlength="8000" error=${fault('text')} /><//>`;
}

function Form({ old, version: given }) {
  const [version, setVersion] = useState(old.version);
  const [texts, setTexts] = useState(old.texts);
  const home = given ? `/pemberitahuan/${given}` : '/pemberitahuan';
  const work = useSubmit(async (key) => {
    const { data } = given ? await api.patch(`/consent-notices/${given}`, { texts }, { key, ifMatch: old.revision }) : await api.post('/consent-notices', { version: version.trim(), texts }, { key });
    navigate(`/pemberitahuan/${data.version}`, { replace: true });
  });
  const set = (index, part) => setTexts(texts.map((text, i) => (i === index ? { ...text, ...part } : text)));
  return html`<form class="stack" novalidate onSubmit=${(event) => { event.preventDefault(); work.submit(); }}>
    <${ErrorSummary} problem=${work.problem} names=${nameOf(texts)} />
    ${!given && html`<${Card}><${TextField} pointer="/version" label=${t('notice.version')} hint=${t('notice.version.hint')} value=${version} onChange=${setVersion} autocomplete="off" maxlength="40" error=${faultAt(work.problem, '/version')} /><//>`}
    ${texts.map((text, index) => html`<${TextForm} key=${index} index=${index} text=${text} set=${(part) => set(index, part)} problem=${work.problem} onRemove=${texts.length > 1 && (() => setTexts(texts.filter((_, i) => i !== index)))} />`)}
    ${texts.length < LANGUAGES_MAX && html`<div><${Button} onClick=${() => setTexts([...texts, { language: '', title: '', text: '' }])}>+ ${t('notice.language.add')}<//></div>`}
    <div class="row"><${Button} type="submit" kind="main" busy=${work.busy}>${t('notice.save')}<//><${Link} kind="quiet" href=${home}>${t('cancel')}<//></div></form>`;
}

export default function NoticeWritePage({ version }) {
  const old = useLoad(() => start(version), [version]);
  return html`<div class="form-page"><${Page} above=${t('notice.page')} title=${version ? t('notice.one', { version }) : t('notice.write')} lead=${t('notice.write.lead')} back=${version ? `/pemberitahuan/${version}` : '/pemberitahuan'}>
    <${ProblemNote} problem=${old.problem} retry=${old.reload} />${!old.data && !old.problem && html`<${Skeleton} lines=${6} />`}
    ${old.data && html`<${Form} old=${old.data} version=${version} />`}<//></div>`;
}
