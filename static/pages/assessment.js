// assessment.js: a questionnaire about one household: which one, the interview, and what it gave.
import { html, useState } from '../app/html.js';
import { t, day, today, number, loadWords } from '../app/i18n.js';
import { api, newKey } from '../app/api.js';
import { useQuery } from '../app/router.js';
import { Page, Button, Card, Empty, Figures, Link, List, ProblemNote, Skeleton, useLoad } from '../app/parts.js';
import { flatten } from '../app/form_run.js';
import { Fill, keepDraft } from './assessment_fill.js';
import { carried } from './assessment_screens.js';
import { headOf, place } from './household_words.js';
import { say, scoreLabel, ScoreParts } from './score_parts.js';
import { useHeading } from '../app/heading.js';
import { sheet } from '../app/sheet.js';

await Promise.all([sheet('/css/field.css'), sheet('/css/form.css'), loadWords('form')]);

function Result({ made, form, household }) {
  const scores = made.scores || [];
  return html`<${Page} title=${t('assess.done')} lead=${`${headOf(household)?.name || ''} · ${day(made.assessed_on || today())}`}>
    ${scores.map((score) => html`<${Card} key=${score.name} title=${scoreLabel(score, form)}><${Figures} items=${[[t('score.value'), score.value === null || score.value === undefined ? t('unknown') : number(score.value)]]} /><${ScoreParts} score=${score} questions=${form.questions} /><//>`)}
    <div class="row"><${Link} kind="main" href=${`/keluarga/${household.id}`}>${t('assess.back')}<//></div><//>`;
}

export default function AssessmentPage({ id }) {
  const [query, setQuery] = useQuery();
  const [made, setMade] = useState(null);
  const load = useLoad(async () => {
    const [household, forms] = await Promise.all([api.get(`/households/${id}`), api.get('/forms', { limit: 100 })]);
    return { household: household.data, forms: forms.data.items };
  }, [id]);
  const chosen = query.formulir || (load.data?.forms.length === 1 ? load.data.forms[0].id : undefined);
  const [replaced, setReplaced] = useState(null);
  const form = useLoad(() => (chosen ? api.get(`/forms/${chosen}`).then(({ data }) => data) : Promise.resolve(null)), [chosen]);
  useHeading(load.data && (made ? t('assess.done') : form.data ? say(form.data.title || form.data.label) || form.data.name : t('assess.title')), made ? 'made' : chosen || '');
  if (load.problem || form.problem) return html`<${Page} title=${t('assess.title')} back=${`/keluarga/${id}`}><${ProblemNote} problem=${load.problem || form.problem} retry=${load.problem ? load.reload : form.reload} /><//>`;
  if (!load.data || (chosen && !form.data)) return html`<${Page} title=${t('assess.title')}><${Skeleton} lines=${6} /><//>`;
  const { household, forms } = load.data;
  // The answers that the new version asks too go over to it, as a draft of its own.
  const goOn = async () => {
    const current = forms.find((entry) => entry.name === form.data.name && entry.id !== form.data.id) || (await api.get('/forms', { limit: 100 })).data.items.find((entry) => entry.name === form.data.name);
    const { data } = await api.get(`/forms/${current.id}`);
    await keepDraft(household, data, { ...replaced, key: newKey(), answers: carried(flatten(data), replaced.answers), at: 0 });
    setReplaced(null);
    setQuery({ formulir: data.id });
  };
  if (made) return html`<${Result} made=${made} form=${form.data} household=${household} />`;
  return html`<div class="form-page"><${Page} title=${form.data ? say(form.data.title || form.data.label) || form.data.name : t('assess.title')} above=${`${headOf(household)?.name || ''} · ${place(household)}`} back=${`/keluarga/${id}`}>
    ${replaced ? html`<div class="note" role="alert"><p>${t('form.replaced')}</p><${Button} kind="main" onClick=${goOn}>${t('form.replaced.open')}<//></div>`
      : form.data ? html`<${Fill} key=${form.data.id} household=${household} form=${form.data} onSent=${setMade} onReplaced=${setReplaced} />`
      : html`<${Card} title=${t('assess.choose')}>${forms.length ? html`<${List} items=${forms}>${(entry) => html`<li key=${entry.id}><div class="grow"><b>${say(entry.title || entry.label) || entry.name}</b><span class="soft small">${t('assess.version', { version: entry.version })}</span></div><${Button} onClick=${() => setQuery({ formulir: entry.id })}>${t('choose')}<//></li>`}<//>` : html`<${Empty} title=${t('assess.none')} />`}<//>`}
  <//></div>`;
}
