// notice.js: the notices that are read to families: every version with its languages, one of them read, and published once it is whole.
import { html, useState } from '../app/html.js';
import { t, instant, languageName } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { Page, Button, Card, Confirm, Link, Note, ProblemNote, Skeleton, State, Table, useLoad, useSubmit } from '../app/parts.js';
import { NoticeReader } from './notice_text.js';
import { sheet } from '../app/sheet.js';

await sheet('/css/field.css');

const NEEDED = ['id', 'en'];
const standing = (notice) => (notice.asked ? 'asked' : notice.state === 'draft' ? 'draft' : 'old');
const NoticeState = ({ notice }) => html`<${State} kind=${{ asked: 'good', draft: 'info', old: '' }[standing(notice)]}>${t(`notice.${standing(notice)}`)}<//>`;
const publishedText = (notice) => (notice.state === 'draft' ? '–' : notice.published_at ? instant(notice.published_at) : t('notice.published.built_in'));

// Drafts first, then the newest.
const inOrder = (notices) => [...notices].sort((a, b) => (a.state === b.state ? (b.published_at || b.made_at || '').localeCompare(a.published_at || a.made_at || '') : a.state === 'draft' ? -1 : 1));

export default function NoticePage({ version }) {
  return version ? html`<${One} version=${version} />` : html`<${Many} />`;
}

function Many() {
  const list = useLoad(async () => inOrder(await api.all('/consent-notices')), []);
  const columns = [
    { label: t('notice.version'), cell: (notice) => html`<a href=${`/pemberitahuan/${notice.version}`}>${notice.version}</a>` },
    { label: t('notice.title'), cell: (notice) => notice.title },
    { label: t('notice.languages'), cell: (notice) => notice.languages.map(languageName).join(', ') },
    { label: t('notice.published'), cell: publishedText },
    { label: t('state'), cell: (notice) => html`<${NoticeState} notice=${notice} />` },
  ];
  return html`<${Page} title=${t('notice.page')} lead=${t('notice.lead')} actions=${can('program.write') && html`<${Link} kind="main" href="/pemberitahuan/baru">${t('notice.new')}<//>`}>
    <${ProblemNote} problem=${list.problem} retry=${list.reload} />${!list.data && !list.problem && html`<${Skeleton} />`}
    ${list.data && html`<${Card} flush><${Table} caption=${t('notice.page')} columns=${columns} rows=${list.data} keyOf=${(notice) => notice.version} /><//>`}<//>`;
}

function Publish({ notice, onDone }) {
  const [asking, setAsking] = useState(false);
  const work = useSubmit(async (key) => onDone((await api.post(`/consent-notices/${notice.version}/publish`, {}, { key, ifMatch: notice.revision })).data));
  const missing = NEEDED.filter((tag) => !notice.texts.some((text) => text.language === tag));
  if (asking) return html`<${Confirm} title=${t('notice.publish.ask', { version: notice.version })} act=${t('notice.publish')} busy=${work.busy} problem=${work.problem} onDone=${() => work.submit()} onCancel=${() => setAsking(false)}>
    <p>${t('notice.publish.text')}</p><p>${t('notice.publish.languages', { languages: notice.texts.map((text) => languageName(text.language)).join(', ') })}</p><//>`;
  return html`<${Note} title=${t('notice.draft.text')}>${missing.length > 0 && html`<p>${t('notice.publish.missing', { languages: missing.map(languageName).join(', ') })}</p>`}
    <div class="row"><${Button} kind="main" disabled=${missing.length > 0} onClick=${() => setAsking(true)}>${t('notice.publish')}<//><${Link} href=${`/pemberitahuan/${notice.version}/ubah`}>${t('notice.edit')}<//></div><//>`;
}

function One({ version }) {
  const { data: notice, problem, reload, setData } = useLoad(() => api.get(`/consent-notices/${version}`).then(({ data }) => data), [version]);
  return html`<div class="form-page"><${Page} above=${t('notice.page')} title=${t('notice.one', { version })} back="/pemberitahuan" state=${notice && html`<${NoticeState} notice=${notice} />`}>
    <${ProblemNote} problem=${problem} retry=${reload} />${!notice && !problem && html`<${Skeleton} lines=${6} />`}
    ${notice?.state === 'draft' && can('program.write') && html`<${Publish} notice=${notice} onDone=${setData} />`}
    ${notice && html`<${Card}><${NoticeReader} key=${notice.revision} notice=${notice} /><//>`}
    ${notice?.state === 'published' && html`<p class="soft small">${t('notice.published')}: ${publishedText(notice)}</p>`}<//></div>`;
}
