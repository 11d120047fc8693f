// duplicate.js: possible duplicates side by side; a person decides, with a reason.
import { html, useState } from '../app/html.js';
import { t, code, day } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { useQuery } from '../app/router.js';
import { Page, Button, Card, Confirm, EmptyList, Note, Pager, ProblemNote, Skeleton, State, useLoad, usePages, useSubmit } from '../app/parts.js';
import { RadioField, SelectField } from '../app/parts_form.js';
import { sheet } from '../app/sheet.js';
import { Download } from '../app/download.js';
import { regionName } from './duplicate_region.js';
import { Combine } from './duplicate_merge.js';

await sheet('/css/desk.css');

const SHORT = { day: 'numeric', month: 'short', year: 'numeric' };
const useRegion = (side) => useLoad(() => (side?.region ? regionName(side.region) : Promise.resolve('')), [side?.region]).data;
// A card and a telephone are a household's, a number and a name one person's.
const wordOf = (item, decision) => t(['kk', 'phone'].includes(item.kind) && decision !== 'unsure' ? `duplicate.${decision}.household` : `duplicate.${decision}`);
const nameOf = (side) => side?.name || side?.head || t('duplicate.outside');

// What one record says; the same word for word in both is no difference.
const factsOf = (side, region) => side && [side.birth_date && day(side.birth_date), side.sex && code('sex', side.sex), side.name && side.head && side.head !== side.name && t('duplicate.head', { name: side.head }),
  region, [side.hamlet, side.rt && `RT ${side.rt}`, side.rw && `RW ${side.rw}`].filter(Boolean).join(', ')].map((text) => text || '');

const Side = ({ title, side, facts }) => html`<div class="stack tight" role="group" aria-label=${title}><p class="small soft">${title}${side && html`<br />${day(side.created_at.slice(0, 10), SHORT)}`}</p>
  ${side ? html`<p><a href=${`/keluarga/${side.household_id}`}><b>${side.name || side.head || '–'}</b></a>${side.state !== 'active' && html` <${State} value=${side.state}>${code('household_state', side.state)}<//>`}</p>
    ${facts.filter(Boolean).map((fact, i) => html`<p class="small" key=${i}>${fact}</p>`)}` : html`<p class="soft">${t('duplicate.outside')}</p>`}</div>`;

function Compare({ kind, state, earlier, later, decided_at: decided }) {
  const facts = [factsOf(earlier, useRegion(earlier)), factsOf(later, useRegion(later))];
  const isShared = (fact, i) => facts[0] && facts[1] && facts[0][i] === facts[1][i];
  const shared = (facts[1] || []).filter((fact, i) => fact && isShared(fact, i));
  const rest = (one) => one && one.filter((fact, i) => !isShared(fact, i));
  return html`<div class="row"><${State} kind=${kind === 'nik' ? 'bad' : 'warn'}>${code('duplicate_kind', kind)}<//>${state !== 'open' && html`<${State} value=${state}>${code('duplicate_state', state)}<//>`}
      ${decided && html`<span class="soft small">${t('duplicate.decided', { day: day(decided.slice(0, 10), SHORT) })}</span>`}
      ${shared.length > 0 && html`<p class="small soft">${t('duplicate.shared', { facts: shared.join(' · ') })}</p>`}</div>
    <div class="sides"><${Side} title=${t('duplicate.earlier')} side=${earlier} facts=${rest(facts[0])} /><${Side} title=${t('duplicate.later')} side=${later} facts=${rest(facts[1])} /></div>`;
}

function Decision({ item, decision, onDone, onCancel }) {
  const [keep, setKeep] = useState(item.earlier?.household_id);
  const merges = decision === 'same' && item.earlier?.household_id && item.later?.household_id && item.earlier.household_id !== item.later.household_id;
  const work = useSubmit(async (key, reason) => { await api.post(`/duplicates/${item.id}/decide`, { decision, reason }, { key }); onDone(decision, false); });
  if (merges) return html`<${Combine} key=${keep} item=${item} keep=${keep} title=${t('duplicate.decide', { decision: wordOf(item, decision) })} onDone=${onDone} onCancel=${onCancel}>
    <${RadioField} pointer=${`/keep_id/${item.id}`} label=${t('duplicate.keep')} value=${keep} onChange=${setKeep} options=${[[item.earlier.household_id, `${t('duplicate.earlier')}: ${item.earlier.head}`], [item.later.household_id, `${t('duplicate.later')}: ${item.later.head}`]]} /><//>`;
  return html`<${Confirm} title=${t('duplicate.decide', { decision: wordOf(item, decision) })} act=${wordOf(item, decision)} kind=${decision === 'same' ? 'danger' : 'main'} reason busy=${work.busy} problem=${work.problem} onDone=${work.submit} onCancel=${onCancel}>
    <p>${t(decision === 'same' ? 'duplicate.same.alone' : `duplicate.${decision}.text`)}</p><//>`;
}

function Case({ item, number, onMerged }) {
  const [decision, setDecision] = useState(null);
  const [decided, setDecided] = useState(null);
  const may = can('household.write') && ['open', 'unsure'].includes(item.state);
  const done = (how, merged) => { if (merged) onMerged(); setDecided(how); };
  if (decided) return html`<${Note} kind="good" role="status" title=${wordOf(item, decided)}><p>${nameOf(item.earlier)} · ${nameOf(item.later)}</p><//>`;
  return html`<${Card} label=${`${number}. ${code('duplicate_kind', item.kind)}`}><${Compare} ...${item} />
    ${decision ? html`<${Decision} item=${item} decision=${decision} onDone=${done} onCancel=${() => setDecision(null)} />`
      : may && html`<div class="row choose noprint">${['same', 'different', 'unsure'].filter((name) => name !== item.state).map((name) => html`<${Button} key=${name} kind=${name === 'unsure' ? 'quiet' : ''} onClick=${() => setDecision(name)}>${wordOf(item, name)}<//>`)}</div>`}<//>`;
}

export default function DuplicatePage() {
  const [query, setQuery] = useQuery();
  const state = query.keadaan || 'open', kind = query.jenis || '';
  const [turn, setTurn] = useState(0); // a merge closes other cases too
  const list = usePages((after) => api.get('/duplicates', { state, kind, limit: 20, after }), [state, kind, turn]);
  const filtered = state !== 'open' || kind !== '';
  return html`<${Page} title=${t('duplicate.title')} lead=${t('duplicate.lead')}>
    <div class="row filters tall noprint"><${SelectField} pointer="/state" label=${t('duplicate.state')} list="duplicate_state" value=${state} onChange=${(word) => setQuery({ keadaan: word === 'open' ? '' : word })} />
      <${SelectField} pointer="/kind" label=${t('duplicate.kind')} list="duplicate_kind" empty=${t('all')} value=${kind} onChange=${(word) => setQuery({ jenis: word || '' })} /></div>
    ${list.problem && html`<${ProblemNote} problem=${list.problem} retry=${list.reload} />`}
    ${!list.items && !list.problem && html`<${Skeleton} lines=${6} />`}
    ${list.items?.map((item, i) => html`<${Case} key=${`${item.id} ${turn}`} number=${i + 1} item=${item} onMerged=${() => setTurn(turn + 1)} />`)}
    ${list.items?.length === 0 && html`<${EmptyList} filtered=${filtered} onClear=${() => setQuery({ keadaan: '', jenis: '' })} title=${t('duplicate.none')}>${t('duplicate.none.text')}<//>`}
    <${Pager} ...${list} />
    <${Download} path="/duplicates" query=${{ state, kind }} items=${list.items} name="data-ganda" />
  <//>`;
}
