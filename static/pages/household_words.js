// household_words.js: how the fields of a household are called and how their values read: in summaries, histories and faults.
import { t, has, code, codes, day, money, instant, nik, number } from '../app/i18n.js';

// Fields whose values come from a code list of another name.
const LISTS = { address_kind: 'address_kind', form: 'consent_form', consent: 'member_consent', kind: 'id_kind', state: 'household_state', birth_date_precision: 'birth_date_precision', purposes: 'purpose' };
const listOf = (name) => LISTS[name] || (codes(name).length ? name : null);

const PLAIN = /^\d+$|^[0-9a-f]{8}-/;

// Names that mean another thing below another part.
const special = (parent, name) => (parent === 'account' && name === 'number' ? 'account_number' : ['guardian', 'alternates'].includes(parent) && name === 'relationship' ? 'relation_outside' : null);

// "/members/0/disability/seeing": the last name says what it is; the ones before say whose.
export function fieldName(pointer, members) {
  const steps = pointer.split('/').slice(1);
  const names = steps.filter((step) => !PLAIN.test(step));
  const last = special(names.at(-2), names.at(-1)) || names.at(-1) || '';
  const label = has(`field.${last}`) ? t(`field.${last}`) : last;
  if (steps[0] !== 'members' || !members) return label;
  const member = members[Number(steps[1])] || members.find((entry) => entry.id === steps[1]);
  return member?.name ? `${member.name}: ${label}` : `${t('people.member', { number: Number(steps[1]) + 1 || '' })}: ${label}`;
}

export function valueText(pointer, value, people = []) {
  if (value === null || value === undefined || value === '') return '–';
  const name = pointer.split('/').filter((step) => step && !PLAIN.test(step)).at(-1) || '';
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (Array.isArray(value)) return value.map((entry) => valueText(pointer, entry, people)).join(', ') || '–';
  if (typeof value === 'object') return Object.entries(value).filter(([key]) => key !== 'id').map(([key, entry]) => `${fieldName(`${pointer}/${key}`)}: ${valueText(`${pointer}/${key}`, entry, people)}`).join('; ');
  const text = String(value);
  if (name.endsWith('_minor')) return money(value);
  if (/^\d{4}-\d{2}-\d{2}T/.test(text)) return instant(text);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return day(text);
  if (name.endsWith('member_id') || name === 'keep_id') return people.find((member) => member.id === value)?.name || t('people.someone');
  if (name === 'nik' || name === 'kk_number') return nik(text);
  if (['seeing', 'hearing', 'walking', 'remembering', 'self_care', 'communicating'].includes(name)) return t(`grade.${value}`);
  const list = pointer.includes('/members/') && name === 'state' ? 'member_state' : listOf(name);
  const label = list ? code(list, value) : text;
  return typeof value === 'number' && label === text ? number(value) : label;
}

// Ids and bookkeeping that say nothing to a reader.
const HIDDEN = new Set(['id', 'household_id', 'registered_by', 'taken_by', 'version', 'member_count', 'roster', 'channel', 'created_at', 'changed_at']);
export const isTold = (pointer) => !HIDDEN.has(pointer.split('/').at(-1));

export const place = (household) => [household.region_name, household.hamlet, household.rw && `RW ${household.rw}`, household.rt && `RT ${household.rt}`].filter(Boolean).join(' · ');
export const headOf = (household) => household.members?.find((member) => member.relationship === 'head');
export const initials = (name) => (name || '?').split(/\s+/).filter((word) => /\p{L}/u.test(word)).slice(0, 2).map((word) => word[0].toUpperCase()).join('');

export function birthText(member) {
  if (!member.birth_date) return member.age_years === undefined ? t('people.birth.none') : t('people.age.given', { years: member.age_years });
  const precision = member.birth_date_precision;
  if (precision === 'year' || precision === 'estimate') return t(precision === 'year' ? 'people.birth.year' : 'people.birth.about', { year: member.birth_date.slice(0, 4) });
  return precision === 'month' ? day(member.birth_date, { month: 'long', year: 'numeric' }) : day(member.birth_date);
}

// One Indonesian number is written 0812…, 62812… or +62812…; registered here it is 0812…, and it is looked for as both.
export function phoneSpellings(text) {
  const digits = String(text).replace(/[^\d+]/g, '');
  const found = /^(?:\+62|62(?=8)|0)([1-9]\d{6,12})$/.exec(digits);
  return found ? [`0${found[1]}`, `+62${found[1]}`] : [digits];
}
