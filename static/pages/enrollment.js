// enrollment.js: who takes part in a program: counts by state, each enrollment with its reasons, acts, one household or a whole region.
import { html, useState } from '../app/html.js';
import { t, number, money, code, day } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { useQuery, navigate } from '../app/router.js';
import { Page, Button, Card, List, State, Empty, EmptyList, Note, Skeleton, ProblemNote, Pager, usePages, useLoad } from '../app/parts.js';
import { SelectField } from '../app/parts_form.js';
import { sheet } from '../app/sheet.js';
import { Download } from '../app/download.js';
import { HouseholdChoose } from './household_choose.js';
import { EnrollmentAct, actsOf, isWaiting } from './enrollment_acts.js';
import { BulkEnrollment } from './enrollment_bulk.js';
import { RuleAnswer } from './program_answer.js';

await sheet('/css/desk.css');

const Fold = ({ open, onClick, children }) => html`<button type="button" class="fold" aria-expanded=${open ? 'true' : 'false'} onClick=${onClick}>${children}</button>`;

// Who waits has his first act at hand; the others, and the reasons, unfold.
function Row({ enrollment: given, program, onChanged }) {
  const [enrollment, setEnrollment] = useState(given);
  const [shown, setShown] = useState(null);
  const [act, setAct] = useState(null);
  const [rechecked, setRechecked] = useState(false);
  const fold = (name) => () => setShown(shown === name ? null : name);
  const done = (next) => { setEnrollment(next); setRechecked(act === 'recheck'); setAct(null); setShown(null); onChanged(); };
  const acts = can('enrollment.decide') ? actsOf(enrollment, program) : [];
  const first = isWaiting(enrollment) ? acts.slice(0, 1) : [], rest = acts.slice(first.length);
  const answer = enrollment.eligibility && html`<${RuleAnswer} answer=${enrollment.eligibility} currency=${enrollment.currency} />`;
  return html`<li class="stack tight entry"><div class="row"><a class="grow" href=${`/keluarga/${enrollment.household_id}`}><b>${enrollment.head || t('enrollment.nameless')}</b></a><${State} value=${enrollment.state}>${code('enrollment_state', enrollment.state)}<//></div>
    <p class="soft small">${[enrollment.region_name, enrollment.family_no > 1 && t('enrollment.family', { number: enrollment.family_no }), day(enrollment.changed_at.slice(0, 10), { day: 'numeric', month: 'short', year: 'numeric' }), enrollment.entitlement_minor > 0 && money(enrollment.entitlement_minor, enrollment.currency)].filter(Boolean).join(' · ')}</p>
    ${enrollment.reason && html`<p class="small soft">${t('reason')}: ${enrollment.reason}</p>`}
    ${act ? html`<${EnrollmentAct} key=${act} act=${act} enrollment=${enrollment} onDone=${done} onCancel=${() => setAct(null)} />`
      : html`<div class="row tools noprint"><${Fold} open=${shown === 'why'} onClick=${fold('why')}>${t('enrollment.why')}<//>
        ${rest.length > 0 && html`<${Fold} open=${shown === 'acts'} onClick=${fold('acts')}>${t('enrollment.acts')}<//>`}
        ${first.map((name) => html`<${Button} key=${name} onClick=${() => setAct(name)}>${t(`act.${name}`)}<//>`)}</div>`}
    ${rechecked && html`<div class="note" role="status"><b>${t('act.recheck.done')}</b>${answer}</div>`}
    ${shown === 'why' && !act && html`<div class="stack">${answer}</div>`}
    ${shown === 'acts' && !act && html`<div class="row noprint">${rest.map((name) => html`<${Button} key=${name} onClick=${() => setAct(name)}>${t(`act.${name}`)}<//>`)}</div>`}</li>`;
}

function Rows({ program, state, onChanged, onClear }) {
  const pages = usePages((after) => api.get(`/programs/${program.id}/enrollments`, { state, after }), [program.id, state]);
  return html`<${ProblemNote} problem=${pages.problem} retry=${pages.reload} />${!pages.items && !pages.problem && html`<${Skeleton} />`}
    ${pages.items?.length === 0 && html`<${EmptyList} filtered=${state} onClear=${onClear} title=${t('enrollment.none')}>${t('enrollment.none.help')}<//>`}
    ${pages.items?.length > 0 && html`<${Card} flush><${List} items=${pages.items} label=${t('enrollment.many')}>${(row) => html`<${Row} key=${row.id} enrollment=${row} program=${program} onChanged=${onChanged} />`}<//><//>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
    <${Download} path=${`/programs/${program.id}/enrollments`} query=${{ state }} items=${pages.items} name="kepesertaan" />`;
}

function Chosen({ program, query, set }) {
  const counts = useLoad(() => api.get(`/programs/${program.id}/enrollment-counts`).then(({ data }) => data), [program.id]);
  const [way, setWay] = useState(null);
  const [turn, setTurn] = useState(0);
  const active = program.state === 'active';
  const mayAdd = can('enrollment.decide') || can('enrollment.propose');
  const options = Object.entries(counts.data || {}).map(([state, count]) => [state, `${code('enrollment_state', state)} (${number(count)})`]);
  const refreshed = () => { counts.reload(); setTurn(turn + 1); };
  return html`<${ProblemNote} problem=${counts.problem} retry=${counts.reload} />
    <div class="row filters noprint"><${SelectField} pointer="/state" label=${t('state')} empty=${t('all')} value=${query.state} options=${options} onChange=${(state) => set({ state })} /></div>
    ${active && mayAdd && !way && html`<div class="row noprint"><${Button} onClick=${() => setWay('one')}>${t('enrollment.one')}<//>${can('enrollment.decide') && html`<${Button} onClick=${() => setWay('bulk')}>${t('bulk.title')}<//>`}</div>`}
    ${!active && html`<${Note}><p>${t('enrollment.inactive')}</p><//>`}
    ${way === 'one' && html`<${Card} title=${t('enrollment.one')} actions=${html`<${Button} kind="quiet" onClick=${() => setWay(null)}>${t('close')}<//>`}><p>${t('enrollment.one.text')}</p><${HouseholdChoose} onChoose=${(hit) => navigate(`/cek/${program.id}?keluarga=${hit.id}`)} /><//>`}
    ${way === 'bulk' && html`<${BulkEnrollment} program=${program} onDone=${refreshed} onCancel=${() => setWay(null)} />`}
    <${Rows} key=${turn} program=${program} state=${query.state} onChanged=${counts.reload} onClear=${() => set({ state: undefined })} />`;
}

export default function EnrollmentPage() {
  const [query, setQuery] = useQuery();
  const programs = useLoad(() => api.all('/programs'), []);
  const program = programs.data?.find((row) => row.id === query.program) || (programs.data?.length === 1 ? programs.data[0] : null);
  return html`<${Page} title=${t('enrollment.title')} lead=${t('enrollment.lead')}>
    <${ProblemNote} problem=${programs.problem} retry=${programs.reload} />
    ${!programs.data && !programs.problem && html`<${Skeleton} />`}
    ${programs.data && html`<div class="row filters noprint"><${SelectField} pointer="/program" label=${t('program.one')} empty=${t('choose')} value=${program?.id} options=${programs.data.map((row) => [row.id, row.name])} onChange=${(id) => setQuery({ program: id, state: undefined })} /></div>`}
    ${program ? html`<${Chosen} key=${program.id} program=${program} query=${query} set=${setQuery} />` : programs.data && (programs.data.length ? html`<${Empty} title=${t('enrollment.choose')} />` : html`<${EmptyList} title=${t('program.none')}>${t('enrollment.no_program')}<//>`)}
  <//>`;
}
