// household_move.js: a member goes to another household, or several part into a new one; what goes along and what stays is said before.
import { html, useState } from '../app/html.js';
import { t, code, codes, lang, today } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Page, Button, Card, ErrorSummary, Link, Note, ProblemNote, Skeleton, useLoad, useSubmit } from '../app/parts.js';
import { CheckList, DateField, RadioField, SelectField, faultAt } from '../app/parts_form.js';
import { HouseholdChoose } from './household_choose.js';
import { PlaceForm } from './household_parts_form.js';
import { clean } from './household_body.js';
import { fieldName, headOf, place } from './household_words.js';

const CLOSED = ['refused', 'exited'];
const useEnrollments = (id) => useLoad(() => api.get(`/households/${id}/enrollments`, { limit: 100 }).then(({ data }) => data.items.filter((item) => !CLOSED.includes(item.state))), [id]);
const programsOf = (items) => items.map((item) => item.program).join(', ');

function Touches({ household, leaving, enrollments, chosen }) {
  const own = enrollments.filter((item) => leaving.some((member) => member.id === item.member_id));
  const shared = enrollments.filter((item) => !item.member_id);
  const payee = leaving.find((member) => member.id === household.payee?.member_id);
  return html`<div class="note"><b>${t('touch.title')}</b><ul><li>${t('touch.member')}</li>
    ${own.length > 0 && html`<li>${t('touch.own', { programs: programsOf(own) })}</li>`}
    ${shared.length > 0 && !chosen && html`<li>${t('touch.household', { programs: programsOf(shared) })}</li>`}
    <li>${t('touch.locked')}</li>${payee && html`<li>${t('touch.payee', { name: payee.name })}</li>`}</ul></div>`;
}

export function MemberMove({ member, household, version, done }) {
  const home = `/keluarga/${household.id}`;
  const enrollments = useEnrollments(household.id);
  const [target, setTarget] = useState(null);
  const [form, setForm] = useState({ on: today(), relationship: 'other_family' });
  const work = useSubmit(async (key) => done(await api.post(`/members/${member.id}/move`, { ...form, to_household_id: target.id }, { ifMatch: version, key })));
  const same = target?.id === household.id;
  const relationships = codes('relationship').filter((entry) => entry.code !== 'head').map((entry) => [entry.code, entry[lang()]]);
  return html`<div class="form-page"><${Page} title=${t('people.move.title', { name: member.name })} lead=${t('people.move.lead')} back=${home}>
    ${(!target || same) && html`<${Card}><${HouseholdChoose} onChoose=${setTarget} /><//>`}
    ${same && html`<${Note} kind="bad" role="alert">${t('people.move.same')}<//>`}
    <${ProblemNote} problem=${enrollments.problem} retry=${enrollments.reload} />
    ${target && !same && (enrollments.data ? html`<form class="card stack confirm" novalidate onSubmit=${(event) => { event.preventDefault(); work.submit(); }}>
      <div class="row"><div class="grow"><p class="soft small">${t('people.move.to')}</p><b>${target.head}</b><p class="small">${place(target)}</p></div><${Button} kind="quiet" onClick=${() => setTarget(null)}>${t('change')}<//></div>
      <${ErrorSummary} problem=${work.problem} names=${(pointer) => fieldName(pointer)} />
      <${SelectField} pointer="/relationship" label=${t('people.move.relationship')} options=${relationships} value=${form.relationship} onChange=${(relationship) => setForm({ ...form, relationship: relationship || 'other_family' })} error=${faultAt(work.problem, '/relationship')} />
      <${DateField} pointer="/on" label=${t('field.on')} value=${form.on} onChange=${(on) => setForm({ ...form, on })} error=${faultAt(work.problem, '/on')} />
      <${Touches} household=${household} leaving=${[member]} enrollments=${enrollments.data} />
      <div class="row"><${Button} type="submit" kind="main" busy=${work.busy} disabled=${!form.on}>${t('people.move.act')}<//><${Link} kind="quiet" href=${home}>${t('cancel')}<//></div></form>` : html`<${Skeleton} lines=${4} />`)}
  <//></div>`;
}

// Who is asked first becomes the head there; the head of this household stays.
export function Split({ household, version, done }) {
  const home = `/keluarga/${household.id}`;
  const enrollments = useEnrollments(household.id);
  const [form, setForm] = useState({ member_ids: [], on: today(), where: { region: household.region }, enrollments: {} });
  const [made, setMade] = useState(null);
  const set = (part) => setForm((old) => ({ ...old, ...part }));
  const work = useSubmit(async (key) => {
    const body = { member_ids: form.member_ids, on: form.on, new_household: clean(form.where), enrollments: form.enrollments };
    setMade(await api.post(`/households/${household.id}/split`, body, { ifMatch: version, key }));
  });
  if (made) return html`<${Page} title=${t('split.done')} back=${home}><${Note} kind="good" role="status"><p>${t('split.done.text')}</p><//>
    <div class="row"><${Link} kind="main" href=${made.location.replace('/api/v1/households/', '/keluarga/')}>${t('split.open')}<//><${Button} onClick=${() => done(made)}>${t('household.back')}<//></div><//>`;
  const others = household.members.filter((member) => member.relationship !== 'head');
  const leaving = form.member_ids.map((id) => others.find((member) => member.id === id));
  const shared = (enrollments.data || []).filter((item) => !item.member_id);
  // A fault of the new place comes back as "/new_household/rt" and is shown where "rt" is asked.
  const faults = work.problem && { ...work.problem, errors: (work.problem.errors || []).map((fault) => ({ ...fault, pointer: fault.pointer.replace(/^\/new_household/, '') })) };
  return html`<div class="form-page"><${Page} title=${t('split.title')} lead=${t('split.lead')} above=${headOf(household)?.name} back=${home}>
    <form class="stack" novalidate onSubmit=${(event) => { event.preventDefault(); work.submit(); }}>
      <${ErrorSummary} problem=${faults} names=${(pointer) => fieldName(pointer)} />
      <${Card}><${CheckList} pointer="/member_ids" label=${t('split.who')} options=${others.map((member) => [member.id, `${member.name} · ${code('relationship', member.relationship)}`])} value=${form.member_ids} onChange=${(member_ids) => set({ member_ids })} error=${faultAt(faults, '/member_ids')} />
        ${leaving.length > 0 && html`<p role="status">${t('split.head', { name: leaving[0].name })}</p>`}
        <${DateField} pointer="/on" label=${t('field.on')} value=${form.on} onChange=${(on) => set({ on })} error=${faultAt(faults, '/on')} /><//>
      <${Card} title=${t('split.where')}><${PlaceForm} form=${form.where} set=${(part) => set({ where: { ...form.where, ...part } })} problem=${faults} /><//>
      <${ProblemNote} problem=${enrollments.problem} retry=${enrollments.reload} />
      ${shared.length > 0 && html`<${Card} title=${t('split.enrollments')}><p class="soft small">${t('split.enrollments.hint')}</p>
        ${shared.map((item) => html`<${RadioField} key=${item.id} pointer=${`/enrollments/${item.id}`} label=${item.program} options=${[['stay', t('split.stay')], ['go', t('split.go')]]} value=${form.enrollments[item.id] || 'stay'}
          onChange=${(way) => set({ enrollments: { ...form.enrollments, [item.id]: way } })} error=${faultAt(faults, `/enrollments/${item.id}`)} />`)}<//>`}
      ${leaving.length > 0 && enrollments.data && html`<${Touches} household=${household} leaving=${leaving} enrollments=${enrollments.data} chosen />`}
      <div class="row"><${Button} type="submit" kind="main" busy=${work.busy} disabled=${!form.on || !leaving.length || !enrollments.data}>${t('split.act')}<//><${Link} kind="quiet" href=${home}>${t('cancel')}<//></div></form>
  <//></div>`;
}
