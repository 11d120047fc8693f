// assessment_screens.js: the order in which a questionnaire is asked: a screen for each question, for each member's or entry's questions in turn.
import { isGiven, takesAnswer } from '../app/form_run.js';

const years = (birth, on) => Number(on.slice(0, 4)) - Number(birth.slice(0, 4)) - (on.slice(5) < birth.slice(5) ? 1 : 0);
const RANGES = { month: (text) => [`${text.slice(0, 7)}-01`, `${text.slice(0, 7)}-31`], year: (text) => [`${text.slice(0, 4)}-01-01`, `${text.slice(0, 4)}-12-31`] };

// What expressions know of the members, as the server does: an age only when it cannot turn inside the possible range of the birth date.
export function memberFacts(household, on) {
  return (household.members || []).filter((member) => !member.state || member.state === 'live').map((member) => {
    const precision = member.birth_date_precision || 'day';
    const [earliest, latest] = !member.birth_date || precision === 'estimate' ? [] : RANGES[precision]?.(member.birth_date) || [member.birth_date, member.birth_date];
    const age = earliest && years(earliest, on) === years(latest, on) ? years(latest, on) : undefined;
    return { id: member.id, name: member.name, sex: member.sex, relationship: member.relationship, ...(age >= 0 ? { age } : {}) };
  });
}

// Defaults, and one entry for each member where a repeat is asked by member.
export function startAnswers(flat, members, answers = {}) {
  const made = { ...answers };
  for (const question of flat) {
    if (!question.repeat && question.default !== undefined && made[question.name] === undefined) made[question.name] = question.default;
    if (question.type !== 'repeat' || question.per !== 'member') continue;
    const old = Array.isArray(made[question.name]) ? made[question.name] : [];
    made[question.name] = members.map((member) => old.find((entry) => entry.member_id === member.id) || newEntry(question, { member_id: member.id }));
  }
  return made;
}
export const newEntry = (repeat, entry = {}) => ({ ...Object.fromEntries(repeat.inner.filter((question) => question.default !== undefined).map((question) => [question.name, question.default])), ...entry });

// Answers carried over to another form: those of questions that are there.
export const carried = (flat, answers) => Object.fromEntries(Object.entries(answers).filter(([name]) => flat.some((question) => question.name === name && !question.repeat)));

const asks = (question) => takesAnswer(question) && question.type !== 'calculated' && question.type !== 'repeat';
export const pointerOf = (question, entry) => (question.repeat ? `/answers/${question.repeat.name}/${entry}/${question.name}` : `/answers/${question.name}`);

// [{key, question, entry, notes, repeat?}]: what is asked now, in order; notes and results are read with what follows them.
export function screens(run) {
  const list = [];
  let notes = [];
  const add = (question, entry) => {
    if (run.asked(question, entry) !== true) return;
    if (question.type === 'note' || question.type === 'calculated' || (question.type === 'group' && question.label)) notes.push({ question, entry });
    else if (asks(question)) { list.push({ key: pointerOf(question, entry), question, entry, notes }); notes = []; }
  };
  for (const question of run.flat) {
    if (question.type === 'repeat' && run.asked(question) === true) {
      if (question.per !== 'member' || question.label) { list.push({ key: `/answers/${question.name}`, repeat: question, notes }); notes = []; }
      run.entries(question).forEach((_, i) => question.inner.forEach((inner) => add(inner, i)));
    } else if (!question.repeat) add(question, 0);
  }
  return Object.assign(list, { after: notes });
}

// What is sent: only what is asked; the server works out for itself what is calculated.
export function toSend(run) {
  const answers = run.gather();
  for (const question of run.flat) {
    if (question.type !== 'calculated') continue;
    if (!question.repeat) delete answers[question.name];
    else for (const entry of answers[question.repeat.name] || []) delete entry[question.name];
  }
  return answers;
}

export const answered = (run, list) => list.filter(({ question, entry }) => question && isGiven(run.given(question, entry))).length;
