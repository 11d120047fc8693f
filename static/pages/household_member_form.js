// household_member_form.js: one person of a household: number, birth, relations, school, work, health.
import { html, useState, useEffect } from '../app/html.js';
import { t, code, day, today } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Button } from '../app/parts.js';
import { TextField, DigitsField, NumberField, MoneyField, DateField, SelectField, RadioField, YesNoField, faultAt } from '../app/parts_form.js';
import { decodeNik } from '../app/nik.js';
import { age } from '../app/flags.js';
import { DuplicateHint } from './household_duplicate_hint.js';
import { KeptField } from './household_masked.js';

// What the digits say, as they are typed; where the place is unknown here, its code stands for it.
function NikReading({ value, member }) {
  const read = decodeNik(value);
  const [place, setPlace] = useState(null);
  useEffect(() => {
    setPlace(null);
    if (!read) return undefined;
    let live = true;
    api.get(`/regions/${read.region}`).then(({ data }) => live && setPlace(data.name), () => {});
    return () => { live = false; };
  }, [value]);
  if (!read) return value ? html`<p class="hint" role="status">${/^\d*$/.test(value) ? t('nik.count', { count: value.length }) : t('nik.digits')}</p>` : null;
  if (read.faulty) return html`<p class="fault" role="status">${t('nik.impossible')}</p>`;
  const odd = [member.sex && member.sex !== 'X' && member.sex !== read.sex && t('nik.sex'), read.birth_date === null && t('nik.date.impossible'),
    member.birth_date && read.birth_date && (member.birth_date_precision || 'day') === 'day' && member.birth_date !== read.birth_date && t('nik.date')].filter(Boolean);
  return html`<p class="hint" role="status">${t('nik.says')} <b>${code('sex', read.sex)}</b>${read.birth_date && html`, <b>${day(read.birth_date)}</b>`}, ${place ? t('nik.place', { name: place }) : t('nik.place.code', { code: read.region })}
    ${odd.map((text) => html`<br /><span class="state warn">${text}</span>`)}</p>`;
}

const REASONS = ['no_card', 'lost', 'never_recorded', 'newborn', 'refused', 'other'];
const SIX = ['seeing', 'hearing', 'walking', 'remembering', 'self_care', 'communicating'];
const GRADES = () => [1, 2, 3, 4].map((grade) => [grade, t(`grade.${grade}`)]);

function Identity({ at, value, set, fault, masked, changing }) {
  const reasons = REASONS.map((word) => [word, t(`id_reason.${word}`)]);
  const others = value.other_ids || [];
  const setOther = (index, change) => set({ other_ids: others.map((entry, i) => (i === index ? { ...entry, ...change } : entry)) });
  return html`<div class="stack">
    <div><${DigitsField} pointer=${`${at}/nik`} label=${t('field.nik')} hint=${changing && masked ? t('nik.known', { tail: masked.slice(-4) }) : t('nik.hint')} optional length=${16} value=${value.nik} onChange=${(nik) => set({ nik: nik || undefined, ...(nik ? { id_reason: undefined } : {}) })} error=${fault('nik')} />
      <${NikReading} value=${value.nik} member=${value} /></div>
    ${!changing && html`<${DuplicateHint} query=${/^\d{16}$/.test(value.nik || '') ? { nik: value.nik } : null} />`}
    ${!value.nik && !masked && html`<${SelectField} pointer=${`${at}/id_reason`} label=${t('field.id_reason')} optional options=${reasons} value=${value.id_reason} onChange=${(id_reason) => set({ id_reason })} error=${fault('id_reason')} />`}
    ${others.map((entry, index) => html`<div class="card sunken stack tight" key=${index}>
      <${SelectField} pointer=${`${at}/other_ids/${index}/kind`} label=${t('field.other_kind')} list="id_kind" value=${entry.kind} onChange=${(kind) => setOther(index, { kind })} error=${fault(`other_ids/${index}/kind`)} />
      <${KeptField} pointer=${`${at}/other_ids/${index}/value`} label=${t('field.value')} value=${entry.value} onChange=${(text) => setOther(index, { value: text })} autocomplete="off" error=${fault(`other_ids/${index}/value`)} />
      <${Button} kind="quiet" onClick=${() => set({ other_ids: others.filter((_, i) => i !== index) })}>${t('people.other_id.remove')}<//></div>`)}
    ${others.length < 8 && html`<${Button} kind="quiet" onClick=${() => set({ other_ids: [...others, {}] })}>+ ${t('people.other_id.add')}<//>`}
  </div>`;
}

function Birth({ at, value, set, fault }) {
  const known = value.age_years !== undefined && !value.birth_date ? 'age' : value.birth_date_precision || 'day';
  const [how, setHow] = useState(known);
  const year = value.birth_date?.slice(0, 4);
  const choose = (next) => {
    setHow(next);
    if (next === 'age') set({ birth_date: undefined, birth_date_precision: undefined, age_on: value.age_years === undefined ? undefined : today() });
    else set({ age_years: undefined, age_on: undefined, birth_date_precision: next === 'day' ? undefined : next });
  };
  const setYear = (text) => set({ birth_date: /^\d{4}$/.test(text) ? `${text}-07-01` : undefined, birth_year: text });
  return html`<div class="stack">
    <${SelectField} pointer=${`${at}/birth_date_precision`} label=${t('people.birth.how')} options=${[['day', t('people.birth.day')], ['month', t('people.birth.month')], ['year', t('people.birth.year.only')], ['estimate', t('people.birth.estimate')], ['age', t('people.birth.age')]]}
      value=${how} onChange=${(next) => choose(next || 'day')} error=${fault('birth_date_precision')} />
    ${(how === 'day' || how === 'month') && html`<${DateField} pointer=${`${at}/birth_date`} label=${t('field.birth_date')} hint=${how === 'month' ? t('people.birth.month.hint') : t('people.birth.hint')} value=${value.birth_date} onChange=${(birth_date) => set({ birth_date })} error=${fault('birth_date')} />`}
    ${(how === 'year' || how === 'estimate') && html`<${DigitsField} pointer=${`${at}/birth_date`} label=${t('people.birth.in')} length=${4} value=${value.birth_year ?? year} onChange=${setYear} error=${fault('birth_date')} />`}
    ${how === 'age' && html`<${NumberField} pointer=${`${at}/age_years`} label=${t('field.age_years')} maxlength="3" value=${value.age_years} onChange=${(age_years) => set({ age_years, age_on: age_years === undefined ? undefined : today() })} error=${fault('age_years') || fault('age_on')} />`}
  </div>`;
}

function School({ at, value, set, fault }) {
  return html`<div class="stack">
    <${SelectField} pointer=${`${at}/education`} label=${t('field.education')} list="education" optional value=${value.education} onChange=${(education) => set({ education })} error=${fault('education')} />
    <${YesNoField} pointer=${`${at}/in_school`} label=${t('field.in_school')} value=${value.in_school} onChange=${(in_school) => set(in_school ? { in_school } : { in_school, school_level: undefined, grade: undefined })} error=${fault('in_school')} />
    ${value.in_school && html`<div class="pair"><${SelectField} pointer=${`${at}/school_level`} label=${t('field.school_level')} list="school_level" value=${value.school_level} onChange=${(school_level) => set({ school_level })} error=${fault('school_level')} />
      <${NumberField} pointer=${`${at}/grade`} label=${t('field.grade')} hint=${t('people.grade.hint')} maxlength="2" value=${value.grade} onChange=${(grade) => set({ grade })} error=${fault('grade')} /></div>`}
  </div>`;
}

function Health({ at, value, set, fault, years }) {
  const disability = value.disability || {};
  const pregnant = value.pregnancy !== undefined && value.pregnancy !== null;
  return html`<div class="stack">
    ${years >= 5 && html`<fieldset class="field"><legend>${t('people.disability')}</legend><p class="hint">${t('people.disability.hint')}</p><div class="stack">${SIX.map((name) => html`
      <${SelectField} key=${name} pointer=${`${at}/disability/${name}`} label=${t(`ask.${name}`)} options=${GRADES()} value=${disability[name]} onChange=${(grade) => set({ disability: { ...disability, [name]: grade ? Number(grade) : undefined } })} error=${fault(`disability/${name}`)} />`)}</div></fieldset>`}
    <${YesNoField} pointer=${`${at}/registered_severe_disability`} label=${t('field.registered_severe_disability')} value=${value.registered_severe_disability} onChange=${(flag) => set({ registered_severe_disability: flag })} />
    <${YesNoField} pointer=${`${at}/chronic_illness`} label=${t('field.chronic_illness')} value=${value.chronic_illness} onChange=${(chronic_illness) => set({ chronic_illness })} />
    ${value.sex === 'F' && years >= 10 && years <= 55 && html`<${YesNoField} pointer=${`${at}/pregnancy`} label=${t('field.pregnancy')} value=${value.pregnancy === undefined ? undefined : pregnant} onChange=${(flag) => set({ pregnancy: flag ? {} : null })} error=${fault('pregnancy')} />`}
    ${pregnant && html`<${DateField} pointer=${`${at}/pregnancy/due_on`} label=${t('field.due_on')} value=${value.pregnancy.due_on} onChange=${(due_on) => set({ pregnancy: { ...value.pregnancy, due_on } })} error=${fault('pregnancy/due_on')} />
      <${NumberField} pointer=${`${at}/pregnancy/number`} label=${t('field.number')} optional maxlength="2" value=${value.pregnancy.number} onChange=${(count) => set({ pregnancy: { ...value.pregnancy, number: count } })} error=${fault('pregnancy/number')} />`}
    <${SelectField} pointer=${`${at}/insurance`} label=${t('field.insurance')} list="insurance" optional value=${value.insurance} onChange=${(insurance) => set({ insurance })} error=${fault('insurance')} />
  </div>`;
}

// value is a member of API shape; onChange gets the whole new member. `masked` is the number as shown when one is already known.
export function MemberForm({ at, value, onChange, problem, families = 1, masked, changing }) {
  const set = (change) => onChange({ ...value, ...change });
  const fault = (name) => faultAt(problem, `${at}/${name}`);
  const years = age(value);
  return html`<div class="stack">
    <${TextField} pointer=${`${at}/name`} label=${t('field.name')} hint=${t('people.name.hint')} value=${value.name} onChange=${(name) => set({ name })} autocomplete="off" autocapitalize="words" error=${fault('name')} />
    <${Identity} at=${at} value=${value} set=${set} fault=${fault} masked=${masked} changing=${changing} />
    <${RadioField} pointer=${`${at}/sex`} label=${t('field.sex')} list="sex" inline value=${value.sex} onChange=${(sex) => set({ sex })} error=${fault('sex')} />
    <${Birth} at=${at} value=${value} set=${set} fault=${fault} />
    ${!changing && !value.nik && html`<${DuplicateHint} query=${value.birth_date && (value.name || '').trim().length > 2 && how(value) ? { name: value.name.trim(), birth_date: value.birth_date } : null} />`}
    <${SelectField} pointer=${`${at}/relationship`} label=${t('field.relationship')} list="relationship" value=${value.relationship} onChange=${(relationship) => set({ relationship })} error=${fault('relationship')} />
    ${families > 1 && html`<${SelectField} pointer=${`${at}/family_no`} label=${t('field.family_no')} options=${Array.from({ length: families }, (_, i) => [i + 1, t('people.family', { number: i + 1 })])} value=${value.family_no || 1} onChange=${(no) => set({ family_no: Number(no) || 1 })} error=${fault('family_no')} />`}
    <${SelectField} pointer=${`${at}/marital_status`} label=${t('field.marital_status')} list="marital_status" optional value=${value.marital_status} onChange=${(marital_status) => set({ marital_status })} error=${fault('marital_status')} />
    <details open=${Boolean(value.education || value.in_school !== undefined)}><summary>${t('people.school')}</summary><${School} at=${at} value=${value} set=${set} fault=${fault} /></details>
    <details open=${Boolean(value.occupation || value.income_minor)}><summary>${t('people.work')}</summary><div class="stack">
      <${TextField} pointer=${`${at}/occupation`} label=${t('field.occupation')} optional maxlength="80" value=${value.occupation} onChange=${(occupation) => set({ occupation })} error=${fault('occupation')} />
      <${MoneyField} pointer=${`${at}/income_minor`} label=${t('field.income_minor')} hint=${t('people.income.hint')} optional value=${value.income_minor} onChange=${(income_minor) => set({ income_minor })} error=${fault('income_minor')} /></div></details>
    <details open=${Boolean(value.disability || value.pregnancy || value.chronic_illness || value.insurance)}><summary>${t('people.health')}</summary><${Health} at=${at} value=${value} set=${set} fault=${fault} years=${years ?? 30} /></details>
    <details open=${Boolean(value.consent) || (years >= 18 && value.relationship !== 'head')}><summary>${t('people.consent')}</summary><${SelectField} pointer=${`${at}/consent`} label=${t('field.consent')} hint=${t('people.consent.hint')} list="member_consent" optional value=${value.consent} onChange=${(consent) => set({ consent })} error=${fault('consent')} /></details>
  </div>`;
}

const how = (value) => (value.birth_date_precision || 'day') === 'day';
