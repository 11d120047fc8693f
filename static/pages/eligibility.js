// eligibility.js: may this household get this program? Yes, no or unclear, clause by clause, what is missing, what is due; read aloud, print, propose.
import { html, useState } from '../app/html.js';
import { t, code, money } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { useQuery } from '../app/router.js';
import { Page, Button, Card, Link, List, Note, ProblemNote, Skeleton, State, Empty, useLoad, useSubmit } from '../app/parts.js';
import { SearchBox, SelectField } from '../app/parts_form.js';
import { Aloud } from '../app/speak.js';
import { Verdict, verdict, Clauses, Missing, Wrong, Blocks, Parts, Basis } from './eligibility_parts.js';
import { partName, partAmount } from './part_words.js';
import { headOf, place, fieldName } from './household_words.js';
import { useHeading } from '../app/heading.js';
import { sheet } from '../app/sheet.js';

await sheet('/css/field.css');

function Chooser({ onChoose }) {
  const [hits, setHits] = useState(null);
  const [problem, setProblem] = useState(null);
  const search = async (text) => {
    setProblem(null);
    const digits = text.replace(/[\s.-]/g, '');
    try {
      setHits((await api.post('/households/search', /^\d{16}$/.test(digits) ? { nik: digits } : { q: text }, { key: null })).data.items);
    } catch (failure) {
      if (failure.status === undefined) throw failure;
      setProblem(failure);
    }
  };
  return html`<${SearchBox} label=${t('check.which')} hint=${t('home.search.hint')} onSearch=${search} /><${ProblemNote} problem=${problem} />
    ${hits && html`<${Card}>${hits.length ? html`<${List} items=${hits}>${(hit) => html`<li key=${hit.id}><div class="grow"><b>${hit.head}</b><span class="soft small">${place(hit)}</span></div><${Button} onClick=${() => onChoose(hit.id)}>${t('choose')}<//></li>`}<//>` : html`<${Empty} title=${t('check.none')} />`}<//>`}`;
}

const aloud = (program, household, answer, people) => [
  `${program.name}. ${headOf(household)?.name || ''}: ${t(`verdict.${verdict(answer)}`)}.`,
  ...answer.clauses.map((clause) => `${t(`clause.${clause.value === true ? 'good' : clause.value === false ? 'bad' : 'open'}`)}: ${clause.text || clause.expr}.`),
  answer.missing.length ? `${t('missing.title')} ${answer.missing.map((pointer) => fieldName(pointer)).join(', ')}.` : '',
  ...(verdict(answer) === 'eligible' ? answer.parts.map((part) => `${partName(part)}${part.member_id ? ` ${people.find((member) => member.id === part.member_id)?.name || ''}` : ''}: ${partAmount(part, program.currency)}.`) : []),
].filter(Boolean).join(' ');

// Who is asked about: the household, one of its families, or one of its members.
function UnitField({ program, household, unit, onChange }) {
  if (program.unit === 'member') return html`<${SelectField} pointer="/member_id" label=${t('check.member')} options=${household.members.map((member) => [member.id, member.name])} value=${unit.member_id} onChange=${(member_id) => onChange(member_id ? { member_id } : {})} />`;
  const families = [...new Set(household.members.map((member) => member.family_no || 1))].sort((a, b) => a - b);
  if (program.unit !== 'family' || families.length < 2) return null;
  return html`<${SelectField} pointer="/family_no" label=${t('check.family')} options=${families.map((no) => [no, t('people.family', { number: no })])} value=${unit.family_no} onChange=${(no) => onChange(no ? { family_no: Number(no) } : {})} />`;
}

function Answer({ program, household, unit }) {
  const check = useLoad(() => api.post(`/programs/${program.id}/eligibility`, { household_id: household.id, ...unit }, { key: null }).then(({ data }) => data), [JSON.stringify(unit)]);
  const propose = useSubmit(async (key) => setMade((await api.post(`/programs/${program.id}/enrollments`, { household_id: household.id, ...unit }, { key })).data));
  const [made, setMade] = useState(null);
  if (check.problem) return html`<${ProblemNote} problem=${check.problem} retry=${check.reload} />`;
  if (!check.data) return html`<${Skeleton} lines=${6} />`;
  const answer = check.data, result = verdict(answer);
  const mayPropose = can('enrollment.propose') && program.state === 'active' && !made && result === 'eligible';
  return html`<${Card}><div class="row"><${Verdict} answer=${answer} /></div><p>${t(`verdict.${result}.text`)}</p>
      ${answer.outcome === 'eligible' && answer.entitlement_minor > 0 && html`<dl class="figure"><dt>${t('check.due')}</dt><dd>${money(answer.entitlement_minor, program.currency)}</dd></dl>`}
      ${answer.outcome === 'eligible' && html`<${Parts} parts=${answer.parts} currency=${program.currency} people=${household.members} />`}<//>
    <${Missing} missing=${answer.missing} /><${Wrong} answer=${answer} /><${Blocks} blocks=${answer.blocks} />
    <${Card} title=${t('check.why')}><${Clauses} clauses=${answer.clauses} /><${Basis} answer=${answer} />
      <details class="noprint"><summary>${t('check.rule')}</summary><pre>${answer.clauses.map((clause) => clause.expr).join('\n')}</pre></details><//>
    ${made ? html`<${Note} kind=${made.state === 'refused' ? 'bad' : 'good'} role="status" title=${t('check.made')}><p>${program.name}: <${State} value=${made.state}>${code('enrollment_state', made.state)}<//></p><//>` : html`<${ProblemNote} problem=${propose.problem} />`}
    <div class="row noprint">${mayPropose && html`<${Button} kind="main" busy=${propose.busy} onClick=${() => propose.submit()}>${t('check.propose')}<//>`}
      <${Aloud} text=${aloud(program, household, answer, household.members)} />
      <${Button} onClick=${() => window.print()}>${t('print')}<//>
      ${result === 'undetermined' && can('assessment.write') && html`<${Link} href=${`/kuesioner/${household.id}`}>${t('check.complete')}<//>`}</div>`;
}

export default function EligibilityPage({ program: id }) {
  const [query, setQuery] = useQuery();
  const [unit, setUnit] = useState(query.anggota ? { member_id: query.anggota } : query.kartu ? { family_no: Number(query.kartu) } : {});
  const load = useLoad(async () => {
    const [program, household] = await Promise.all([api.get(`/programs/${id}`), query.keluarga ? api.get(`/households/${query.keluarga}`) : null]);
    return { program: program.data, household: household?.data };
  }, [id, query.keluarga]);
  useHeading(load.data?.program.name, query.keluarga);
  if (load.problem) return html`<${Page} title=${t('check.title')} back="/cari"><${ProblemNote} problem=${load.problem} retry=${load.reload} /><//>`;
  if (!load.data) return html`<${Page} title=${t('check.title')}><${Skeleton} lines=${6} /><//>`;
  const { program, household } = load.data;
  if (!household) return html`<${Page} title=${program.name} above=${t('check.title')} lead=${t('check.lead')} back=${`/program/${id}`}><${Chooser} onChoose=${(keluarga) => setQuery({ keluarga })} /><//>`;
  const ready = program.unit !== 'member' || unit.member_id;
  return html`<${Page} above=${[t('check.title'), program.owner].filter(Boolean).join(' · ')} title=${program.name} back=${`/keluarga/${household.id}`} lead=${`${headOf(household)?.name || ''} · ${place(household)}`}>
    <${UnitField} program=${program} household=${household} unit=${unit} onChange=${setUnit} />
    ${ready ? html`<${Answer} key=${JSON.stringify(unit)} program=${program} household=${household} unit=${unit} />` : html`<p class="soft">${t('check.member.first')}</p>`}
  <//>`;
}
