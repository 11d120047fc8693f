// i18n.js: two languages, and how money, days, times and numbers are written in each.
const loaded = { words: {}, language: 'id', codes: {} };
const KEY = 'lumbung.language';

export const lang = () => loaded.language;

async function dictionary(name) {
  const response = await fetch(`/i18n/${name}.json`);
  if (!response.ok) throw new Error(`no dictionary ${name}`);
  return response.json();
}

export async function loadLanguage(language) {
  loaded.language = language || localStorage.getItem(KEY) || (navigator.language?.startsWith('en') ? 'en' : 'id');
  loaded.words = await dictionary(loaded.language);
  document.documentElement.lang = loaded.language;
}

// The words of a group of pages, loaded with the first of them: "desk" is i18n/desk.id.json and desk.en.json.
const groups = new Map();
export function loadWords(group) {
  if (!groups.has(group)) groups.set(group, dictionary(`${group}.${loaded.language}`).then((words) => Object.assign(loaded.words, words)));
  return groups.get(group);
}

export function setLang(language) {
  localStorage.setItem(KEY, language);
  location.reload();
}

// A missing key shows itself, and the tests look for it.
export function t(key, params) {
  let text = loaded.words[key];
  if (text === undefined) return key;
  for (const [name, value] of Object.entries(params || {})) text = text.replaceAll(`{${name}}`, value);
  return text;
}
export const has = (key) => loaded.words[key] !== undefined;

// What a language is called in that of the page: "ms-Arab" is "Melayu (Arab)".
export function languageName(tag) {
  try {
    return new Intl.DisplayNames([loaded.language], { type: 'language' }).of(tag) || tag;
  } catch {
    return tag;
  }
}

const locale = () => (loaded.language === 'id' ? 'id-ID' : 'en-GB');
export const number = (value) => new Intl.NumberFormat(locale()).format(value ?? 0);

const EXPONENT = { IDR: 2, JPY: 0, KRW: 0, VND: 0, KWD: 3, BHD: 3, TND: 3, JOD: 3, IQD: 3 };
export const exponent = (currency) => EXPONENT[currency] ?? 2;

// Rp1.500.000 and Rp1,500,000, without the blank that Intl puts, as the server writes it (base/money); minor units in, never a fraction of one.
export function money(minor, currency = 'IDR') {
  if (minor === null || minor === undefined) return '–';
  const digits = exponent(currency);
  const whole = minor / 10 ** digits;
  const text = new Intl.NumberFormat(locale(), { minimumFractionDigits: currency === 'IDR' && Number.isInteger(whole) ? 0 : digits, maximumFractionDigits: digits }).format(Math.abs(whole));
  const sign = minor < 0 ? '−' : '';
  return currency === 'IDR' ? `${sign}Rp${text}` : `${sign}${currency} ${text}`;
}

export function day(text, options = { day: 'numeric', month: 'long', year: 'numeric' }) {
  if (!text) return '–';
  return new Intl.DateTimeFormat(locale(), { ...options, timeZone: 'UTC' }).format(new Date(`${text}T00:00:00Z`));
}

const ZONES = { 420: 'WIB', 480: 'WITA', 540: 'WIT' };
export function zone() {
  const offset = -new Date().getTimezoneOffset();
  return ZONES[offset] || 'UTC' + (offset ? (offset > 0 ? '+' : '') + offset / 60 : '');
}
export function instant(text, month = 'long') {
  if (!text) return '–';
  const at = new Date(text);
  const date = new Intl.DateTimeFormat(locale(), { day: 'numeric', month, year: 'numeric' }).format(at);
  return `${date}, ${clock(text)} ${zone()}`;
}
export const clock = (text) => new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', hour12: false }).format(new Date(text)).replace(':', '.');

export const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);
export const nik = (text) => (text || '').replace(/^(.{4})(.{4})(.{4})(.{4})$/, '$1 $2 $3 $4');

// --- amounts in words: what an approver signs ---------------------------------------------------------------------------------------

const ID_ONES = ['', 'satu', 'dua', 'tiga', 'empat', 'lima', 'enam', 'tujuh', 'delapan', 'sembilan', 'sepuluh', 'sebelas'];
const ID_SCALES = [[1e12, 'triliun'], [1e9, 'miliar'], [1e6, 'juta'], [1e3, 'ribu'], [100, 'ratus'], [10, 'puluh']];
function wordsId(value) {
  if (value < 12) return ID_ONES[value];
  if (value < 20) return `${ID_ONES[value - 10]} belas`;
  for (const [scale, name] of ID_SCALES) {
    if (value < scale) continue;
    const count = Math.floor(value / scale);
    const head = count === 1 && scale <= 1000 ? `se${name}` : `${wordsId(count)} ${name}`;
    return `${head} ${wordsId(value % scale)}`.trim();
  }
  return '';
}
const EN_ONES = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'];
const EN_TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const EN_SCALES = [[1e12, 'trillion'], [1e9, 'billion'], [1e6, 'million'], [1e3, 'thousand'], [100, 'hundred']];
function wordsEn(value) {
  if (value < 20) return EN_ONES[value];
  if (value < 100) return `${EN_TENS[Math.floor(value / 10)]}${value % 10 ? `-${EN_ONES[value % 10]}` : ''}`;
  for (const [scale, name] of EN_SCALES)
    if (value >= scale) return `${wordsEn(Math.floor(value / scale))} ${name} ${wordsEn(value % scale)}`.trim();
  return '';
}
export function words(minor, currency = 'IDR') {
  const whole = Math.floor(minor / 10 ** exponent(currency));
  const text = whole === 0 ? (lang() === 'id' ? 'nol' : 'zero') : lang() === 'id' ? wordsId(whole) : wordsEn(whole);
  return `${text.replace(/\s+/g, ' ')} ${currency === 'IDR' ? 'rupiah' : currency}`;
}

// --- code lists ----------------------------------------------------------------------------------------------------------------------

export async function loadCodes(api) {
  const { data } = await api.get('/codes');
  for (const list of data.items) loaded.codes[list.name] = list.items;
}
export const codes = (name) => loaded.codes[name] || [];
export function code(name, value) {
  const found = codes(name).find((entry) => entry.code === value);
  return found ? found[lang()] : (value ?? '');
}
