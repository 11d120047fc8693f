// assessment_question.js: one question of a questionnaire by its type, in the language of the interview.
import { html, useState } from '../app/html.js';
import { t, lang, number } from '../app/i18n.js';
import { Button } from '../app/parts.js';
import { Field, TextField, DateField, RadioField, CheckList } from '../app/parts_form.js';
import { shrink, attach } from '../app/photo.js';

// Words in the language of the interview, else in that of the page, else in the first there are.
export const words = (label, language) => (label && typeof label === 'object' ? label[language] ?? label[lang()] ?? Object.values(label)[0] : label);

const plainNumber = /^-?\d+([.,]\d+)?$/;
const wholeNumber = /^-?\d+$/;
const readNumber = (text, pattern) => (pattern.test(text.trim()) ? Number(text.trim().replace(',', '.')) : text.trim() === '' ? undefined : text);

function NumberAnswer({ value, onChange, whole, ...rest }) {
  const [text, setText] = useState(value === undefined ? '' : String(value));
  const same = readNumber(text, whole ? wholeNumber : plainNumber) === value;
  return html`<${TextField} ...${rest} inputmode=${whole ? 'numeric' : 'decimal'} autocomplete="off" value=${same ? text : value ?? ''} onChange=${(typed) => { setText(typed); onChange(readNumber(typed, whole ? wholeNumber : plainNumber)); }} />`;
}

function RankField({ pointer, label, hint, error, optional, value, onChange, options }) {
  const id = `f${pointer}`, order = value || [];
  const nameOf = (name) => options.find(([word]) => word === name)?.[1] || name;
  const move = (from, to) => { const next = [...order]; next.splice(to, 0, next.splice(from, 1)[0]); onChange(next); };
  return html`<fieldset class=${`field ${error ? 'faulty' : ''}`}><legend>${label}${optional && html` <span class="soft">${t('optional')}</span>`}</legend>
    ${hint && html`<p class="hint">${hint}</p>`}
    ${order.length ? html`<p class="hint">${t('form.rank.hint')}</p><ol class="rank">${order.map((name, i) => html`<li key=${name}><span>${i + 1}. ${nameOf(name)}</span>
      <button type="button" class="button" id=${i ? null : id} aria-label=${t('form.rank.up', { label: nameOf(name) })} disabled=${i === 0} onClick=${() => move(i, i - 1)}>↑</button>
      <button type="button" class="button" aria-label=${t('form.rank.down', { label: nameOf(name) })} disabled=${i === order.length - 1} onClick=${() => move(i, i + 1)}>↓</button></li>`)}</ol>`
      : html`<button type="button" class="button" id=${id} onClick=${() => onChange(options.map(([name]) => name))}>${t('form.rank.start')}</button>`}
    ${error && html`<p class="fault">${error}</p>`}</fieldset>`;
}

function PointField({ pointer, value, onChange, error, ...rest }) {
  const [busy, setBusy] = useState(false);
  const [denied, setDenied] = useState(false);
  const take = () => {
    setBusy(true);
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      setBusy(false);
      setDenied(false);
      onChange(`${coords.latitude.toFixed(7)} ${coords.longitude.toFixed(7)} ${(coords.altitude ?? 0).toFixed(1)} ${coords.accuracy.toFixed(1)}`);
    }, () => { setBusy(false); setDenied(true); }, { enableHighAccuracy: true, timeout: 20000 });
  };
  const [latitude, longitude, , accuracy] = (value || '').split(' ');
  return html`<${TextField} ...${rest} pointer=${pointer} hint=${rest.hint || t('form.point.hint')} error=${error || (denied && t('form.point.denied'))} value=${value} inputmode="text" autocomplete="off" onChange=${(text) => onChange(text === '' ? undefined : text)} />
    ${accuracy && html`<p class="answer-line">${t('form.point.shown', { latitude, longitude, accuracy })}</p>`}
    <div class="row"><${Button} busy=${busy} onClick=${take}>${t(value ? 'form.point.again' : 'form.point.take')}<//></div>`;
}

function PhotoField({ pointer, label, hint, error, optional, value, onChange }) {
  const id = `f${pointer}`;
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState(null);
  const take = async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    setBusy(true);
    const small = await shrink(file).catch(() => null);
    const made = small && await attach(small).catch(() => null);
    setFault(made ? null : t(small ? 'form.photo.failed' : 'form.photo.bad'));
    if (made) onChange(made);
    setBusy(false);
  };
  return html`<${Field} id=${id} label=${label} hint=${hint} error=${error || fault} optional=${optional}>
    <input id=${id} type="file" accept="image/*" capture="environment" disabled=${busy} onChange=${take} />
    ${value && html`<img class="photo" src=${`/api/v1/attachments/${value}`} alt=${t('form.photo.shown')} />`}<//>`;
}

function Answer({ question, options, ...shared }) {
  const { onChange } = shared;
  switch (question.type) {
    case 'select_one': return html`<${RadioField} ...${shared} options=${options} />`;
    case 'select_multiple': return html`<${CheckList} ...${shared} options=${options} />`;
    case 'rank': return html`<${RankField} ...${shared} options=${options} />`;
    case 'date': return html`<${DateField} ...${shared} />`;
    case 'point': return html`<${PointField} ...${shared} />`;
    case 'photo': return html`<${PhotoField} ...${shared} />`;
    case 'integer': return html`<${NumberAnswer} ...${shared} whole />`;
    case 'decimal': return html`<${NumberAnswer} ...${shared} />`;
    default: return html`<${TextField} ...${shared} rows=${question.type === 'text' ? 2 : undefined} autocomplete="off" onChange=${(text) => onChange(text === '' ? undefined : text)} />`;
  }
}

// `options`: the choices that are offered here; `value` of a calculated question is what was worked out.
export function Question({ question, pointer, value, options, onChange, error, language }) {
  const label = words(question.label, language);
  if (question.type === 'note') return html`<p class="asked"><bdi lang=${language} dir="auto">${label}</bdi></p>`;
  if (question.type === 'calculated') return value === undefined || !label ? null : html`<p class="answer-line"><bdi lang=${language} dir="auto">${label}</bdi>: <b>${typeof value === 'number' ? number(value) : value}</b></p>`;
  const text = (entry) => (entry ? html`<bdi lang=${language} dir="auto">${entry}</bdi>` : undefined);
  const shown = options?.map((choice) => [choice.name, question.type === 'rank' ? words(choice.label, language) : text(words(choice.label, language))]);
  return html`<div class="asked"><${Answer} question=${question} options=${shown} pointer=${pointer} label=${text(label)} hint=${text(words(question.hint, language))} error=${error} value=${value} onChange=${onChange} optional=${!question.required} />
    ${question.guidance && html`<details class="small"><summary>${t('form.guidance')}</summary><p lang=${language} dir="auto">${words(question.guidance, language)}</p></details>`}</div>`;
}

export function faultText(fault, language) {
  if (!fault) return null;
  const { code, question } = fault;
  if (code === 'required') return t('form.required');
  if (code === 'constraint') return words(fault.message, language) || t('assess.constraint');
  if (code === 'range') return fault.min !== undefined && fault.max !== undefined ? t('form.between', { min: fault.min, max: fault.max }) : fault.min !== undefined ? t('assess.min', { min: fault.min }) : t('assess.max', { max: fault.max });
  if (code === 'conflict') return t('form.conflict');
  if (question?.type === 'integer') return t('assess.whole_number');
  if (question?.type === 'decimal') return t('assess.number');
  const own = { date: t('form.type.date'), point: t('form.type.point'), select_one: t('form.type.select_one'), select_multiple: t('form.type.select_multiple'), rank: t('form.type.rank') };
  return own[question?.type] || t('form.type');
}

export function answerText(question, value, language) {
  if (value === undefined || value === null || value === '' || (Array.isArray(value) && !value.length)) return '–';
  const label = (name) => words(question.choices?.find((choice) => choice.name === name)?.label, language) || String(name);
  if (Array.isArray(value)) return value.map(label).join(question.type === 'rank' ? ' › ' : ', ');
  if (question.type === 'photo') return t('form.photo.shown');
  return typeof value === 'number' ? number(value) : label(value);
}
