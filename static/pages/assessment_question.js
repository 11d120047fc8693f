// assessment_question.js: one question of a questionnaire by its type, whether it is asked, and what is wrong with its answer.
import { html } from '../app/html.js';
import { t } from '../app/i18n.js';
import { TextField, DateField, RadioField, CheckList, YesNoField, MoneyField } from '../app/parts_form.js';
import { say } from './score_parts.js';
import { holds, breaks } from '../app/expr.js';

// An expression that cannot be read shows the question: better one too many than a hole in the answers.
function relevant(question, answers) {
  try { return holds(question.relevant, answers); } catch { return true; }
}

// Questions in order, groups opened; answers that relevance hides do not count for later relevance.
export function shownQuestions(form, answers) {
  const known = {}, shown = [];
  const walk = (questions) => {
    for (const question of questions) {
      if (!relevant(question, known)) continue;
      if (question.type === 'group') { walk(question.questions || []); continue; }
      shown.push(question);
      if (answers[question.name] !== undefined) known[question.name] = answers[question.name];
    }
  };
  walk(form.questions);
  return shown;
}

export function faultOf(question, answers) {
  if (question.type === 'note') return null;
  const value = answers[question.name];
  if (value === undefined || value === '' || (Array.isArray(value) && !value.length)) return question.required ? t('form.required') : null;
  if (question.type === 'integer' && !Number.isInteger(value)) return t('assess.whole_number');
  if ((question.type === 'integer' || question.type === 'decimal') && !Number.isFinite(value)) return t('assess.number');
  const { min, max } = question;
  if (min !== undefined && min !== null && value < min) return t('assess.min', { min });
  if (max !== undefined && max !== null && value > max) return t('assess.max', { max });
  try {
    return breaks(question.constraint, { ...answers, [question.name]: value, value }) ? say(question.constraint_message) || t('assess.constraint') : null;
  } catch {
    return null; // the server, which knows the whole language, decides
  }
}

export function Question({ question, value, onChange, error }) {
  const shared = { pointer: `/answers/${question.name}`, label: say(question.label), hint: say(question.hint), error, value, onChange, optional: !question.required };
  const options = question.choices?.map((choice) => [choice.name, say(choice.label)]);
  switch (question.type) {
    case 'note': return html`<p>${say(question.label)}</p>`;
    case 'select_one': return html`<${RadioField} ...${shared} options=${options} />`;
    case 'select_multiple': return html`<${CheckList} ...${shared} options=${options} />`;
    case 'boolean': return html`<${YesNoField} ...${shared} />`;
    case 'date': return html`<${DateField} ...${shared} />`;
    case 'money': return html`<${MoneyField} ...${shared} />`;
    case 'integer': return html`<${TextField} ...${shared} inputmode="numeric" autocomplete="off" onChange=${(text) => onChange(/^-?\d+$/.test(text.trim()) ? Number(text) : text.trim() === '' ? undefined : text)} />`;
    case 'decimal': return html`<${TextField} ...${shared} inputmode="decimal" autocomplete="off" onChange=${(text) => onChange(/^-?\d+([.,]\d+)?$/.test(text.trim()) ? Number(text.replace(',', '.')) : text.trim() === '' ? undefined : text)} />`;
    default: return html`<${TextField} ...${shared} rows=${question.type === 'text' ? 2 : undefined} onChange=${(text) => onChange(text === '' ? undefined : text)} />`;
  }
}
