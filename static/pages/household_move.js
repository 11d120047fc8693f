// household_move.js: a member goes to another household, or several part into a new one; what goes along and what stays is said before.
import { html, useState } from '../app/html.js';
import { t, code, codes, lang, today } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Page, Button, Card, ErrorSummary, Link, Note, useSubmit } from '../app/parts.js';
import { CheckList, DateField, SelectField, faultAt } from '../app/parts_form.js';
import { HouseholdChoose } from './household_choose.js';
import { Touches, useTouch } from './household_touch.js';
import { PlaceForm } from './household_parts_form.js';
import { clean } from './household_body.js';
import { fieldName, headOf, place } from './household_words.js';

export function MemberMove({ member, household, version, done }) {
  const home = `/keluarga/${household.id}`;
  const touch = useTouch(household.id, 'move', member.id);
  const [target, setTarget] = useState(null);
  const [form, setForm] = useState({ on: today(), relationship: 'other_family' });
  const work = useSubmit(async (key) => done(await api.post(`/members/${member.id}/move`, { ...form, to_household_id: target.id }, { ifMatch: version, key })));
  const same = target?.id === household.id;
  const relationships = codes('relationship').filter((entry) => entry.code !== 'head').map((entry) => [entry.code, entry[lang()]]);
  return html`<div class="form-page"><${Page} title=${t('people.move.title', { name: member.name })} lead=${t('people.move.lead')} back=${home}>
    ${(!target || same) && html`<${Card}><${HouseholdChoose} onChoose=${setTarget} /><//>`}
    ${same && html`<${Note} kind="bad" role="alert">${t('people.move.same')}<//>`}
    ${target && !same && html`<form class="card stack confirm" novalidate onSubmit=${(event) => { event.preventDefault(); work.submit(); }}>
      <div class="row"><div class="grow"><p class="soft small">${t('people.move.to')}</p><b>${target.head}</b><p class="small">${place(target)}</p></div><${Button} kind="quiet" onClick=${() => setTarget(null)}>${t('change')}<//></div>
      <${ErrorSummary} problem=${work.problem} names=${(pointer) => fieldName(pointer)} />
      <${SelectField} pointer="/relationship" label=${t('people.move.relationship')} options=${relationships} value=${form.relationship} onChange=${(relationship) => setForm({ ...form, relationship: relationship || 'other_family' })} error=${faultAt(work.problem, '/relationship')} />
      <${DateField} pointer="/on" label=${t('field.on')} value=${form.on} onChange=${(on) => setForm({ ...form, on })} error=${faultAt(work.problem, '/on')} />
      <${Touches} touch=${touch} />
      <div class="row"><${Button} type="submit" kind="main" busy=${work.busy} disabled=${!form.on || !touch.data}>${t('people.move.act')}<//><${Link} kind="quiet" href=${home}>${t('cancel')}<//></div></form>`}
  <//></div>`;
}

// Who is asked first becomes the head there; the head of this household stays.
export function Split({ household, version, done }) {
  const home = `/keluarga/${household.id}`;
  const touch = useTouch(household.id, 'split');
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
  // A fault of the new place comes back as "/new_household/rt" and is shown where "rt" is asked.
  const faults = work.problem && { ...work.problem, errors: (work.problem.errors || []).map((fault) => ({ ...fault, pointer: fault.pointer.replace(/^\/new_household/, '') })) };
  return html`<div class="form-page"><${Page} title=${t('split.title')} lead=${t('split.lead')} above=${headOf(household)?.name} back=${home}>
    <form class="stack" novalidate onSubmit=${(event) => { event.preventDefault(); work.submit(); }}>
      <${ErrorSummary} problem=${faults} names=${(pointer) => fieldName(pointer)} />
      <${Card}><${CheckList} pointer="/member_ids" label=${t('split.who')} options=${others.map((member) => [member.id, `${member.name} · ${code('relationship', member.relationship)}`])} value=${form.member_ids} onChange=${(member_ids) => set({ member_ids })} error=${faultAt(faults, '/member_ids')} />
        ${leaving.length > 0 && html`<p role="status">${t('split.head', { name: leaving[0].name })}</p>`}
        <${DateField} pointer="/on" label=${t('field.on')} value=${form.on} onChange=${(on) => set({ on })} error=${faultAt(faults, '/on')} /><//>
      <${Card} title=${t('split.where')}><${PlaceForm} form=${form.where} set=${(part) => set({ where: { ...form.where, ...part } })} problem=${faults} /><//>
      ${leaving.length > 0 && html`<${Touches} touch=${touch} ways=${['stay', 'go']} choices=${form.enrollments} onChoose=${(enrollments) => set({ enrollments })} problem=${faults} leaving=${form.member_ids} payee=${form.member_ids.includes(household.payee?.member_id)} />`}
      <div class="row"><${Button} type="submit" kind="main" busy=${work.busy} disabled=${!form.on || !leaving.length || !touch.data}>${t('split.act')}<//><${Link} kind="quiet" href=${home}>${t('cancel')}<//></div></form>
  <//></div>`;
}
