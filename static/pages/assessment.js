// assessment.js: a questionnaire about one household: one question after the other or all on one page, kept on this device until it is sent.
import { html, useState, useEffect, useRef } from '../app/html.js';
import { t, day, today, number } from '../app/i18n.js';
import { api, newKey } from '../app/api.js';
import { useQuery } from '../app/router.js';
import { Page, Button, Card, ErrorSummary, Empty, Figures, Link, List, ProblemNote, Skeleton, useLoad } from '../app/parts.js';
import { DateField } from '../app/parts_form.js';
import { saveDraft, loadDraft, dropDraft } from '../app/drafts.js';
import { Question, shownQuestions, faultOf } from './assessment_question.js';
import { headOf, place } from './household_words.js';
import { say, scoreLabel, ScoreParts } from './score_parts.js';
import { useHeading } from '../app/heading.js';
import { sheet } from '../app/sheet.js';

await sheet('/css/field.css');

function Result({ made, form, household }) {
  const scores = made.scores || [];
  return html`<${Page} title=${t('assess.done')} lead=${`${headOf(household)?.name || ''} · ${day(made.assessed_on || today())}`}>
    ${scores.map((score) => html`<${Card} key=${score.name} title=${scoreLabel(score, form)}><${Figures} items=${[[t('score.value'), score.value === null || score.value === undefined ? t('unknown') : number(score.value)]]} /><${ScoreParts} score=${score} questions=${form.questions} /><//>`)}
    <div class="row"><${Link} kind="main" href=${`/keluarga/${household.id}`}>${t('assess.back')}<//></div><//>`;
}

function Fill({ household, form, onSent }) {
  const draftId = `kuesioner-${household.id}-${form.id}`;
  const [state, setState] = useState(null);
  const [saved, setSaved] = useState(false);
  const [problem, setProblem] = useState(null);
  const [faults, setFaults] = useState({});
  const [busy, setBusy] = useState(false);
  const body = useRef();
  useEffect(() => {
    let live = true;
    loadDraft(draftId).catch(() => null).then((kept) => live && setState(kept || { key: newKey(), answers: {}, at: 0, whole: false, assessed_on: today() }));
    return () => { live = false; };
  }, []);
  useEffect(() => {
    if (!state?.touched) return undefined;
    const timer = setTimeout(() => saveDraft(draftId, { kind: 'assessment', link: `/kuesioner/${household.id}?formulir=${form.id}`, title: headOf(household)?.name || '', data: state }).then(() => setSaved(true), () => setSaved(false)), 400);
    return () => clearTimeout(timer);
  }, [state]);
  useEffect(() => { body.current?.querySelector('input, select, textarea')?.focus({ preventScroll: true }); }, [state?.at, state?.whole]);
  if (!state) return html`<${Skeleton} />`;
  const shown = shownQuestions(form, state.answers);
  const asked = shown.filter((question) => question.type !== 'note');
  const at = Math.min(state.at, asked.length);
  const last = at >= asked.length;
  // A note is read with the question that follows it.
  const notes = last ? [] : shown.slice(at ? shown.indexOf(asked[at - 1]) + 1 : 0, shown.indexOf(asked[at]));
  const set = (change) => { setSaved(false); setState((old) => ({ ...old, ...change, touched: true })); };
  const answer = (name) => (value) => {
    setFaults((old) => ({ ...old, [name]: undefined }));
    set({ answers: { ...state.answers, [name]: value } });
  };
  const check = (questions) => {
    const found = Object.fromEntries(questions.map((question) => [question.name, faultOf(question, state.answers)]).filter(([, fault]) => fault));
    setFaults(found);
    return Object.keys(found);
  };
  const next = (event) => { event.preventDefault(); if (!check([asked[at]]).length) set({ at: at + 1 }); };
  const send = async () => {
    const bad = check(shown);
    if (bad.length) { set(state.whole ? {} : { at: asked.findIndex((question) => question.name === bad[0]) }); return; }
    // What is hidden by relevance is not sent: it was never asked.
    const answers = Object.fromEntries(asked.map((question) => [question.name, state.answers[question.name]]).filter(([, value]) => value !== undefined && value !== null && value !== ''));
    setBusy(true);
    setProblem(null);
    try {
      const { data } = await api.post(`/households/${household.id}/assessments`, { form_id: form.id, answers, assessed_on: state.assessed_on }, { key: state.key });
      await dropDraft(draftId).catch(() => {});
      onSent(data);
    } catch (failure) {
      if (failure.status === undefined) throw failure;
      if (failure.status === 422 || failure.status === 409) set({ key: newKey() });
      for (const fault of failure.errors) { const found = /^\/answers\/(\w+)/.exec(fault.pointer); if (found) setFaults((old) => ({ ...old, [found[1]]: fault.detail })); }
      setProblem(failure);
    } finally {
      setBusy(false);
    }
  };
  const names = (pointer) => say(form.questions.find((question) => question.name === pointer.split('/').at(-1))?.label) || pointer;
  const field = (question) => html`<${Question} key=${question.name} question=${question} value=${state.answers[question.name]} onChange=${answer(question.name)} error=${faults[question.name]} />`;
  const finish = html`<div class="stack"><${DateField} pointer="/assessed_on" label=${t('assess.on')} value=${state.assessed_on} onChange=${(assessed_on) => set({ assessed_on })} /><${ErrorSummary} problem=${problem} names=${names} />
    <div class="row"><${Button} kind="main" busy=${busy} disabled=${!state.assessed_on} onClick=${send}>${t('assess.send')}<//>${!state.whole && html`<${Button} kind="quiet" onClick=${() => set({ at: Math.max(at - 1, 0) })}>${t('back')}<//>`}</div></div>`;
  return html`<div class="stack" ref=${body}>
    <div class="row nowrap small"><span class="soft grow" role="status">${t('assess.answered', { done: asked.filter((question) => state.answers[question.name] !== undefined).length, total: asked.length })}${saved ? ` · ${t('register.saved')}` : ''}</span>
      <${Button} kind="quiet" onClick=${() => set({ whole: !state.whole })}>${t(state.whole ? 'assess.one' : 'assess.whole')}<//></div>
    <progress max=${Math.max(asked.length, 1)} value=${state.whole ? asked.filter((question) => state.answers[question.name] !== undefined).length : at} aria-label=${t('assess.progress')}></progress>
    ${state.whole ? html`<form class="card stack questions" novalidate onSubmit=${(event) => { event.preventDefault(); send(); }}>${shown.map(field)}</form>${finish}`
      : last ? html`<${Card} title=${t('assess.review')}><${List} items=${asked}>${(question) => html`<li key=${question.name}><div class="grow"><span class="soft small">${say(question.label)}</span><b>${answerText(question, state.answers[question.name])}</b></div>
          <${Button} kind="quiet" onClick=${() => set({ at: asked.indexOf(question) })}>${t('change')} <span class="visually-hidden">${say(question.label)}</span><//></li>`}<//><//>${finish}`
      : html`<form class="card stack" novalidate onSubmit=${next}>${notes.map(field)}${field(asked[at])}<div class="row"><${Button} type="submit" kind="main">${t('next')}<//>${at > 0 && html`<${Button} kind="quiet" onClick=${() => set({ at: at - 1 })}>${t('back')}<//>`}</div></form>`}
  </div>`;
}

function answerText(question, value) {
  if (value === undefined || value === '' || (Array.isArray(value) && !value.length)) return '–';
  const label = (name) => say(question.choices?.find((choice) => choice.name === name)?.label) || (typeof name === 'boolean' ? t(name ? 'yes' : 'no') : name);
  if (Array.isArray(value)) return value.map(label).join(', ');
  return question.type === 'date' ? day(value) : typeof value === 'number' ? number(value) : label(value);
}

export default function AssessmentPage({ id }) {
  const [query, setQuery] = useQuery();
  const [made, setMade] = useState(null);
  const load = useLoad(async () => {
    const [household, forms] = await Promise.all([api.get(`/households/${id}`), api.get('/forms', { limit: 100 })]);
    return { household: household.data, forms: forms.data.items };
  }, [id]);
  const chosen = query.formulir || (load.data?.forms.length === 1 ? load.data.forms[0].id : undefined);
  const form = useLoad(() => (chosen ? api.get(`/forms/${chosen}`).then(({ data }) => data) : Promise.resolve(null)), [chosen]);
  useHeading(load.data && (made ? t('assess.done') : form.data ? say(form.data.title || form.data.label) || form.data.name : t('assess.title')), made ? 'made' : chosen || '');
  if (load.problem || form.problem) return html`<${Page} title=${t('assess.title')} back=${`/keluarga/${id}`}><${ProblemNote} problem=${load.problem || form.problem} retry=${load.problem ? load.reload : form.reload} /><//>`;
  if (!load.data || (chosen && !form.data)) return html`<${Page} title=${t('assess.title')}><${Skeleton} lines=${6} /><//>`;
  const { household, forms } = load.data;
  if (made) return html`<${Result} made=${made} form=${form.data} household=${household} />`;
  return html`<div class="form-page"><${Page} title=${form.data ? say(form.data.title || form.data.label) || form.data.name : t('assess.title')} above=${`${headOf(household)?.name || ''} · ${place(household)}`} back=${`/keluarga/${id}`}>
    ${form.data ? html`<${Fill} key=${form.data.id} household=${household} form=${form.data} onSent=${setMade} />`
      : html`<${Card} title=${t('assess.choose')}>${forms.length ? html`<${List} items=${forms}>${(entry) => html`<li key=${entry.id}><div class="grow"><b>${say(entry.title || entry.label) || entry.name}</b><span class="soft small">${t('assess.version', { version: entry.version })}</span></div><${Button} onClick=${() => setQuery({ formulir: entry.id })}>${t('choose')}<//></li>`}<//>` : html`<${Empty} title=${t('assess.none')} />`}<//>`}
  <//></div>`;
}
