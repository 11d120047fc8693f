// household_new.js: registration in steps, kept on this device until it is sent: place, consent, people, housing, payee, check, result.
import { html, useState, useEffect, useRef } from '../app/html.js';
import { t } from '../app/i18n.js';
import { api, newKey } from '../app/api.js';
import { useQuery, navigate } from '../app/router.js';
import { Page, Button, Card, ErrorSummary, Note, Skeleton, Confirm } from '../app/parts.js';
import { saveDraft, loadDraft, dropDraft } from '../app/drafts.js';
import { newId } from '../app/id.js';
import { takeQuery } from '../app/hand.js';
import { PlaceForm, HousingForm, PayeeForm } from './household_parts_form.js';
import { ConsentForm } from './household_consent.js';
import { PeopleStep } from './household_new_people.js';
import { CheckStep, ResultStep } from './household_new_check.js';
import { householdBody } from './household_body.js';
import { fieldName } from './household_words.js';
import { sheet } from '../app/sheet.js';

await sheet('/css/field.css');

const STEPS = ['place', 'consent', 'people', 'housing', 'payee', 'check'];
// Where the fault of a field is corrected.
const STEP_OF = { consent: 'consent', members: 'people', families: 'people', kk_number: 'people', declared: 'people', housing: 'housing', payee: 'payee' };

const PERSON = /^[\p{L}' .-]{3,}$/u;
function fresh() {
  const said = takeQuery();
  const head = { id: newId(), relationship: 'head', ...(/^\d{16}$/.test(said) ? { nik: said } : PERSON.test(said) ? { name: said } : {}) };
  return { key: newKey(), counts: false, families: [{}], form: { consent: { basis: 'consent', form: 'signed', capacity: 'self', purposes: ['aid'] }, housing: {}, payee: {}, members: [head] } };
}

// A step may be left unfinished; what is plainly missing is said before going on.
function missingIn(step, { form, counts }) {
  const faults = [];
  const want = (pointer, value) => { if (value === undefined || value === '' || value === null) faults.push({ pointer, code: 'required', detail: t('form.required') }); };
  if (step === 'place') want('/region', form.region);
  if (step === 'consent') { want('/consent/language', form.consent.notice_version); want('/consent/given_by', form.consent.given_by?.trim()); want('/consent/form', form.consent.form); }
  if (step === 'people') {
    (counts ? form.members.slice(0, 1) : form.members).forEach((member, i) => {
      want(`/members/${i}/name`, member.name?.trim());
      want(`/members/${i}/sex`, member.sex);
      want(`/members/${i}/relationship`, member.relationship);
      if (!member.birth_date && member.age_years === undefined) want(`/members/${i}/birth_date`, undefined);
    });
    if (counts) want('/declared/size', form.declared?.size);
    if (form.members.filter((member) => member.relationship === 'head').length !== 1) faults.push({ pointer: '/members', code: 'one_head', detail: t('people.one_head') });
  }
  const { guardian } = form.payee;
  if (step === 'payee' && guardian) { want('/payee/guardian/name', guardian.name?.trim()); want('/payee/guardian/relationship', guardian.relationship?.trim()); }
  return faults.length ? { status: 422, errors: faults } : null;
}

export default function HouseholdNewPage() {
  const [query, setQuery] = useQuery();
  const [draft, setDraft] = useState(null);
  const [made, setMade] = useState(null);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState(null);
  const [dropping, setDropping] = useState(false);
  const top = useRef();
  const step = STEPS.includes(query.langkah) ? query.langkah : 'place';
  const index = STEPS.indexOf(step);

  useEffect(() => {
    let live = true;
    const id = query.draf || newId();
    Promise.resolve(query.draf ? loadDraft(id).catch(() => null) : null).then((kept) => {
      if (!live) return;
      setDraft(kept || fresh());
      if (!query.draf) setQuery({ draf: id });
    });
    return () => { live = false; };
  }, []);
  useEffect(() => {
    if (!draft || made || !draft.touched) return undefined;
    const title = draft.form.members[0]?.name || '';
    const timer = setTimeout(() => saveDraft(query.draf, { kind: 'household', link: `/keluarga/baru?draf=${query.draf}&langkah=${step}`, title, data: draft }).then(() => setSaved(new Date()), () => setSaved(null)), 400);
    return () => clearTimeout(timer);
  }, [draft, step, made]);
  useEffect(() => { if (draft) { top.current?.querySelector('h1')?.focus({ preventScroll: true }); window.scrollTo(0, 0); } }, [step, made]);

  if (!draft) return html`<${Page} title=${t('register.title')}><${Skeleton} /><//>`;
  if (made) return html`<div ref=${top}><${ResultStep} made=${made} /></div>`;

  const change = (next) => setDraft((old) => ({ ...old, ...next, touched: true }));
  // What the form chose by itself is nothing to keep yet.
  const set = (form, byItself) => setDraft((old) => ({ ...old, touched: old.touched || !byItself, form: { ...old.form, ...form } }));
  const inside = (name) => (part, byItself) => setDraft((old) => ({ ...old, touched: old.touched || !byItself, form: { ...old.form, [name]: { ...old.form[name], ...part } } }));
  const go = (next) => { setProblem(null); navigate(`/keluarga/baru?draf=${query.draf}&langkah=${next}`); };
  const forward = (event) => {
    event.preventDefault();
    const missing = missingIn(step, draft);
    if (missing) { setProblem(missing); return; }
    if (draft.back) { change({ back: false }); go('check'); } else go(STEPS[index + 1]);
  };
  const send = async () => {
    for (const name of STEPS) {
      const missing = missingIn(name, draft);
      if (missing) { setProblem(missing); if (name !== step) navigate(`/keluarga/baru?draf=${query.draf}&langkah=${name}`); return; }
    }
    setBusy(true);
    setProblem(null);
    try {
      const { data } = await api.post('/households', householdBody(draft), { key: draft.key });
      await dropDraft(query.draf).catch(() => {});
      setMade(data);
    } catch (failure) {
      if (failure.status === undefined) throw failure;
      // A refused form may be corrected: that is another operation. A lost answer is asked again under the same key.
      if (failure.status === 422 || failure.status === 409) change({ key: newKey() });
      setProblem(failure);
    } finally {
      setBusy(false);
    }
  };
  const drop = async () => { await dropDraft(query.draf).catch(() => {}); navigate('/', { replace: true }); };
  const fixAt = (pointer) => STEP_OF[pointer.split('/')[1]] || 'place';
  const { form } = draft;
  const names = (pointer) => fieldName(pointer, form.members);
  const bodies = {
    place: () => html`<${PlaceForm} form=${form} set=${set} problem=${problem} />`,
    consent: () => html`<${ConsentForm} consent=${form.consent} set=${inside('consent')} problem=${problem} />`,
    people: () => html`<${PeopleStep} draft=${draft} change=${change} set=${set} problem=${problem} />`,
    housing: () => html`<${HousingForm} housing=${form.housing} set=${inside('housing')} problem=${problem} />`,
    payee: () => html`<${PayeeForm} payee=${form.payee} set=${inside('payee')} members=${draft.counts ? form.members.slice(0, 1) : form.members} problem=${problem} />`,
  };
  const progress = html`<p class="soft small">${t('register.step', { number: index + 1, count: STEPS.length })}${saved ? ` · ${t('register.saved')}` : ''}</p><progress max=${STEPS.length} value=${index + 1} aria-label=${t('register.progress')}></progress>`;
  return html`<div ref=${top} class="form-page"><${Page} above=${t('register.title')} title=${t(`register.${step}`)} lead=${t(`register.${step}.lead`)}>
    <div class="stack tight">${progress}</div>
    ${step === 'check' ? html`
      ${problem && (problem.errors?.length ? html`<${Note} kind="bad" title=${t('form.faults')} role="alert"><ul>${problem.errors.map((fault) => html`<li><a href=${`/keluarga/baru?draf=${query.draf}&langkah=${fixAt(fault.pointer)}`}>${names(fault.pointer)}: ${fault.detail}</a></li>`)}</ul><//>` : html`<${ErrorSummary} problem=${problem} />`)}
      <${CheckStep} draft=${draft} onChange=${(name) => { change({ back: true }); go(name); }} />
      <div class="row"><${Button} kind="main" busy=${busy} onClick=${send}>${t('register.send')}<//><${Button} kind="quiet" onClick=${() => go('payee')}>${t('back')}<//></div>` : html`
      <form class="stack" novalidate onSubmit=${forward}><${ErrorSummary} problem=${problem} names=${names} /><${Card}>${bodies[step]()}<//>
        <div class="row"><${Button} type="submit" kind="main">${draft.back ? t('register.back_to_check') : t('next')}<//>
          ${index > 0 && html`<${Button} kind="quiet" onClick=${() => go(STEPS[index - 1])}>${t('back')}<//>`}</div></form>`}
    ${dropping ? html`<${Confirm} title=${t('register.drop')} act=${t('register.drop.act')} kind="danger" onDone=${drop} onCancel=${() => setDropping(false)}>${t('register.drop.text')}<//>`
      : draft.touched && html`<p class="small soft"><${Button} kind="quiet" onClick=${() => setDropping(true)}>${t('register.drop')}<//></p>`}
  <//></div>`;
}
