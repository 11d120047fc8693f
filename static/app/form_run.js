// form_run.js: one questionnaire over one set of answers: what is asked, what answers count, what is calculated, what is wrong. The server does the same
// (assessment_form_run.c); tests/vectors/form_cases.jsonl holds both to it.
import { evaluate, compile } from './expr.js';

const CHOOSING = new Set(['select_one', 'select_multiple', 'rank']);
export const takesAnswer = (question) => question.type !== 'note' && question.type !== 'group';
const words = (form, id, en) => Object.fromEntries((form.languages || ['id', 'en']).map((language) => [language, language === 'id' ? id : en]));

function choicesOf(form, question) {
  const choices = question.choices || form.lists?.[question.list];
  return question.other && choices && !choices.some((choice) => choice.name === 'other') ? [...choices, { name: 'other', label: words(form, 'Lainnya', 'Other') }] : choices;
}

// The questions in the order of the page, groups and repeats opened; each knows what stands around it.
export function flatten(form) {
  const flat = [];
  const walk = (questions, group, repeat) => {
    for (const written of questions || []) {
      const question = { ...written, choices: choicesOf(form, written), group, repeat, inner: [] };
      flat.push(question);
      (repeat || { inner: [] }).inner.push(question);
      if (question.type === 'group' || question.type === 'repeat') walk(written.questions, question, question.type === 'repeat' ? question : repeat);
      else if (question.other) {
        const other = { name: `${question.name}_other`, type: 'text', label: words(form, 'Sebutkan', 'Please specify'), required: true, group, repeat, inner: [],
          relevant: question.type === 'select_one' ? `${question.name} == 'other'` : `'other' in ${question.name}` };
        flat.push(other);
        (repeat || { inner: [] }).inner.push(other);
      }
    }
  };
  walk(form.questions, null, null);
  return flat;
}

export const isGiven = (answer) => answer !== undefined && answer !== null && (typeof answer === 'string' ? answer.trim() !== '' : !Array.isArray(answer) || answer.length > 0);

// Answers as expressions see them: an int is a BigInt, a double a Number; and back.
function seen(type, value) {
  if (type === 'integer') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (type === 'decimal') return typeof value === 'number' ? value : undefined;
  return value;
}
const plain = (value) => (typeof value === 'bigint' ? Number(value) : Array.isArray(value) ? value.map(plain) : value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, plain(entry)])) : value);
const RESULTS = { integer: (value) => typeof value === 'bigint', decimal: (value) => typeof value === 'number' && Number.isFinite(value), text: (value) => typeof value === 'string' && value !== '' };

const POINT = /^-?\d{1,39}(\.\d*)?( -?\d{1,39}(\.\d*)?){1,3} ?$/;
function isPoint(text) {
  if (typeof text !== 'string' || !POINT.test(text)) return false;
  const [latitude, longitude, , accuracy = 0] = text.trim().split(' ').map(Number);
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && accuracy >= 0;
}
const isDate = (text) => /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
const isChoice = (question, name) => question.choices.some((choice) => choice.name === name);
const areChoices = (question, list) => Array.isArray(list) && list.every((name, i) => isChoice(question, name) && list.indexOf(name) === i);
const TYPES = {
  integer: (_, value) => Number.isSafeInteger(value), decimal: (_, value) => typeof value === 'number' && Number.isFinite(value),
  text: (_, value) => typeof value === 'string' && [...value].length <= 2000, date: (_, value) => isDate(value),
  select_one: isChoice, select_multiple: areChoices, rank: (question, value) => areChoices(question, value) && value.length === question.choices.length,
  point: (_, value) => isPoint(value), photo: (_, value) => typeof value === 'string' && value.length <= 200 && !value.includes('/'),
  barcode: (_, value) => typeof value === 'string' && [...value].length <= 500 && !value.includes('\n'), note: () => false, group: () => false,
};

export class FormRun {
  // members: [{id, age?, sex?, relationship?}], undefined when they are not known.
  constructor(form, answers, { on, members, flat } = {}) {
    Object.assign(this, { form, answers, on, members, flat: flat || flatten(form), cells: new Map() });
    this.byName = new Map(this.flat.map((question) => [question.name, question]));
  }
  entries(repeat) { const list = this.answers[repeat.name]; return Array.isArray(list) && list.length <= 100 ? list : []; }
  given(question, entry) { return question.repeat ? this.entries(question.repeat)[entry]?.[question.name] : this.answers[question.name]; }
  cell(question, entry) {
    const key = question.repeat ? entry : 0;
    if (!this.cells.has(question)) this.cells.set(question, []);
    return (this.cells.get(question)[key] ??= {});
  }
  member(repeat, entry) {
    const member = repeat?.per && this.members?.find((known) => known.id === this.entries(repeat)[entry]?.member_id);
    return member ? { ...member, age: seen('integer', member.age) } : undefined;
  }
  // What an expression of a question may look at.
  look(question, entry, more) {
    return (name) => {
      if (more && Object.hasOwn(more, name)) return more[name];
      if (name === 'member') return this.member(question.repeat, entry);
      if (name === 'answers') return new Proxy({}, { getOwnPropertyDescriptor: (_, key) => { const value = this.named(key, entry); return value === undefined ? undefined : { value, configurable: true, enumerable: true }; }, get: (_, key) => this.named(key, entry) });
      return this.named(name, entry);
    };
  }
  named(name, entry) { const question = this.byName.get(name); return question ? this.value(question, entry) : undefined; }
  evaluate(source, question, entry, more) { return evaluate(source, this.look(question, entry, more), this.on); }
  // true asked, false not; undefined cannot be told yet, which is shown as not asked.
  asked(question, entry = 0) {
    const cell = this.cell(question, entry);
    if (!('asked' in cell)) {
      const around = question.group ? this.asked(question.group, entry) : true;
      cell.asked = around !== true || !question.relevant ? around : this.evaluate(question.relevant, question, entry);
    }
    return cell.asked;
  }
  // As expressions see it.
  value(question, entry = 0) {
    const cell = this.cell(question, entry);
    if (!('value' in cell)) cell.value = this.asked(question, entry) === true ? this.workOut(question, entry) : undefined;
    return cell.value;
  }
  workOut(question, entry) {
    if (question.type === 'calculated') { const value = this.evaluate(question.calculation, question, entry); return RESULTS[question.result]?.(value) ? value : undefined; }
    if (question.type === 'repeat') { const entries = this.entries(question); return entries.length ? entries.map((_, i) => this.entry(question, i)) : undefined; }
    const given = this.given(question, entry);
    return takesAnswer(question) && isGiven(given) ? seen(question.type, given) : undefined;
  }
  entry(repeat, entry) {
    const made = {}, id = repeat.per && this.entries(repeat)[entry]?.member_id;
    if (id) made.member_id = id;
    for (const question of repeat.inner) { const value = this.value(question, entry); if (value !== undefined) made[question.name] = value; }
    return made;
  }
  // What is sent: the answers that count, in the order of the form, with what was calculated.
  gather() {
    const made = {};
    for (const question of this.flat) { const value = question.repeat ? undefined : this.value(question); if (value !== undefined) made[question.name] = plain(value); }
    return made;
  }
  offered(question, entry = 0) {
    if (!question.filter) return question.choices || [];
    return question.choices.filter((choice) => this.evaluate(question.filter, question, entry, { choice: { ...choice.facts, name: choice.name } }) === true);
  }
  // What is wrong with one answer: null, or {code, min?, max?, message?}: the server's codes.
  fault(question, entry = 0) {
    const given = this.given(question, entry), asked = this.asked(question, entry) === true;
    if (!isGiven(given)) return asked && question.required && takesAnswer(question) && question.type !== 'calculated' ? { code: question.required_message ? 'constraint' : 'required', message: question.required_message } : null;
    if (!asked) return { code: 'conflict' };
    if (question.type === 'calculated') { const value = plain(this.value(question, entry)); return value === given ? null : { code: 'calculated' }; }
    if (!TYPES[question.type]?.(question, given)) return { code: 'type' };
    if (given < (question.min ?? -Infinity) || given > (question.max ?? Infinity)) return { code: 'range', min: question.min, max: question.max };
    if (question.filter) { const offered = this.offered(question, entry).map((choice) => choice.name); if ([given].flat().some((name) => !offered.includes(name))) return { code: 'type' }; }
    if (question.constraint && this.evaluate(question.constraint, question, entry, { value: seen(question.type, given) }) !== true) return { code: 'constraint', message: question.constraint_message };
    return null;
  }
  unknown(answers, repeat, pointer) {
    return Object.keys(answers).filter((name) => { const question = this.byName.get(name); return question ? (question.repeat || null) !== repeat : !(repeat?.per && name === 'member_id'); }).map((name) => ({ pointer: `${pointer}/${name}`, code: 'unknown' }));
  }
  memberFaults(repeat, entries, pointer) {
    const faults = [], ids = entries.map((entry) => entry.member_id);
    ids.forEach((id, i) => {
      const code = typeof id !== 'string' ? 'required' : this.members && !this.members.some((member) => member.id === id) ? 'reference' : ids.filter((other) => other === id).length > 1 ? 'doubled' : null;
      if (code) faults.push({ pointer: `${pointer}/${i}/member_id`, code });
    });
    if (repeat.required && this.members?.some((member) => !ids.includes(member.id))) faults.push({ pointer, code: 'required' });
    return faults;
  }
  repeatFaults(repeat, pointer) {
    const given = this.answers[repeat.name];
    if (!isGiven(given) || this.asked(repeat) !== true) { const fault = this.fault(repeat); return fault ? [{ pointer, question: repeat, ...fault }] : []; }
    if (!Array.isArray(given) || given.length > 100 || given.some((entry) => entry === null || typeof entry !== 'object' || Array.isArray(entry))) return [{ pointer, question: repeat, code: 'type' }];
    return [...(repeat.per ? this.memberFaults(repeat, given, pointer) : []), ...given.flatMap((entry, i) => [...this.unknown(entry, repeat, `${pointer}/${i}`),
      ...repeat.inner.flatMap((question) => { const fault = this.fault(question, i); return fault ? [{ pointer: `${pointer}/${i}/${question.name}`, question, entry: i, ...fault }] : []; })])];
  }
  // Everything that is wrong, in the order of the form: [{pointer, code, question?, entry?}].
  faults() {
    return [...this.unknown(this.answers, null, '/answers'), ...this.flat.flatMap((question) => {
      const pointer = `/answers/${question.name}`;
      if (question.type === 'repeat') return this.repeatFaults(question, pointer);
      const fault = question.repeat ? null : this.fault(question);
      return fault ? [{ pointer, question, entry: 0, ...fault }] : [];
    })];
  }
}

// Reads every expression of a form: the name of the question and what is wrong, for the editor.
export function unreadable(form) {
  return flatten(form).flatMap((question) => ['relevant', 'constraint', 'calculation', 'filter'].flatMap((name) => {
    if (!question[name]) return [];
    try { compile(question[name]); return []; } catch (failure) { return [{ question: question.name, member: name, message: failure.message }]; }
  }));
}
