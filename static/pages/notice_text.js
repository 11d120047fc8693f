// notice_text.js: the notice that people are told before they consent: which version is asked, and its text in a language, large enough to be read out.
import { html, useState } from '../app/html.js';
import { t, lang, languageName, loadWords } from '../app/i18n.js';
import { api } from '../app/api.js';
import { SelectField } from '../app/parts_form.js';
import { Aloud } from '../app/speak.js';

await loadWords('notice');

const KEPT = 'lumbung.notice.';
// The text is no secret and is needed where there is no line: the version that is asked stays on the device.
async function kept(name, load) {
  try {
    const notice = await load();
    localStorage.setItem(KEPT + name, JSON.stringify(notice));
    return notice;
  } catch (problem) {
    const old = problem.status === 0 && localStorage.getItem(KEPT + name);
    if (!old) throw problem;
    return JSON.parse(old);
  }
}
const read = async (version) => (await api.get(`/consent-notices/${encodeURIComponent(version)}`)).data;

// A version, or without one that which is asked.
export const loadNotice = (version) => kept(version || '', async () => read(version || (await api.all('/consent-notices')).find((notice) => notice.asked).version));

// The language of the family where the notice has it; else that of the page.
export const languageOf = (notice, wanted) => [wanted, lang(), 'id'].find((tag) => notice.texts.some((text) => text.language === tag)) || notice.texts[0].language;

export function NoticeText({ notice, language, onLanguage, pointer = '/language', error }) {
  const text = notice.texts.find((one) => one.language === language) || notice.texts[0];
  const options = notice.texts.map((one) => [one.language, languageName(one.language)]);
  return html`<div class="stack">
    <${SelectField} pointer=${pointer} label=${t('notice.language')} options=${options} value=${text.language} onChange=${(tag) => onLanguage(tag || text.language)} error=${error} />
    <div class="notice-text" lang=${text.language} dir="auto"><h3>${text.title}</h3>${text.text.split(/\n\s*\n/).map((paragraph, i) => html`<p key=${i}>${paragraph}</p>`)}</div>
    <div class="row noprint"><${Aloud} text=${`${text.title}. ${text.text}`} language=${text.language} /></div></div>`;
}

export function NoticeReader({ notice, start }) {
  const [language, setLanguage] = useState(languageOf(notice, start));
  return html`<${NoticeText} notice=${notice} language=${language} onLanguage=${setLanguage} />`;
}
