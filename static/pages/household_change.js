// household_change.js: one change of a household as a page of its own: fields, a member, a departure, a death, a consent. A record that someone else
// changed meanwhile is compared field by field; nothing is overwritten unseen.
import { html, useState } from '../app/html.js';
import { t, today } from '../app/i18n.js';
import { api } from '../app/api.js';
import { navigate } from '../app/router.js';
import { Page, Button, Card, Confirm, ErrorSummary, Link, Note, useSubmit } from '../app/parts.js';
import { DateField, DigitsField, RadioField, TextField, faultAt } from '../app/parts_form.js';
import { newId } from '../app/id.js';
import { MemberForm } from './household_member_form.js';
import { PlaceForm, HousingForm, PayeeForm } from './household_parts_form.js';
import { ConsentForm } from './household_consent.js';
import { MemberMove, Split } from './household_move.js';
import { Dissolve, Merge, Relocate } from './household_end.js';
import { Touches, useTouch } from './household_touch.js';
import { clean, difference } from './household_body.js';
import { KeptField, unmask } from './household_masked.js';
import { EvidenceForm } from './change_parts.js';
import { fieldName, valueText } from './household_words.js';

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

// Mine and theirs, for each field that both touched; the rest of mine goes through as it is.
function Conflict({ base, current, patch, people, busy, onChoose, onCancel }) {
  const clashes = Object.keys(patch).filter((name) => !same(base[name], current[name]));
  const [mine, setMine] = useState(Object.fromEntries(clashes.map((name) => [name, false])));
  const later = Object.keys(patch).filter((name) => !clashes.includes(name));
  const choose = (event) => {
    event.preventDefault();
    const kept = ([name]) => !clashes.includes(name) || mine[name];
    onChoose(Object.fromEntries(Object.entries(patch).filter(kept)), Object.fromEntries(Object.entries(patch).filter((entry) => !kept(entry) && entry[1] !== null)));
  };
  return html`<form class="card stack confirm" onSubmit=${choose}><h2>${t('conflict.title')}</h2><p>${t('conflict.text')}</p>
    ${clashes.map((name) => html`<${RadioField} key=${name} pointer=${`/conflict/${name}`} label=${fieldName(`/${name}`)} value=${mine[name]} onChange=${(value) => setMine({ ...mine, [name]: value })}
      options=${[[false, t('conflict.theirs', { value: valueText(`/${name}`, current[name], people) })], [true, t('conflict.mine', { value: valueText(`/${name}`, patch[name], people) })]]} />`)}
    ${later.length > 0 && html`<p class="small soft">${t('conflict.rest', { fields: later.map((name) => fieldName(`/${name}`)).join(', ') })}</p>`}
    <div class="row"><${Button} type="submit" kind="main" busy=${busy}>${t('conflict.save')}<//><${Button} kind="quiet" onClick=${onCancel}>${t('cancel')}<//></div></form>`;
}

// base is what is there, of what the form knows; send takes a merge patch and the version it rests on.
function Edit({ household, version, title, lead, base, currentOf, send, done, member, children }) {
  const [form, setForm] = useState(base);
  const [clash, setClash] = useState(null);
  // What gives way is kept first, so that nothing is lost when the rest fails.
  const work = useSubmit(async (key, patch, at, lost) => {
    try {
      if (lost && Object.keys(lost).length) await api.post(`/households/${household.id}/conflicts`, { member_id: member, values: lost });
      if (Object.keys(patch).length) done(await send(patch, at, key));
      else done(clash?.current);
    } catch (failure) {
      if (failure.status !== 412 || !failure.data.current) throw failure;
      setClash({ current: failure.data.current, patch });
    }
  });
  const save = (event) => {
    event.preventDefault();
    const patch = difference(base, form);
    if (Object.keys(patch).length) work.submit(patch, version);
    else navigate(`/keluarga/${household.id}`);
  };
  const names = (pointer) => fieldName(pointer);
  return html`<div class="form-page"><${Page} title=${title} lead=${lead} back=${`/keluarga/${household.id}`}>
    ${clash ? html`<${Conflict} base=${base} current=${currentOf(clash.current)} patch=${clash.patch} people=${household.members} busy=${work.busy} onCancel=${() => done(clash.current)}
        onChoose=${(patch, lost) => { setClash(null); work.submit(patch, clash.current.version, lost); }} />`
      : html`<form class="stack" novalidate onSubmit=${save}><${ErrorSummary} problem=${work.problem} names=${names} /><${Card}>${children(form, (part) => setForm((old) => ({ ...old, ...part })), work.problem)}<//>
        <div class="row"><${Button} type="submit" kind="main" busy=${work.busy}>${t('save')}<//><${Link} kind="quiet" href=${`/keluarga/${household.id}`}>${t('cancel')}<//></div></form>`}
  <//></div>`;
}

const pick = (record, names) => Object.fromEntries(names.map((name) => [name, record[name]]));
const PLACE = ['region', 'registered_region', 'hamlet', 'rw', 'rt', 'address', 'address_note', 'address_kind', 'phone', 'location', 'kk_number'];

function PartEdit({ part, household, version, done }) {
  const patch = async (body, at, key) => api.patch(`/households/${household.id}`, await unmask(body, household, (record) => record), { ifMatch: at, key });
  const shared = { household, version, done, send: patch, title: t(`household.${part}`), currentOf: (current) => current };
  if (part === 'place') return html`<${Edit} ...${shared} base=${pick(household, PLACE)}>${(form, set, problem) => html`<div class="stack"><${PlaceForm} form=${form} set=${set} problem=${problem} />
    <${KeptField} field=${DigitsField} pointer="/kk_number" label=${t('field.kk_number')} hint=${t('people.kk.hint')} optional length=${16} value=${form.kk_number} onChange=${(kk_number) => set({ kk_number })} error=${faultAt(problem, '/kk_number')} /></div>`}<//>`;
  const Form = part === 'housing' ? HousingForm : PayeeForm;
  const record = household[part] || {};
  return html`<${Edit} ...${shared} base=${{ [part]: record }}>${(form, set, problem) => html`<${Form} ...${{ [part]: form[part] }} set=${(change) => set({ [part]: { ...form[part], ...change } })} members=${household.members} problem=${problem} />`}<//>`;
}

// Not of the form: the number is shown masked, the rest is the server's.
const FIXED = new Set(['nik', 'id', 'household_id', 'state', 'joined_on', 'left_on', 'left_reason']);

function MemberEdit({ member, household, version, done }) {
  const masked = member.nik;
  const base = Object.fromEntries(Object.entries(member).filter(([name]) => !FIXED.has(name)));
  return html`<${Edit} household=${household} version=${version} done=${done} member=${member.id} title=${t('people.correct.title', { name: member.name })} lead=${t('people.correct.lead')} base=${base}
    currentOf=${(current) => current.members?.find((entry) => entry.id === member.id) || current} 
    send=${async (body, at, key) => api.patch(`/members/${member.id}`, await unmask(body, household, (record) => record.members?.find((entry) => entry.id === member.id)), { ifMatch: at, key })}>
    ${(form, set, problem) => html`<${MemberForm} at="" value=${form} onChange=${set} problem=${problem} families=${household.families?.length || 1} masked=${masked} changing />`}<//>`;
}

function MemberAdd({ household, version, done }) {
  const [member, setMember] = useState({ id: newId() });
  const work = useSubmit(async (key) => done(await api.post(`/households/${household.id}/members`, clean(member), { ifMatch: version, key })));
  return html`<div class="form-page"><${Page} title=${t('household.add_member')} back=${`/keluarga/${household.id}`}><form class="stack" novalidate onSubmit=${(event) => { event.preventDefault(); work.submit(); }}>
    <${ErrorSummary} problem=${work.problem} names=${(pointer) => fieldName(pointer)} /><${Card}><${MemberForm} at="" value=${member} onChange=${setMember} problem=${work.problem} families=${household.families?.length || 1} /><//>
    <div class="row"><${Button} type="submit" kind="main" busy=${work.busy}>${t('save')}<//><${Link} kind="quiet" href=${`/keluarga/${household.id}`}>${t('cancel')}<//></div></form><//></div>`;
}

function Departure({ kind, member, household, version, done }) {
  const [form, setForm] = useState({ on: today() });
  const set = (name) => (value) => setForm((old) => ({ ...old, [name]: value }));
  const touch = useTouch(household.id, kind, member.id);
  const work = useSubmit(async (key) => done(await api.post(`/members/${member.id}/${kind}`, clean(form), { ifMatch: version, key })));
  return html`<div class="form-page"><${Page} title=${t(`people.${kind}.title`, { name: member.name })} back=${`/keluarga/${household.id}`}><form class="card stack confirm" novalidate onSubmit=${(event) => { event.preventDefault(); work.submit(); }}>
    <p>${t(`people.${kind}.text`)}</p><${ErrorSummary} problem=${work.problem} names=${(pointer) => fieldName(pointer)} />
    ${kind === 'leave' && html`<${RadioField} pointer="/reason" label=${t('reason')} list="leave_reason" value=${form.reason} onChange=${set('reason')} error=${faultAt(work.problem, '/reason')} />`}
    <${DateField} pointer="/on" label=${t('field.on')} value=${form.on} onChange=${set('on')} error=${faultAt(work.problem, '/on')} />
    ${kind === 'death' && html`<${TextField} pointer="/note" label=${t('field.note')} optional value=${form.note} onChange=${set('note')} error=${faultAt(work.problem, '/note')} />`}
    <${Touches} touch=${touch} />
    <div class="row"><${Button} type="submit" kind="danger" busy=${work.busy} disabled=${!touch.data || !form.on || (kind === 'leave' && !form.reason)}>${t(`people.${kind}.act`)}<//><${Link} kind="quiet" href=${`/keluarga/${household.id}`}>${t('cancel')}<//></div></form><//></div>`;
}

function ConsentAdd({ household, version, done }) {
  const [consent, setConsent] = useState({ basis: 'consent', form: 'signed', purposes: ['aid'] });
  const work = useSubmit(async (key) => done(await api.post(`/households/${household.id}/consents`, clean(consent), { ifMatch: version, key })));
  return html`<div class="form-page"><${Page} title=${t('consent.again')} back=${`/keluarga/${household.id}`}><form class="stack" novalidate onSubmit=${(event) => { event.preventDefault(); work.submit(); }}>
    <${ErrorSummary} problem=${work.problem} names=${(pointer) => fieldName(pointer)} /><${Card}><${ConsentForm} at="" consent=${consent} set=${(part) => setConsent((old) => ({ ...old, ...part }))} problem=${work.problem} /><//>
    <div class="row"><${Button} type="submit" kind="main" busy=${work.busy} disabled=${!consent.notice_version}>${t('save')}<//><${Link} kind="quiet" href=${`/keluarga/${household.id}`}>${t('cancel')}<//></div></form><//></div>`;
}

function ConsentEnd({ consent, household, version, done }) {
  const ends = household.consents?.find((entry) => entry.id === consent)?.basis === 'consent';
  const work = useSubmit(async (key, reason) => done(await api.post(`/consents/${consent}/withdraw`, { reason }, { ifMatch: version, key })));
  return html`<${Page} title=${t('consent.withdraw.title')} back=${`/keluarga/${household.id}`}><${Confirm} title=${t('consent.withdraw.title')} act=${t('consent.withdraw')} kind="danger" reason busy=${work.busy} problem=${work.problem}
    onDone=${work.submit} onCancel=${() => navigate(`/keluarga/${household.id}`)}><p>${t(ends ? 'consent.withdraw.text' : 'consent.object.text')}</p><//><//>`;
}

export function HouseholdChange({ household, version, query, onDone }) {
  const [waiting, setWaiting] = useState(null);
  const home = `/keluarga/${household.id}`;
  // 202: the change waits for another person; nothing is different yet.
  const done = (answer) => {
    if (answer?.status === 202) { setWaiting(answer.data); return; }
    const fresh = answer?.data || answer;
    onDone(fresh?.members && fresh.id === household.id ? fresh : null);
    navigate(home, { replace: true });
  };
  if (waiting) return html`<${Page} title=${t('change.waiting')} back=${home}><${Note} title=${t('change.waiting')}><p>${t('change.waiting.text')}</p><//>
    ${waiting.proved ? html`<${Note} kind="good" role="status">${t('change.evidence.sent')}<//>` : html`<${Card} title=${t('change.evidence.add')}><${EvidenceForm} id=${waiting.change_request_id} onDone=${() => setWaiting({ ...waiting, proved: true })} /><//>`}<${Link} kind="main" href=${home}>${t('household.back')}<//><//>`;
  const shared = { household, version, done };
  const member = household.members.find((entry) => entry.id === query.anggota);
  if (member && query.aksi === 'move') return html`<${MemberMove} member=${member} ...${shared} />`;
  if (member) return query.aksi === 'correct' ? html`<${MemberEdit} member=${member} ...${shared} />` : html`<${Departure} kind=${query.aksi === 'death' ? 'death' : 'leave'} member=${member} ...${shared} />`;
  const End = { merge: Merge, dissolve: Dissolve, relocate: Relocate }[query.ubah];
  if (End) return html`<${End} ...${shared} />`;
  if (query.ubah === 'split') return html`<${Split} ...${shared} />`;
  if (query.ubah === 'member') return html`<${MemberAdd} ...${shared} />`;
  if (query.ubah === 'consent') return html`<${ConsentAdd} ...${shared} />`;
  if (query.ubah === 'withdraw') return html`<${ConsentEnd} consent=${query.izin} ...${shared} />`;
  return html`<${PartEdit} part=${['place', 'housing', 'payee'].includes(query.ubah) ? query.ubah : 'place'} ...${shared} />`;
}
