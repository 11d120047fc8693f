// form_question_edit.js: the fields of one question of a questionnaire that is edited.
import { html, useState } from '../app/html.js';
import { t } from '../app/i18n.js';
import { Button, Card } from '../app/parts.js';
import { TextField, SelectField, CheckField, NumberField } from '../app/parts_form.js';
import { choiceLines, readChoices, holds } from './form_tree.js';

export const TYPES = ['integer', 'decimal', 'text', 'date', 'select_one', 'select_multiple', 'rank', 'point', 'photo', 'barcode', 'calculated', 'note', 'group', 'repeat'];
export const typeName = (type) => t(`form.kind.${type}`);
const CHOOSING = ['select_one', 'select_multiple', 'rank'];

// What is typed stays as it is typed; what it means goes on line by line.
function ChoicesField({ choices, languages, onChange, ...rest }) {
  const [text, setText] = useState(choiceLines(choices, languages));
  return html`<${TextField} ...${rest} pointer="/edit/choices" hint=${t('form.edit.choices.hint', { languages: languages.join(' | ') })} rows=${Math.min(12, choices.length + 2)} dir="auto" value=${text} onChange=${(typed) => { setText(typed); onChange(readChoices(typed, languages, choices)); }} />`;
}

export function QuestionEdit({ question, languages, lists, faults, onChange, onLists, onRemove }) {
  const set = (name) => (value) => {
    const next = { ...question, [name]: value };
    if (value === undefined || value === '' || value === false) delete next[name];
    onChange(next);
  };
  const setWords = (name, language) => (text) => {
    const next = { ...question[name], [language]: text };
    onChange({ ...question, [name]: next });
    if (languages.every((tag) => !next[tag])) { const bare = { ...question }; delete bare[name]; onChange(bare); }
  };
  const fault = (name) => faults.find(({ rest }) => rest === `/${name}` || rest.startsWith(`/${name}/`))?.detail;
  const expression = (name, hint) => html`<${TextField} pointer=${`/edit/${name}`} label=${t(`form.edit.${name}`)} hint=${hint} error=${fault(name)} optional value=${question[name]} rows=${2} spellcheck="false" onChange=${set(name)} />`;
  const choices = question.choices || lists?.[question.list];
  const changeType = (type) => {
    const next = { ...question, type };
    if (!CHOOSING.includes(type)) for (const name of ['choices', 'list', 'other', 'filter']) delete next[name];
    if (CHOOSING.includes(type) && !choices) next.choices = readChoices('a | A\nb | B', languages);
    if (type !== 'calculated') { delete next.calculation; delete next.result; } else { Object.assign(next, { calculation: next.calculation || '0', result: next.result || 'integer' }); delete next.constraint; }
    if (type !== 'integer' && type !== 'decimal') { delete next.min; delete next.max; }
    delete next.default;
    onChange(next);
  };
  return html`<${Card} title=${t('form.edit.title')} actions=${html`<${Button} kind="quiet" onClick=${onRemove}>${t('remove')}<//>`}>
    <div class="row filters tall"><${TextField} pointer="/edit/name" label=${t('form.edit.name')} error=${fault('name')} value=${question.name} autocomplete="off" spellcheck="false" onChange=${(text) => onChange({ ...question, name: text })} />
      ${holds(question) ? html`<p>${typeName(question.type)}</p>` : html`<${SelectField} pointer="/edit/type" label=${t('form.edit.type')} empty=${typeName(question.type)} options=${TYPES.filter((type) => !holds({ type })).map((type) => [type, typeName(type)])} value=${question.type} onChange=${(type) => type && changeType(type)} />`}</div>
    ${languages.map((language) => html`<${TextField} key=${language} pointer=${`/edit/label/${language}`} label=${t('form.edit.label', { language })} error=${fault(`label/${language}`)} value=${question.label?.[language]} rows=${2} dir="auto" onChange=${setWords('label', language)} />`)}
    ${choices && html`<${ChoicesField} key=${question.list || question.type} label=${t(question.list ? 'form.edit.list' : 'form.edit.choices', { list: question.list })} error=${fault('choices')} choices=${choices} languages=${languages}
      onChange=${(next) => (question.list ? onLists({ ...lists, [question.list]: next }) : onChange({ ...question, choices: next }))} />`}
    ${['select_one', 'select_multiple'].includes(question.type) && html`<${CheckField} pointer="/edit/other" label=${t('form.edit.other')} checked=${question.other} onChange=${set('other')} />`}
    ${!['note', 'calculated', 'group'].includes(question.type) && html`<${CheckField} pointer="/edit/required" label=${t('form.edit.required')} checked=${question.required} onChange=${set('required')} />`}
    ${question.type === 'repeat' && html`<${CheckField} pointer="/edit/per" label=${t('form.edit.per')} checked=${question.per === 'member'} onChange=${(yes) => set('per')(yes ? 'member' : undefined)} />`}
    ${expression('relevant', t('form.edit.relevant.hint'))}
    ${question.type === 'calculated' && html`${expression('calculation')}<${SelectField} pointer="/edit/result" label=${t('form.edit.result')} empty=${typeName(question.result)} options=${['integer', 'decimal', 'text'].map((type) => [type, typeName(type)])} value=${question.result} onChange=${(result) => result && onChange({ ...question, result })} />`}
    ${(question.type === 'integer' || question.type === 'decimal') && html`<div class="pair"><${NumberField} pointer="/edit/min" label=${t('form.edit.min')} error=${fault('min')} optional value=${question.min} onChange=${set('min')} /><${NumberField} pointer="/edit/max" label=${t('form.edit.max')} error=${fault('max')} optional value=${question.max} onChange=${set('max')} /></div>`}
    ${!['note', 'calculated', 'group'].includes(question.type) && expression('constraint', t('form.edit.constraint.hint'))}
    ${question.constraint && languages.map((language) => html`<${TextField} key=${language} pointer=${`/edit/constraint_message/${language}`} label=${t('form.edit.message', { language })} error=${fault(`constraint_message/${language}`)} optional value=${question.constraint_message?.[language]} dir="auto" onChange=${setWords('constraint_message', language)} />`)}
    ${choices && expression('filter', t('form.edit.filter.hint'))}
    <details><summary>${t('form.edit.more')}</summary><div class="stack">${['hint', 'guidance'].flatMap((name) => languages.map((language) => html`<${TextField} key=${name + language} pointer=${`/edit/${name}/${language}`} label=${`${t(`form.edit.${name}`)} (${language})`} error=${fault(`${name}/${language}`)} optional value=${question[name]?.[language]} dir="auto" onChange=${setWords(name, language)} />`))}</div></details>
  <//>`;
}
