// duplicate_merge.js: one family registered twice: for each field that differs a person chooses whose value is used, and says who is one person.
import { html, useState } from '../app/html.js';
import { t, loadWords } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Button, Confirm, ErrorSummary, Note, ProblemNote, Skeleton, useLoad, useSubmit } from '../app/parts.js';
import { RadioField, SelectField, faultAt } from '../app/parts_form.js';
import { fieldName, valueText } from './household_words.js';
import { Touches, useTouch } from './household_touch.js';
import { regionName } from './duplicate_region.js';

await loadWords('merge');

const isEmpty = (values) => Object.keys(values).length === 0;
// Where the one that stays says nothing, the other's word is taken unless a person says otherwise.
const firstSide = (field) => (isEmpty(field.keep) && !isEmpty(field.other) ? 'other' : 'keep');
const keyOf = (pair, pointer) => `${pair ? pair.other_id : ''}${pointer}`;

function Value({ field, values }) {
  const region = useLoad(() => (values.region || values.registered_region ? regionName(values.region || values.registered_region) : Promise.resolve(null)), [values.region, values.registered_region]).data;
  if (isEmpty(values)) return html`<span class="soft">${t('combine.none')}</span>`;
  if (region) return region;
  return Object.entries(values).map(([name, value]) => (field.pointer.endsWith(`/${name}`) ? '' : `${fieldName(`/${name}`)}: `) + valueText(`/${name}`, value)).join('; ');
}

function Fields({ fields, pair, at, chosen, onChoose, problem }) {
  const equal = fields.filter((field) => field.equal), differing = fields.filter((field) => !field.equal);
  return html`${equal.length > 0 && html`<p class="small soft">${t('combine.equal', { fields: equal.map((field) => fieldName(field.pointer)).join(', ') })}</p>`}
    ${differing.length === 0 && html`<p class="small">${t('combine.all.equal')}</p>`}
    ${differing.map((field) => html`<${RadioField} key=${keyOf(pair, field.pointer)} pointer=${`${at}${field.pointer}`} label=${fieldName(field.pointer)} inline value=${chosen[keyOf(pair, field.pointer)] || firstSide(field)}
      options=${['keep', 'other'].map((side) => [side, html`<${Value} field=${field} values=${field[side]} />`])} onChange=${(side) => onChoose({ ...chosen, [keyOf(pair, field.pointer)]: side })} error=${faultAt(problem, `${at}${field.pointer}`)} />`)}`;
}

// {"/housing/floor": "other"} to {housing: {floor: "other"}}; equal fields need no word.
function sidesOf(fields, pair, chosen) {
  const sides = {};
  for (const field of fields.filter(({ equal }) => !equal)) {
    const [name, inner] = field.pointer.slice(1).split('/');
    const side = chosen[keyOf(pair, field.pointer)] || firstSide(field);
    if (inner) sides[name] = { ...sides[name], [inner]: side };
    else sides[name] = side;
  }
  return sides;
}

const choicesOf = (told, chosen) => ({ keep_version: told.keep.version, other_version: told.other.version, household: sidesOf(told.fields, null, chosen),
  members: told.members.map((pair) => ({ keep_id: pair.keep_id, other_id: pair.other_id, ...sidesOf(pair.fields, pair, chosen) })) });

const pairText = (pairs) => pairs.map(({ keep_id, other_id }) => `${keep_id}.${other_id}`).join(',') || 'none';

function People({ told, fixed, chosen, onChoose, onPairs, problem }) {
  const { members, keep_only: alone, other_only: coming } = told;
  return html`${members.map((pair, i) => html`<section class="stack tight" key=${pair.other_id}><div class="row"><h3 class="grow">${t('combine.person', { name: pair.name || '–' })}</h3>
      ${pair.other_id !== fixed && html`<${Button} kind="quiet" onClick=${() => onPairs(members.filter((one) => one !== pair))}>${t('combine.apart')}<//>`}</div>
      <${Fields} fields=${pair.fields} pair=${pair} at=${`/choices/members/${i}`} chosen=${chosen} onChoose=${onChoose} problem=${problem} /></section>`)}
    ${coming.length > 0 && html`<section class="stack tight"><h3>${t('combine.come')}</h3>${coming.map((one) => html`<${SelectField} key=${one.id} pointer=${`/who/${one.id}`} label=${t('combine.who', { name: one.name || '–' })} value=""
      empty=${t('combine.comes')} options=${alone.map((other) => [other.id, t('combine.is', { name: other.name || '–' })])} onChange=${(id) => id && onPairs([...members, { keep_id: id, other_id: one.id }])} />`)}</section>`}
    ${alone.length > 0 && html`<p class="small soft">${t('combine.only', { names: alone.map((one) => one.name || '–').join(', ') })}</p>`}`;
}

// `item` is the case; its own two people, where it has them, stay a pair.
export function Combine({ item, keep, title, onDone, onCancel, children }) {
  const earlier = item.earlier.household_id === keep;
  const [stays, ends] = earlier ? [item.earlier, item.later] : [item.later, item.earlier];
  const [pairs, setPairs] = useState(null);
  const [chosen, setChosen] = useState({});
  const [enrollments, setEnrollments] = useState({});
  const own = pairs && (pairs.some((pair) => pair.other_id === ends.member_id) || !stays.member_id || !ends.member_id ? pairs : [{ keep_id: stays.member_id, other_id: ends.member_id }, ...pairs]);
  const told = useLoad(() => api.get(`/households/${keep}/comparison`, { other: ends.household_id, pairs: own ? pairText(own) : undefined }).then(({ data }) => data), [keep, own && pairText(own)]);
  const touch = useTouch(ends.household_id, 'merge');
  const work = useSubmit(async (key, reason) => {
    await api.post(`/duplicates/${item.id}/decide`, { decision: 'same', keep_id: keep, choices: choicesOf(told.data, chosen), enrollments, reason }, { key });
    onDone('same', true);
  });
  const stale = work.problem?.status === 412;
  return html`<${Confirm} title=${title} act=${t('combine.act')} kind="danger" reason busy=${work.busy || !told.data || !touch.data} onDone=${work.submit} onCancel=${onCancel}>
    <p>${t('combine.text')}</p>${children}
    ${stale ? html`<${Note} kind="bad" role="alert"><p>${t('combine.stale')}</p><${Button} onClick=${() => { work.setProblem(null); told.reload(); }}>${t('retry')}<//><//>` : html`<${ErrorSummary} problem=${work.problem} names=${(pointer) => fieldName(pointer)} />`}
    ${told.problem && html`<${ProblemNote} problem=${told.problem} retry=${told.reload} />`}
    ${!told.data && !told.problem && html`<${Skeleton} lines=${5} />`}
    ${told.data && html`<div class="stack combine"><div class="sides small"><b>${t('combine.stays')}: ${told.data.keep.head || '–'}</b><b>${t('combine.ends')}: ${told.data.other.head || '–'}</b></div>
      <section class="stack tight"><h3>${t('combine.household')}</h3><${Fields} fields=${told.data.fields} at="/choices/household" chosen=${chosen} onChoose=${setChosen} problem=${work.problem} /><p class="small soft">${t('combine.payee')}</p></section>
      <${People} told=${told.data} fixed=${ends.member_id} chosen=${chosen} onChoose=${setChosen} onPairs=${setPairs} problem=${work.problem} /></div>`}
    <${Touches} touch=${touch} ways=${['end', 'go']} choices=${enrollments} onChoose=${setEnrollments} problem=${work.problem} /><//>`;
}
