// household_consent.js: consents: the notice that is read out, who gives it and how, its proof; what a household gave so far, and whom to ask again.
import { html, useState, useEffect } from '../app/html.js';
import { t, code, codes, day, instant, lang, languageName } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Button, Card, Link, List, Note, ProblemNote, Skeleton, State, useLoad } from '../app/parts.js';
import { TextField, SelectField, RadioField, CheckList, faultAt } from '../app/parts_form.js';
import { shrink, attach } from '../app/photo.js';
import { age } from '../app/flags.js';
import { NoticeText, NoticeReader, loadNotice, languageOf } from './notice_text.js';

// The photo goes up when it is taken; what the form keeps is its number.
function ProofField({ at, value, onChange, error }) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(null);
  const [shown, setShown] = useState(null);
  useEffect(() => () => shown && URL.revokeObjectURL(shown), [shown]);
  const take = async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    setBusy(true);
    setFailed(null);
    const small = await shrink(file).catch(() => null);
    const id = small && await attach(small).catch((problem) => { setFailed(problem.status === 0 ? 'offline' : 'bad'); return null; });
    if (!small) setFailed('bad');
    setBusy(false);
    event.target.value = '';
    if (!id) return;
    setShown(URL.createObjectURL(small));
    onChange(id);
  };
  const said = error || (failed && t(`consent.proof.${failed}`));
  const field = `f${at}/proof`;
  return html`<div class=${`field ${said ? 'faulty' : ''}`}><p class="label">${t('consent.proof')} <span class="soft">${t('optional')}</span></p><p class="hint">${t('consent.proof.hint')}</p>
    <input id=${field} class="visually-hidden" type="file" accept="image/*" capture="environment" aria-describedby=${said ? `${field}-fault` : null} onChange=${take} /><label class="button" for=${field}>${busy ? t('busy') : t(value ? 'consent.proof.another' : 'consent.proof.take')}</label>
    ${said && html`<p class="fault" id=${`${field}-fault`} role="alert">${said}</p>`}
    ${value && html`<div class="stack tight">${shown ? html`<img class="photo" src=${shown} alt=${t('consent.proof.alt')} />` : html`<p>${t('consent.proof.there')}</p>`}<${Button} kind="quiet" onClick=${() => { setShown(null); onChange(undefined); }}>${t('remove')}<//></div>`}</div>`;
}

// What was begun under a version stays with it: that is what the family was told.
export function ConsentForm({ consent, set, problem, at = '/consent' }) {
  const fault = (name) => faultAt(problem, `${at}/${name}`);
  const [begun] = useState(consent.given_by ? consent.notice_version : undefined);
  const notice = useLoad(() => loadNotice(begun), []);
  const language = notice.data && languageOf(notice.data, consent.language);
  useEffect(() => { if (notice.data) set({ notice_version: notice.data.version, language }, true); }, [notice.data]);
  return html`<div class="stack">
    <section class="stack"><h2>${t('consent.notice.title')}</h2>
      ${notice.data ? html`<${NoticeText} notice=${notice.data} language=${language} onLanguage=${(tag) => set({ language: tag })} pointer=${`${at}/language`} error=${fault('language') || fault('notice_version')} /><p class="small soft">${t('notice.version.this', { version: notice.data.version })}</p>`
        : html`<${ProblemNote} problem=${notice.problem} retry=${notice.reload} />${!notice.problem && html`<${Skeleton} />`}`}</section>
    <${RadioField} pointer=${`${at}/basis`} label=${t('field.basis')} options=${codes('basis').map((entry) => [entry.code, entry[lang()]])} value=${consent.basis} onChange=${(basis) => set({ basis })} error=${fault('basis')} />
    <${TextField} pointer=${`${at}/given_by`} label=${t('field.given_by')} hint=${t('consent.given.hint')} value=${consent.given_by} onChange=${(given_by) => set({ given_by })} autocomplete="off" autocapitalize="words" error=${fault('given_by') || fault('')} />
    <${SelectField} pointer=${`${at}/capacity`} label=${t('field.capacity')} list="capacity" optional value=${consent.capacity} onChange=${(capacity) => set({ capacity })} error=${fault('capacity')} />
    <${RadioField} pointer=${`${at}/form`} label=${t('field.form')} list="consent_form" value=${consent.form} onChange=${(form) => set({ form })} error=${fault('form')} />
    ${consent.form && consent.form !== 'signed' && html`<${TextField} pointer=${`${at}/witness`} label=${t('field.witness')} value=${consent.witness} onChange=${(witness) => set({ witness })} autocomplete="off" error=${fault('witness')} />`}
    <${ProofField} at=${at} value=${consent.proof} onChange=${(proof) => set({ proof })} error=${fault('proof')} />
    <${CheckList} pointer=${`${at}/purposes`} label=${t('field.purposes')} list="purpose" value=${consent.purposes} onChange=${(purposes) => set({ purposes })} error=${fault('purposes')} />
  </div>`;
}

const OBJECTION_MS = 72 * 3600000; // within which a person decides it

// --- what was given ---------------------------------------------------------------------------------------------------------------------------

function Told({ consent }) {
  const notice = useLoad(() => loadNotice(consent.notice_version), []);
  if (notice.data) return html`<${NoticeReader} notice=${notice.data} start=${consent.language} />`;
  if (notice.problem?.status === 404) return html`<p class="soft">${t('notice.unknown')}</p>`;
  return notice.problem ? html`<${ProblemNote} problem=${notice.problem} retry=${notice.reload} />` : html`<${Skeleton} />`;
}

function Proof({ id }) {
  const sight = useLoad(async () => URL.createObjectURL((await api.file(`/attachments/${id}`)).data), []);
  return html`<${ProblemNote} problem=${sight.problem} />${sight.data && html`<img class="photo" src=${sight.data} alt=${t('consent.proof.alt')} />`}`;
}

// Loaded only when it is opened.
function Opens({ summary, children }) {
  const [open, setOpen] = useState(false);
  return html`<details class="small" onToggle=${(event) => setOpen(event.target.open)}><summary>${summary}</summary>${open && children}</details>`;
}

function ConsentState({ consent, act }) {
  if (consent.withdrawal === 'objection') return html`<${State} kind="warn">${t('consent.objection')}<//>`;
  if (consent.withdrawal === 'dismissed') return html`<${State} kind="good">${t('consent.dismissed')}<//>`;
  if (consent.withdrawn_at) return html`<${State} kind="bad">${t('consent.withdrawn.state')}<//>`;
  return act ? html`<${Link} kind="quiet" href=${`?ubah=withdraw&izin=${consent.id}`}>${t('consent.withdraw')}<//>` : html`<${State} kind="good">${t('consent.valid')}<//>`;
}

export function Consents({ household, act }) {
  return html`<${Card} title=${t('household.consents')} actions=${act && html`<${Link} kind="quiet" href="?ubah=consent">${t('consent.again')}<//>`}>
    <${List} items=${[...(household.consents || [])].reverse()}>${(consent) => html`<li key=${consent.id}><div class="grow stack tight"><div class="row nowrap"><div class="grow"><b>${code('basis', consent.basis)} · ${consent.given_by}</b>
        <span class="soft small">${[consent.at && day(consent.at.slice(0, 10)), code('consent_form', consent.form), code('capacity', consent.capacity)].filter(Boolean).join(' · ')}</span>
        ${consent.withdrawn_at && html`<span class="small">${t('consent.withdrawn', { at: instant(consent.withdrawn_at) })}</span>`}
        ${consent.withdrawal === 'objection' && html`<span class="small">${t('consent.objection.due', { at: instant(new Date(new Date(consent.withdrawn_at).getTime() + OBJECTION_MS).toISOString()) })}</span>`}</div><${ConsentState} consent=${consent} act=${act} /></div>
      <${Opens} summary=${t('notice.told', { version: consent.notice_version, language: languageName(consent.language) })}><${Told} consent=${consent} /><//>
      ${consent.proof && html`<${Opens} summary=${t('consent.proof')}><${Proof} id=${consent.proof} /><//>`}</div></li>`}<//><//>`;
}

// Who was spoken for: adults by the head, and who was a child when the family was registered.
function askAgain(household) {
  const registered = household.created_at && new Date(household.created_at);
  return household.members.filter((member) => {
    if (age(member) < 18 || member.relationship === 'head' || ['own', 'refused'].includes(member.consent)) return false;
    return member.consent === 'by_head' || (registered && member.birth_date && age(member, registered) < 18);
  });
}

export function AskAgain({ household }) {
  const people = askAgain(household);
  return people.length > 0 && html`<${Note} kind="warn" title=${t('consent.ask')}><p>${t('consent.ask.text')}</p>
    <ul>${people.map((member) => html`<li key=${member.id}><a href=${`?anggota=${member.id}&aksi=correct`}>${member.name}</a>: ${t(member.consent === 'by_head' ? 'consent.ask.by_head' : 'consent.ask.grown')}</li>`)}</ul><//>`;
}
