// household_end.js: two households become one, a household ends, or goes to another region; and a merge that is taken back.
import { html, useState } from '../app/html.js';
import { t } from '../app/i18n.js';
import { api } from '../app/api.js';
import { navigate } from '../app/router.js';
import { Page, Button, Card, Confirm, ErrorSummary, Link, List, Note, ProblemNote, useSubmit } from '../app/parts.js';
import { TextField, SearchBox, faultAt } from '../app/parts_form.js';
import { HouseholdChoose } from './household_choose.js';
import { Touches, useTouch } from './household_touch.js';
import { fieldName, headOf, place } from './household_words.js';

const names = (pointer) => fieldName(pointer);

export function Merge({ household, version, done }) {
  const home = `/keluarga/${household.id}`;
  const [other, setOther] = useState(null);
  const [choices, setChoices] = useState({});
  const [reason, setReason] = useState('');
  const same = other?.id === household.id;
  const touch = useTouch(other && !same ? other.id : null, 'merge');
  const work = useSubmit(async (key) => done(await api.post(`/households/${household.id}/merge`, { other_id: other.id, enrollments: choices, reason: reason.trim() }, { ifMatch: version, key })));
  return html`<div class="form-page"><${Page} title=${t('merge.title')} lead=${t('merge.lead')} above=${headOf(household)?.name} back=${home}>
    ${(!other || same) && html`<${Card}><${HouseholdChoose} onChoose=${setOther} /><//>`}
    ${same && html`<${Note} kind="bad" role="alert">${t('merge.same')}<//>`}
    ${other && !same && html`<form class="card stack confirm" novalidate onSubmit=${(event) => { event.preventDefault(); work.submit(); }}>
      <div class="row"><div class="grow"><p class="soft small">${t('merge.other')}</p><b>${other.head}</b><p class="small">${place(other)}</p></div><${Button} kind="quiet" onClick=${() => { setOther(null); setChoices({}); }}>${t('change')}<//></div>
      <p>${t('merge.text', { other: other.head || '–', head: headOf(household)?.name || '–' })}</p><${ErrorSummary} problem=${work.problem} names=${names} />
      <${Touches} touch=${touch} ways=${['end', 'go']} choices=${choices} onChoose=${setChoices} problem=${work.problem} />
      <${TextField} pointer="/reason" label=${t('reason')} rows=${2} value=${reason} onChange=${setReason} error=${faultAt(work.problem, '/reason')} />
      <div class="row"><${Button} type="submit" kind="danger" busy=${work.busy} disabled=${!touch.data || reason.trim().length < 3}>${t('merge.act')}<//><${Link} kind="quiet" href=${home}>${t('cancel')}<//></div></form>`}
  <//></div>`;
}

export function Dissolve({ household, version, done }) {
  const home = `/keluarga/${household.id}`;
  const touch = useTouch(household.id, 'dissolve');
  const work = useSubmit(async (key, reason) => done(await api.post(`/households/${household.id}/dissolve`, { reason }, { ifMatch: version, key })));
  return html`<div class="form-page"><${Page} title=${t('dissolve.title')} above=${headOf(household)?.name} back=${home}>
    <${Confirm} title=${t('dissolve.ask')} act=${t('dissolve.act')} kind="danger" reason busy=${work.busy} problem=${work.problem} onDone=${work.submit} onCancel=${() => navigate(home)}>
      <p>${t('dissolve.text')}</p><${Touches} touch=${touch} /><//><//></div>`;
}

// Regions anywhere: the receiving side is another's.
function Destination({ value, onChange, error }) {
  const [hits, setHits] = useState(null);
  const work = useSubmit(async (_, q) => setHits((await api.get('/regions', { q, anywhere: true, limit: 20 })).data.items));
  if (value) return html`<div class="row"><div class="grow"><p class="soft small">${t('relocate.to')}</p><b>${value.name}</b><p class="small">${value.path_text}</p></div><${Button} kind="quiet" onClick=${() => onChange(null)}>${t('change')}<//></div>`;
  return html`<div class="stack" id="f/to_region" tabindex="-1"><${SearchBox} label=${t('relocate.where')} hint=${t('relocate.where.hint')} onSearch=${work.submit} busy=${work.busy} /><${ProblemNote} problem=${work.problem} />
    ${error && html`<p class="fault">${error}</p>`}
    ${hits && html`<${List} items=${hits} label=${t('relocate.where')}>${(hit) => html`<li key=${hit.code}><div class="grow"><b>${hit.name}</b><span class="soft small">${hit.path_text}</span></div><${Button} onClick=${() => onChange(hit)}>${t('choose')}<//></li>`}<//>`}
    ${hits?.length === 0 && html`<p class="soft">${t('relocate.none')}</p>`}</div>`;
}

export function Relocate({ household, version }) {
  const home = `/keluarga/${household.id}`;
  const touch = useTouch(household.id, 'relocate');
  const [region, setRegion] = useState(null);
  const [note, setNote] = useState('');
  const [sent, setSent] = useState(null);
  const work = useSubmit(async (key) => setSent((await api.post(`/households/${household.id}/move`, { to_region: region.code, note: note.trim() || undefined }, { ifMatch: version, key })).data));
  if (sent) return html`<${Page} title=${t('relocate.sent')} back=${home}><${Note} kind="good" role="status"><p>${t('relocate.sent.text', { region: sent.to_region_name })}</p><//>
    <div class="row"><${Link} kind="main" href=${home}>${t('household.back')}<//><${Link} href="/pindah?arah=out">${t('move.out')}<//></div><//>`;
  return html`<div class="form-page"><${Page} title=${t('relocate.title')} lead=${t('relocate.lead')} above=${headOf(household)?.name} back=${home}>
    <form class="card stack confirm" novalidate onSubmit=${(event) => { event.preventDefault(); work.submit(); }}><${ErrorSummary} problem=${work.problem} names=${() => t('relocate.where')} />
      <${Destination} value=${region} onChange=${setRegion} error=${faultAt(work.problem, '/to_region')} />
      <${Touches} touch=${touch} />
      <${TextField} pointer="/note" label=${t('relocate.note')} optional rows=${2} value=${note} onChange=${setNote} error=${faultAt(work.problem, '/note')} />
      <div class="row"><${Button} type="submit" kind="main" busy=${work.busy} disabled=${!region}>${t('relocate.act')}<//><${Link} kind="quiet" href=${home}>${t('cancel')}<//></div></form><//></div>`;
}

export function Unmerge({ household, version, done }) {
  const [asking, setAsking] = useState(false);
  const work = useSubmit(async (key, reason) => done(await api.post(`/households/${household.id}/unmerge`, { reason }, { ifMatch: version, key })));
  if (!asking) return html`<div><${Button} onClick=${() => setAsking(true)}>${t('unmerge.act')}<//></div>`;
  return html`<${Confirm} title=${t('unmerge.ask')} act=${t('unmerge.act')} kind="danger" reason busy=${work.busy} problem=${work.problem} onDone=${work.submit} onCancel=${() => setAsking(false)}><p>${t('unmerge.text')}</p><//>`;
}
