// assessment_fill.js: an interview: one question a screen or all in a list, kept on this device with every answer, sent when it is whole.
import { html, useState, useEffect, useRef, useMemo } from '../app/html.js';
import { t, lang, languageName, today } from '../app/i18n.js';
import { api, newKey } from '../app/api.js';
import { Button, Card, ErrorSummary, List, Skeleton, focusField } from '../app/parts.js';
import { DateField, SelectField } from '../app/parts_form.js';
import { saveDraft, loadDraft, dropDraft } from '../app/drafts.js';
import { FormRun, flatten } from '../app/form_run.js';
import { Question, answerText, faultText, words } from './assessment_question.js';
import { memberFacts, startAnswers, newEntry, pointerOf, screens, toSend, answered } from './assessment_screens.js';
import { headOf } from './household_words.js';

export const draftOf = (household, form) => `kuesioner-${household.id}-${form.id}`;
export const keepDraft = (household, form, data) => saveDraft(draftOf(household, form), { kind: 'assessment', link: `/kuesioner/${household.id}?formulir=${form.id}`, title: headOf(household)?.name || '', data });

// Drawn anew only when something of it changed: a list of 500 stays quick.
function Row({ run, question, entry, error, language, onAnswer }) {
  const calculated = question.type === 'calculated';
  const value = calculated ? run.value(question, entry) : run.given(question, entry);
  const options = question.choices && run.offered(question, entry);
  return useMemo(() => html`<${Question} question=${question} pointer=${pointerOf(question, entry)} value=${calculated && typeof value === 'bigint' ? Number(value) : value} options=${options} error=${error} language=${language}
    onChange=${(given) => onAnswer(question, entry, given)} />`, [question, entry, value, error, language, options?.map((choice) => choice.name).join()]);
}

function Entries({ run, repeat, members, language, onEntries }) {
  const entries = run.entries(repeat), label = words(repeat.label, language) || repeat.name;
  if (repeat.per === 'member') return html`<p>${t('form.members', { names: members.map((member) => member.name).join(', ') })}</p>`;
  const first = repeat.inner.find((question) => question.type === 'text');
  const nameOf = (i) => (first && entries[i][first.name]) || t('form.entry', { label, number: i + 1 });
  return html`<fieldset class="field"><legend><bdi dir="auto">${label}</bdi></legend>
    ${entries.length === 0 ? html`<p class="soft">${t('form.entry.none')}</p>` : html`<${List} items=${entries.map((_, i) => i)}>${(i) => html`<li key=${i}><b class="grow">${nameOf(i)}</b>
      <button type="button" class="button quiet" onClick=${() => onEntries(repeat, entries.filter((_, at) => at !== i))}>${t('remove')} <span class="visually-hidden">${nameOf(i)}</span></button></li>`}<//>`}
    <button type="button" class="button" id=${`f/answers/${repeat.name}`} onClick=${() => onEntries(repeat, [...entries, newEntry(repeat)])}>${t('form.entry.add')}</button></fieldset>`;
}

// Autosave: every answer is on its way at once, in order, and the last one before the page goes.
function useKept(household, form, state) {
  const [kept, setKept] = useState('');
  const line = useRef(Promise.resolve());
  useEffect(() => {
    if (!state?.touched) return;
    setKept('form.keeping');
    line.current = line.current.then(() => keepDraft(household, form, state)).then(() => setKept('form.kept'), () => setKept('form.not_kept'));
  }, [state]);
  return [kept, line];
}

function Faults({ faults, names, onGo }) {
  if (!faults?.length) return null;
  return html`<div class="note bad" role="alert"><b>${t('form.wrong', { count: faults.length })}</b>
    <ul>${faults.slice(0, 10).map((fault) => html`<li key=${fault.pointer}><a href=${`#f${fault.pointer}`} onClick=${(event) => { event.preventDefault(); onGo(fault.pointer); }}>${names(fault)}: ${fault.text}</a></li>`)}</ul></div>`;
}

export function Fill({ household, form, onSent, onReplaced }) {
  const flat = useMemo(() => flatten(form), [form]);
  const [state, setState] = useState(null);
  const [problem, setProblem] = useState(null);
  const [faults, setFaults] = useState([]);
  const [busy, setBusy] = useState(false);
  const [go, setGo] = useState(null);
  const body = useRef();
  const [kept, line] = useKept(household, form, state);
  useEffect(() => {
    let live = true;
    loadDraft(draftOf(household, form)).catch(() => null).then((old) => {
      if (!live) return;
      const start = old || { key: newKey(), answers: {}, at: 0, whole: false, assessed_on: today() };
      setState({ ...start, language: start.language || ((form.languages || ['id', 'en']).includes(lang()) ? lang() : form.languages[0]), answers: startAnswers(flat, memberFacts(household, start.assessed_on), start.answers) });
    });
    return () => { live = false; };
  }, []);
  const at = state?.at, whole = state?.whole;
  useEffect(() => { if (go) { focusField(go); setGo(null); } else body.current?.querySelector('form input, form select, form textarea, form button')?.focus({ preventScroll: true }); }, [at, whole, go && state]);
  const set = useMemo(() => (change) => setState((old) => ({ ...old, ...(typeof change === 'function' ? change(old) : change), touched: true })), []);
  const onAnswer = useMemo(() => (question, entry, given) => {
    setFaults((old) => (old.some((fault) => fault.pointer === pointerOf(question, entry)) ? old.filter((fault) => fault.pointer !== pointerOf(question, entry)) : old));
    set(({ answers }) => {
      if (!question.repeat) return { answers: { ...answers, [question.name]: given } };
      const entries = answers[question.repeat.name].map((old, i) => (i === entry ? { ...old, [question.name]: given } : old));
      return { answers: { ...answers, [question.repeat.name]: entries } };
    });
  }, []);
  if (!state) return html`<${Skeleton} />`;
  const members = memberFacts(household, state.assessed_on), language = state.language;
  const run = new FormRun(form, state.answers, { on: state.assessed_on, members, flat });
  const list = screens(run), place = Math.min(state.at, list.length), last = place >= list.length, screen = list[place];
  const askedNow = list.filter(({ question }) => question);
  const onEntries = (repeat, entries) => set(({ answers }) => ({ answers: { ...answers, [repeat.name]: entries } }));
  const told = (found) => found.map((fault) => ({ ...fault, text: faultText(fault, language) }));
  const errorAt = (pointer) => faults.find((fault) => fault.pointer === pointer)?.text;
  const entryName = (repeat, entry) => members.find((member) => member.id === run.entries(repeat)[entry]?.member_id)?.name || t('form.entry', { label: words(repeat.label, language) || repeat.name, number: entry + 1 });
  const nameOf = ({ pointer, question, entry }) => (question ? `${question.repeat ? `${entryName(question.repeat, entry)}: ` : ''}${words(question.label, language) || question.name}` : pointer);
  // To the screen that asks it, or the nearest around it.
  const show = (pointer, found = list) => {
    const index = found.findIndex(({ key }) => key === pointer || pointer.startsWith(`${key}/`));
    if (!state.whole && index >= 0) set({ at: index });
    setGo(pointer);
  };
  const next = (event) => {
    event.preventDefault();
    const fault = screen.question ? run.fault(screen.question, screen.entry) : null;
    const found = fault ? told([{ pointer: screen.key, question: screen.question, entry: screen.entry, ...fault }]) : [];
    setFaults((old) => [...old.filter(({ pointer }) => pointer !== screen.key), ...found]);
    if (found.length) setGo(screen.key);
    else set({ at: place + 1 });
  };
  const send = async () => {
    const found = told(run.faults().filter((fault) => fault.code !== 'conflict'));
    setFaults(found);
    setProblem(null);
    if (found.length) { show(found[0].pointer); return; }
    setBusy(true);
    try {
      const { data } = await api.post(`/households/${household.id}/assessments`, { form_id: form.id, answers: toSend(run), assessed_on: state.assessed_on }, { key: state.key });
      await line.current;
      await dropDraft(draftOf(household, form)).catch(() => {});
      onSent(data);
    } catch (failure) {
      if (failure.status === undefined) throw failure;
      if (failure.status === 422 || failure.status === 409) set({ key: newKey() });
      if (failure.errors.some((fault) => fault.code === 'replaced')) { onReplaced(state); return; }
      const named = failure.errors.map((fault) => { const { question, entry } = list.find(({ key }) => key === fault.pointer) || {}; return { ...fault, question, entry, text: fault.detail }; });
      setFaults(named);
      if (named.length === 0 || named.some((fault) => !fault.question)) setProblem(failure);
      if (named[0]) show(named[0].pointer);
    } finally {
      setBusy(false);
    }
  };
  const row = ({ question, entry }) => (question.type === 'group' ? html`<h2 key=${question.name} class="asked"><bdi dir="auto">${words(question.label, language)}</bdi></h2>`
    : html`<${Row} key=${pointerOf(question, entry)} run=${run} question=${question} entry=${entry} error=${errorAt(pointerOf(question, entry))} language=${language} onAnswer=${onAnswer} />`);
  const about = ({ question, entry }) => (question.repeat.per === 'member' ? t('form.of_member', { name: entryName(question.repeat, entry) }) : entryName(question.repeat, entry));
  const ask = (one, before) => html`<div class=${one.question?.repeat ? 'stack repeated' : 'stack'} key=${one.key}>${one.question?.repeat && !(before?.question?.repeat === one.question.repeat && before.entry === one.entry) && html`<p class="soft small">${about(one)}</p>`}
    ${one.notes.map(row)}${one.repeat ? html`<${Entries} run=${run} repeat=${one.repeat} members=${members} language=${language} onEntries=${onEntries} />` : row(one)}
    ${one.repeat && errorAt(one.key) && html`<p class="fault">${errorAt(one.key)}</p>`}</div>`;
  const review = html`<${Card} title=${t('assess.review')}>${list.after.map(row)}<${List} items=${askedNow}>${(one) => html`<li key=${one.key}><div class="grow"><span class="soft small">${nameOf(one)}</span><b><bdi dir="auto">${answerText(one.question, run.given(one.question, one.entry), language)}</bdi></b>
    ${errorAt(one.key) && html`<p class="fault">${errorAt(one.key)}</p>`}</div><${Button} kind="quiet" onClick=${() => show(one.key)}>${t('change')} <span class="visually-hidden">${nameOf(one)}</span><//></li>`}<//><//>`;
  const finish = html`<div class="stack"><${DateField} pointer="/assessed_on" label=${t('assess.on')} value=${state.assessed_on} onChange=${(assessed_on) => set({ assessed_on: assessed_on || state.assessed_on })} /><${ErrorSummary} problem=${problem} names=${(pointer) => nameOf({ pointer })} />
    <${Faults} faults=${faults} names=${nameOf} onGo=${show} />
    <div class="row"><${Button} kind="main" busy=${busy} disabled=${!state.assessed_on} onClick=${send}>${t('assess.send')}<//>${!state.whole && html`<${Button} kind="quiet" onClick=${() => set({ at: Math.max(place - 1, 0) })}>${t('back')}<//>`}</div></div>`;
  const done = answered(run, askedNow), languages = form.languages || ['id', 'en'];
  return html`<div class="stack" ref=${body}>
    <div class="row small"><span class="soft grow" role="status">${t('assess.answered', { done, total: askedNow.length })}${kept ? ` · ${t(kept)}` : ''}</span>
      <${Button} kind="quiet" onClick=${() => set({ whole: !state.whole })}>${t(state.whole ? 'assess.one' : 'assess.whole')}<//></div>
    <progress max=${Math.max(list.length, 1)} value=${state.whole ? done : place} aria-label=${t('assess.progress')}></progress>
    ${languages.some((tag) => tag !== 'id' && tag !== 'en') && html`<${SelectField} pointer="/language" label=${t('form.language')} value=${language} empty=${languageName(language)} options=${languages.map((tag) => [tag, languageName(tag)])} onChange=${(tag) => set({ language: tag || language })} />`}
    ${state.whole ? html`<form class="card stack questions" novalidate onSubmit=${(event) => { event.preventDefault(); send(); }}>${list.map((one, i) => ask(one, list[i - 1]))}${list.after.map(row)}</form>${finish}`
      : last ? html`${review}${finish}`
      : html`<form class="card stack" novalidate onSubmit=${next}>${ask(screen)}<div class="row"><${Button} type="submit" kind="main">${t('next')}<//>${place > 0 && html`<${Button} kind="quiet" onClick=${() => set({ at: place - 1 })}>${t('back')}<//>`}</div></form>`}
  </div>`;
}
