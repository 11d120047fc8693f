// form_edit.js: a questionnaire is edited: its questions in order, one of them open, tried with test answers, compared with the version in use, saved as the next.
import { html, useState, useMemo, useEffect } from '../app/html.js';
import { t, lang, today, loadWords, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { navigate } from '../app/router.js';
import { Page, Button, Card, Link, Note, ProblemNote, Skeleton, useLoad } from '../app/parts.js';
import { SelectField, TextField } from '../app/parts_form.js';
import { FormRun, flatten } from '../app/form_run.js';
import { useHeading } from '../app/heading.js';
import { sheet } from '../app/sheet.js';
import { Question, faultText, words } from './assessment_question.js';
import { pointerOf, newEntry, startAnswers } from './assessment_screens.js';
import { at, insert, move, newQuestion, pathOf, remove, replace, rows, same } from './form_tree.js';
import { QuestionEdit, TYPES, typeName } from './form_question_edit.js';
import { Difference } from './form_difference.js';

await Promise.all([sheet('/css/field.css'), sheet('/css/form.css'), loadWords('field')]);

const WAYS = [['up', '↑', 'ArrowUp'], ['down', '↓', 'ArrowDown'], ['in', '→', 'ArrowRight'], ['out', '←', 'ArrowLeft']];

// Alt and an arrow moves the question that has the focus; the buttons do the same.
function Outline({ form, chosen, faulty, onChoose, onMove, onAdd }) {
  const list = rows(form.questions), [type, setType] = useState('integer');
  const label = (question) => words(question.label, lang()) || question.name;
  const keys = (path) => (event) => {
    const way = event.altKey && WAYS.find(([, , key]) => key === event.key);
    if (way) { event.preventDefault(); onMove(path, way[0]); }
  };
  return html`<${Card} title=${t('form.questions', { count: list.length })}>
    <p class="small soft">${t('form.keys')}</p>
    <ol class="outline">${list.map(({ path, question, depth }) => html`<li key=${path.join('.')} class=${`depth-${depth} ${same(path, chosen) ? 'chosen' : ''}`}>
      <button type="button" id=${`q-${path.join('-')}`} aria-current=${same(path, chosen) ? 'true' : null} onClick=${() => onChoose(path)} onKeyDown=${keys(path)}><bdi dir="auto">${label(question)}</bdi> <span class="soft small">${typeName(question.type)}</span>${faulty.some((other) => same(other, path)) && html` <b class="fault">${t('form.faulty')}</b>`}</button></li>`)}</ol>
    ${chosen && html`<div class="row">${WAYS.map(([way, sign]) => html`<button type="button" key=${way} class="button" disabled=${!move(form.questions, chosen, way)} aria-label=${t(`form.move.${way}`)} onClick=${() => onMove(chosen, way)}>${sign}</button>`)}</div>`}
    <div class="row"><${SelectField} pointer="/add" label=${t('form.add.type')} empty=${typeName(type)} options=${TYPES.map((name) => [name, typeName(name)])} value=${type} onChange=${(name) => name && setType(name)} />
      <${Button} onClick=${() => onAdd(type)}>${t('form.add')}<//></div>
  <//>`;
}

const TRIED = [{ id: 'a', age: 40, sex: 'F', relationship: 'head' }, { id: 'b', age: 9, sex: 'M', relationship: 'child' }];

// The questionnaire as it will be asked, with answers that nobody keeps.
function Preview({ form }) {
  const [given, setAnswers] = useState({});
  const [language, setLanguage] = useState(lang());
  const flat = useMemo(() => flatten(form), [form]);
  const answers = startAnswers(flat, TRIED, given);
  const run = new FormRun(form, answers, { on: today(), members: TRIED, flat });
  const languages = form.languages || ['id', 'en'];
  const set = (question, entry) => (value) => setAnswers(question.repeat ? { ...answers, [question.repeat.name]: answers[question.repeat.name].map((one, i) => (i === entry ? { ...one, [question.name]: value } : one)) } : { ...answers, [question.name]: value ?? null });
  const add = (repeat) => setAnswers({ ...answers, [repeat.name]: [...run.entries(repeat), newEntry(repeat)] });
  const one = (question, entry = 0) => {
    if (run.asked(question, entry) !== true) return null;
    if (question.type === 'group') return html`<h3 key=${question.name}><bdi dir="auto">${words(question.label, language)}</bdi></h3>`;
    if (question.type === 'repeat') return html`<div key=${question.name} class="stack repeated"><b><bdi dir="auto">${words(question.label, language) || question.name}</bdi></b>
      ${run.entries(question).map((_, i) => html`<div key=${i} class="stack"><p class="soft small">${t('form.entry', { label: words(question.label, language) || question.name, number: i + 1 })}</p>${question.inner.map((inner) => one(inner, i))}</div>`)}
      ${!question.per && html`<button type="button" class="button" onClick=${() => add(question)}>${t('form.entry.add')}</button>`}</div>`;
    const value = (question.type === 'calculated' ? run.value(question, entry) : run.given(question, entry)) ?? undefined;
    const fault = value === undefined ? null : run.fault(question, entry);
    return html`<${Question} key=${pointerOf(question, entry)} question=${question} pointer=${`/test${pointerOf(question, entry)}`} value=${typeof value === 'bigint' ? Number(value) : value} options=${question.choices && run.offered(question, entry)} language=${language}
      error=${faultText(fault && { ...fault, question }, language)} onChange=${set(question, entry)} />`;
  };
  return html`<${Card} title=${t('form.preview')} actions=${html`<${Button} kind="quiet" onClick=${() => setAnswers({})}>${t('form.preview.clear')}<//>`}>
    <p class="small soft">${t('form.preview.text')}</p>
    ${languages.length > 1 && html`<${SelectField} pointer="/preview/language" label=${t('form.language')} empty=${language} options=${languages.map((tag) => [tag, tag])} value=${language} onChange=${(tag) => tag && setLanguage(tag)} />`}
    ${flat.filter((question) => !question.repeat).map((question) => one(question))}<//>`;
}

function Versions({ id }) {
  const [from, setFrom] = useState(null);
  const versions = useLoad(() => api.get(`/forms/${id}/versions`).then(({ data }) => data.items), [id]);
  const difference = useLoad(() => api.get(`/forms/${id}/difference`, from ? { from } : {}).then(({ data }) => data), [id, from]);
  if (!versions.data || versions.data.length < 2) return null;
  const others = versions.data.filter((version) => version.id !== id);
  return html`<details class="card"><summary>${t('form.versions', { count: versions.data.length })}</summary><div class="stack">
    <${SelectField} pointer="/from" label=${t('form.compare.with')} empty=${t('form.version.before')} options=${others.map((version) => [version.id, `${t('assess.version', { version: version.version })} · ${instant(version.created_at)}`])} value=${from} onChange=${(value) => setFrom(value || null)} />
    <${ProblemNote} problem=${difference.problem} />${difference.data && html`<${Difference} difference=${difference.data} />`}</div></details>`;
}

// Checks what was written a moment after the last change, against the version in use.
function useCheck(form, changed) {
  const [state, setState] = useState({});
  useEffect(() => {
    if (!changed) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => api.post('/forms/check', form, { key: null, signal: stop.signal }).then(({ data }) => setState({ difference: data }), (failure) => { if (!stop.signal.aborted) setState({ problem: failure }); }), 400);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [form, changed]);
  return state;
}

function Edit({ id, stored }) {
  const [form, setForm] = useState(stored);
  const [chosen, setChosen] = useState([0]);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState(null);
  const changed = form !== stored || !id;
  const check = useCheck(form, changed && Boolean(form.name));
  const languages = form.languages || ['id', 'en'];
  const errors = (changed && check.problem?.errors) || [];
  const faultsAt = (path) => errors.filter((fault) => same(pathOf(fault.pointer), path)).map((fault) => ({ ...fault, rest: fault.pointer.replace(/^(\/questions\/\d+)+/, '') }));
  const setQuestions = (questions) => setForm((old) => ({ ...old, questions }));
  const focus = (path) => requestAnimationFrame(() => document.getElementById(`q-${path.join('-')}`)?.focus());
  const onMove = (path, way) => { const moved = move(form.questions, path, way); if (moved) { setQuestions(moved.questions); setChosen(moved.path); focus(moved.path); } };
  const onAdd = (type) => { const path = chosen ? [...chosen.slice(0, -1), chosen.at(-1) + 1] : [form.questions.length]; setQuestions(insert(form.questions, path, newQuestion(form.questions, type, languages))); setChosen(path); };
  const onRemove = () => { const left = remove(form.questions, chosen); setQuestions(left); setChosen(left.length ? [Math.min(chosen[0], left.length - 1)] : null); };
  const save = async () => {
    setSaving(true);
    try {
      const { data } = await api.post('/forms', form);
      navigate(`/formulir/${data.id}`);
    } catch (failure) {
      if (failure.status === undefined) throw failure;
      setProblem(failure);
    } finally {
      setSaving(false);
    }
  };
  const write = can('program.write');
  return html`<div class="stack">
    ${id ? html`<${Versions} id=${id} />` : html`<${TextField} pointer="/name" label=${t('form.edit.form_name')} value=${form.name} onChange=${(name) => setForm((old) => ({ ...old, name }))} />`}
    ${changed && write && html`<${Card} title=${id ? t('form.next', { version: check.difference?.version ?? '…' }) : t('form.first')}>
      ${check.difference ? html`<${Difference} difference=${check.difference} />` : check.problem && !errors.length ? html`<${ProblemNote} problem=${check.problem} />` : null}
      ${errors.length > 0 && html`<${Note} kind="bad" role="alert" title=${t('form.wrong.edit', { count: errors.length })}><ul>${errors.slice(0, 8).map((fault) => html`<li key=${fault.pointer}>${pathOf(fault.pointer).length
        ? html`<a href="#edit" onClick=${(event) => { event.preventDefault(); setChosen(pathOf(fault.pointer)); focus(pathOf(fault.pointer)); }}>${at(form.questions, pathOf(fault.pointer))?.name || fault.pointer}</a>` : fault.pointer}: ${fault.detail}</li>`)}</ul><//>`}
      <${ProblemNote} problem=${problem} />
      <div class="row"><${Button} kind="main" busy=${saving} disabled=${!check.difference} onClick=${save}>${t(id ? 'form.save' : 'save')}<//><${Button} kind="quiet" onClick=${() => { setForm(stored); setChosen([0]); }}>${t('form.undo')}<//></div><//>`}
    <div class="editor"><${Outline} form=${form} chosen=${chosen} faulty=${errors.map((fault) => pathOf(fault.pointer))} onChoose=${setChosen} onMove=${onMove} onAdd=${onAdd} />
      <div class="stack">${chosen && at(form.questions, chosen) && html`<${QuestionEdit} key=${chosen.join('.')} question=${at(form.questions, chosen)} languages=${languages} lists=${form.lists} faults=${faultsAt(chosen)}
        onChange=${(question) => setForm((old) => ({ ...old, questions: replace(old.questions, chosen, question) }))} onLists=${(lists) => setForm((old) => ({ ...old, lists }))} onRemove=${onRemove} />`}
        <${Preview} form=${form} /></div></div></div>`;
}

const EMPTY = () => ({ name: '', languages: ['id', 'en'], questions: [newQuestion([], 'integer', ['id', 'en'])], scores: [] });

export default function FormEditPage({ id }) {
  const load = useLoad(() => (id ? api.get(`/forms/${id}`).then(({ data }) => data) : Promise.resolve(EMPTY())), [id]);
  const title = load.data ? words(load.data.title, lang()) || load.data.name || t('form.new') : t('form.one');
  useHeading(load.data && title, id || 'new');
  if (load.problem) return html`<${Page} title=${t('form.one')} back="/formulir"><${ProblemNote} problem=${load.problem} retry=${load.reload} /><//>`;
  if (!load.data) return html`<${Page} title=${t('form.one')} back="/formulir"><${Skeleton} lines=${6} /><//>`;
  return html`<${Page} title=${title} back="/formulir" above=${id ? t('assess.version', { version: load.data.version }) : undefined} actions=${id && html`<a class="button" href=${`/api/v1/forms/${id}/workbook`} download>${t('form.book.get')}</a>`}>
    <${Edit} key=${id || 'new'} id=${id} stored=${load.data} /><//>`;
}
