// score_new.js: a new score, or a new version of one: tried on a household before it is kept as a draft.
import { html, useState } from '../app/html.js';
import { t } from '../app/i18n.js';
import { api } from '../app/api.js';
import { navigate, useQuery } from '../app/router.js';
import { Page, Button, Card, ErrorSummary, ProblemNote, Skeleton, useLoad, useSubmit } from '../app/parts.js';
import { HouseholdChoose } from './household_choose.js';
import { ScoreDetail } from './score_detail.js';
import { ScoreFields, fieldName } from './score_form.js';
import { decimal, definitionOf, emptyIndicator, fieldsOf } from './score_text.js';

function ScoreEditor({ base }) {
  const [given, setGiven] = useState(base ? fieldsOf(base) : { indicators: [emptyIndicator()] });
  const [tried, setTried] = useState(null);
  const save = useSubmit(async (key) => navigate(`/skor/${(await api.post('/scores', definitionOf(given), { key })).data.id}`, { replace: true }));
  const trial = useSubmit(async (key, hit) => {
    setTried(null);
    const definition = definitionOf(given);
    const { data } = await api.post('/scores/trial', { household_id: hit.id, definition }, { key: null });
    setTried({ hit, score: data, indicators: definition.indicators });
  });
  const problem = save.problem || trial.problem;
  const change = (next) => { setGiven(next); save.setProblem(null); trial.setProblem(null); };
  return html`<form class="stack" novalidate onSubmit=${(event) => { event.preventDefault(); save.submit(); }}>
      <${ErrorSummary} problem=${problem} names=${fieldName} />
      <${ScoreFields} given=${given} setGiven=${change} problem=${problem} fixed=${Boolean(base)} />
      <div class="row"><${Button} type="submit" kind="main" busy=${save.busy}>${t('skor.save')}<//></div></form>
    <${Card} title=${t('skor.try')}><p class="soft">${t('skor.try.text')}</p><${HouseholdChoose} onChoose=${trial.submit} />
      ${tried && html`<div class="stack" role="status"><p>${t('skor.tried', { name: tried.hit.head })} <b>${decimal(tried.score.value)}</b></p><${ScoreDetail} score=${tried.score} indicators=${tried.indicators} /></div>`}<//>`;
}

export default function ScoreNewPage() {
  const [query] = useQuery();
  const base = useLoad(() => (query.dari ? api.get(`/scores/${query.dari}`).then(({ data }) => data) : Promise.resolve(null)), [query.dari]);
  return html`<${Page} title=${t(query.dari ? 'skor.version.new' : 'skor.new')} lead=${t('skor.new.lead')} back=${query.dari ? `/skor/${query.dari}` : '/skor'}>
    <${ProblemNote} problem=${base.problem} retry=${base.reload} />${base.loading ? html`<${Skeleton} />` : !base.problem && html`<${ScoreEditor} base=${base.data} />`}<//>`;
}
