// distribution_line.js: one line of a distribution: receive with name, proof and signature; not received, with why; undone by a reversing entry.
import { html, useState, useEffect, useRef } from '../app/html.js';
import { t, code, money, number, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Page, Button, Card, Confirm, ErrorSummary, Figures, List, Note, State, useSubmit } from '../app/parts.js';
import { TextField, NumberField, MoneyField, RadioField, SelectField, faultAt } from '../app/parts_form.js';
import { shrink, attach } from '../app/photo.js';
import { clean } from './household_body.js';
import { goodsOpen, isOpen, openText, dueText, groupName } from './distribution_lines.js';
import { fieldName } from './household_words.js';

// The pad is loaded when the first line opens; its canvas follows the width of the screen and the density of its dots.
function SignaturePad({ onPad, onDrawn }) {
  const canvas = useRef();
  const [pad, setPad] = useState(null);
  useEffect(() => {
    let live = true, made;
    const fit = () => {
      const scale = Math.max(window.devicePixelRatio || 1, 1), box = canvas.current;
      const kept = made?.toData();
      box.width = box.offsetWidth * scale;
      box.height = box.offsetHeight * scale;
      box.getContext('2d').scale(scale, scale);
      made?.clear();
      if (kept) made.fromData(kept);
    };
    import('../vendor/signature_pad.js').then(({ default: Pad }) => {
      if (!live) return;
      made = new Pad(canvas.current, { backgroundColor: '#fff', penColor: '#000' });
      made.addEventListener('endStroke', () => onDrawn(true));
      fit();
      addEventListener('resize', fit);
      setPad(made);
      onPad({ isEmpty: () => made.isEmpty(), toBlob: () => new Promise((done) => canvas.current.toBlob(done, 'image/png')) });
    });
    return () => { live = false; removeEventListener('resize', fit); made?.off(); };
  }, []);
  return html`<div class="field"><p class="label" id="sign-label">${t('receipt.sign')}</p><p class="hint">${t('receipt.sign.hint')}</p><canvas class="sign" ref=${canvas} role="img" aria-labelledby="sign-label"></canvas>
    <${Button} kind="quiet" disabled=${!pad} onClick=${() => { pad.clear(); onDrawn(false); }}>${t('receipt.sign.clear')}<//></div>`;
}

function PhotoField({ value, onChange }) {
  const [shown, setShown] = useState(null);
  useEffect(() => { if (!value) { setShown(null); return undefined; } const url = URL.createObjectURL(value); setShown(url); return () => URL.revokeObjectURL(url); }, [value]);
  const [fault, setFault] = useState(null);
  const take = async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    const small = await shrink(file).catch(() => null);
    setFault(small ? null : t('receipt.photo.bad'));
    onChange(small);
  };
  return html`<div class="field"><p class="label">${t('receipt.photo')} <span class="soft">${t('optional')}</span></p><input id="f/photo" class="visually-hidden" type="file" accept="image/*" capture="environment" aria-describedby=${fault ? 'f/photo-fault' : null} onChange=${take} /><label class="button" for="f/photo">${t('receipt.photo.take')}</label>
    ${fault && html`<p class="fault" id="f/photo-fault" role="alert">${fault}</p>`}
    ${shown && html`<div class="stack tight"><img class="photo" src=${shown} alt=${t('receipt.photo.alt')} /><${Button} kind="quiet" onClick=${() => onChange(null)}>${t('remove')}<//></div>`}</div>`;
}

function Receive({ line, onDone }) {
  const goods = goodsOpen(line);
  const [form, setForm] = useState({ received_by: 'payee', method: line.open_minor ? 'cash' : 'goods', amount_minor: line.open_minor, quantities: Object.fromEntries(goods.map((part) => [part.code, part.open])) });
  const [partial, setPartial] = useState(false);
  const [photo, setPhoto] = useState(null);
  const [drawn, setDrawn] = useState(false);
  const pad = useRef(null);
  const sent = useRef({});
  const set = (name) => (value) => setForm((old) => ({ ...old, [name]: value }));
  const work = useSubmit(async (key) => {
    const body = { ...clean({ received_by: form.received_by, identified_by: form.identified_by, witness: form.witness, method: form.method, note: form.note, ...(form.received_by === 'collector' ? { collector_name: form.collector_name, collector_relation: form.collector_relation } : {}) }), at: new Date().toISOString() };
    if (partial && line.open_minor) body.amount_minor = form.amount_minor ?? 0;
    if (partial && goods.length) body.parts = goods.map((part) => ({ code: part.code, quantity: form.quantities[part.code] ?? 0 }));
    // Each picture goes up once, also when the receipt itself is sent again.
    if (pad.current && !pad.current.isEmpty()) body.signature = sent.current.signature ??= await attach(await pad.current.toBlob());
    if (photo) body.photo = sent.current.photo ??= await attach(photo);
    const { data } = await api.post(`/disbursements/${line.id}/receipt`, body, { key });
    onDone(data, t('receipt.done', { name: line.payee, what: openText(line) }));
  });
  const taken = work.problem?.code === 'already_received' ? work.problem.data : null;
  const faults = work.problem;
  if (taken) return html`<${Note} kind="bad" role="alert" title=${t('receipt.taken')}><p>${t('receipt.taken.text', { at: instant(taken.at), place: taken.place || '–', by: taken.by || '–' })}</p><p><${Button} onClick=${async () => onDone((await api.get(`/disbursements/${line.id}`)).data)}>${t('receipt.back')}<//></p><//>`;
  return html`<form class="card stack" novalidate onSubmit=${(event) => { event.preventDefault(); work.submit(); }}><h2>${t('receipt.title')}</h2>
    <${ErrorSummary} problem=${faults} names=${(pointer) => fieldName(pointer)} />
    <${RadioField} pointer="/received_by" label=${t('field.received_by')} value=${form.received_by} onChange=${set('received_by')} options=${[['payee', line.payee], ['collector', t('receipt.collector')]]} error=${faultAt(faults, '/received_by')} />
    ${form.received_by === 'collector' && html`<div class="pair"><${TextField} pointer="/collector_name" label=${t('field.collector_name')} value=${form.collector_name} onChange=${set('collector_name')} autocomplete="off" autocapitalize="words" error=${faultAt(faults, '/collector_name')} />
      <${TextField} pointer="/collector_relation" label=${t('field.collector_relation')} value=${form.collector_relation} onChange=${set('collector_relation')} autocomplete="off" error=${faultAt(faults, '/collector_relation')} /></div>`}
    <${SelectField} pointer="/identified_by" label=${t('field.identified_by')} list="identified_by" optional value=${form.identified_by} onChange=${set('identified_by')} error=${faultAt(faults, '/identified_by')} />
    ${form.identified_by === 'known_by_witness' && html`<${TextField} pointer="/witness" label=${t('field.witness')} value=${form.witness} onChange=${set('witness')} autocomplete="off" error=${faultAt(faults, '/witness')} />`}
    <${RadioField} pointer="/method" label=${t('field.method')} list="receipt_method" inline value=${form.method} onChange=${set('method')} error=${faultAt(faults, '/method')} />
    ${partial ? html`<div class="card sunken stack">${line.open_minor > 0 && html`<${MoneyField} pointer="/amount_minor" label=${t('receipt.amount')} hint=${t('receipt.of', { amount: money(line.open_minor, line.currency) })} currency=${line.currency} value=${form.amount_minor} onChange=${set('amount_minor')} error=${faultAt(faults, '/amount_minor')} />`}
        ${goods.map((part, index) => html`<${NumberField} key=${part.code} pointer=${`/parts/${index}/quantity`} label=${part.item} hint=${t('receipt.of', { amount: number(part.open) })} value=${form.quantities[part.code]} onChange=${(quantity) => set('quantities')({ ...form.quantities, [part.code]: quantity })} error=${faultAt(faults, `/parts/${index}/quantity`) || faultAt(faults, '/parts')} />`)}</div>`
      : html`<${Button} kind="quiet" onClick=${() => setPartial(true)}>${t('receipt.partial')}<//>`}
    <${SignaturePad} onPad=${(given) => { pad.current = given; }} onDrawn=${(now) => { setDrawn(now); delete sent.current.signature; }} />
    <${PhotoField} value=${photo} onChange=${(blob) => { delete sent.current.photo; setPhoto(blob); }} />
    <${TextField} pointer="/note" label=${t('field.note')} optional value=${form.note} onChange=${set('note')} rows=${2} error=${faultAt(faults, '/note')} />
    ${!drawn && !photo && !form.witness && html`<p class="small soft">${t('receipt.no_proof')}</p>`}
    <${Button} type="submit" kind="main wide" busy=${work.busy}>${t('receipt.send', { what: partial ? t('receipt.part') : openText(line) })}<//></form>`;
}

function Attempt({ line, onDone, onCancel }) {
  const [form, setForm] = useState({});
  const work = useSubmit(async (key) => {
    await api.post(`/disbursements/${line.id}/attempts`, clean({ ...form, at: new Date().toISOString() }), { key });
    onDone((await api.get(`/disbursements/${line.id}`)).data, t('attempt.done', { name: line.payee, outcome: code('attempt_outcome', form.outcome) }));
  });
  return html`<form class="card stack confirm" novalidate onSubmit=${(event) => { event.preventDefault(); work.submit(); }}><h2>${t('attempt.title')}</h2><p>${t('attempt.text')}</p><${ErrorSummary} problem=${work.problem} names=${(pointer) => fieldName(pointer)} />
    <${RadioField} pointer="/outcome" label=${t('reason')} list="attempt_outcome" value=${form.outcome} onChange=${(outcome) => setForm({ ...form, outcome })} error=${faultAt(work.problem, '/outcome')} />
    <${TextField} pointer="/note" label=${t('field.note')} optional value=${form.note} onChange=${(note) => setForm({ ...form, note })} />
    <div class="row"><${Button} type="submit" kind="main" busy=${work.busy} disabled=${!form.outcome}>${t('save')}<//><${Button} kind="quiet" onClick=${onCancel}>${t('cancel')}<//></div></form>`;
}

function Receipts({ line }) {
  if (!line.receipts?.length) return null;
  return html`<${Card} title=${t('receipt.list')}><${List} items=${line.receipts}>${(receipt) => html`<li key=${receipt.id}><div class="grow"><b>${t(`receipt.kind.${receipt.kind}`)} ${receipt.amount_minor ? money(receipt.amount_minor, line.currency) : ''}</b>
    <span class="soft small">${[instant(receipt.at), receipt.received_by && (receipt.received_by === 'collector' ? [receipt.collector_name, receipt.collector_relation].filter(Boolean).join(', ') || code('received_by', 'collector') : code('received_by', 'payee')), receipt.method && code('receipt_method', receipt.method), receipt.identified_by && code('identified_by', receipt.identified_by), receipt.officer].filter(Boolean).join(' · ')}</span>
    ${receipt.reason && html`<span class="small">${t('reason')}: ${receipt.reason}</span>`}
    ${receipt.signature && html`<details><summary>${t('receipt.sign')}</summary><img class="photo paper" src=${`/api/v1/attachments/${receipt.signature}`} alt=${t('receipt.sign')} /></details>`}
    ${receipt.photo && html`<details><summary>${t('receipt.photo')}</summary><img class="photo" src=${`/api/v1/attachments/${receipt.photo}`} alt=${t('receipt.photo.alt')} /></details>`}</div>
    ${receipt.reversed && html`<${State} kind="bad">${t('receipt.reversed')}<//>`}</li>`}<//><//>`;
}

export function Line({ line, title, back, onChange, onDone }) {
  const [mode, setMode] = useState(null);
  const undo = useSubmit(async (key, reason) => { onChange((await api.post(`/disbursements/${line.id}/reverse`, { reason }, { key })).data); setMode(null); });
  // The list holds no attempts: the line is read whole when it opens.
  useEffect(() => { api.get(`/disbursements/${line.id}`).then(({ data }) => onChange(data), () => {}); }, []);
  const standing = line.receipts?.some((receipt) => receipt.kind === 'receipt' && !receipt.reversed);
  return html`<div class="form-page"><${Page} title=${line.payee} above=${title} lead=${groupName(line)} back=${back} state=${html`<${State} value=${line.state}>${code('disbursement_state', line.state)}<//>`}>
    <${Figures} items=${[[t('distribute.due'), dueText(line)], line.received_minor > 0 && isOpen(line) && [t('distribute.open'), openText(line)], [t('distribute.reference'), line.reference]]} />
    ${line.guardian && html`<${Note} kind="warn">${t('distribute.guardian.text')}<//>`}
    ${line.held_reason && html`<${Note} kind="bad" title=${t('distribute.held')}><p>${t(`held.${line.held_reason}`)}</p><//>`}
    ${line.attempts?.length > 0 && html`<${Note} kind="warn"><ul>${line.attempts.map((attempt) => html`<li>${code('attempt_outcome', attempt.outcome)}, ${instant(attempt.at)}, ${attempt.officer}${attempt.note ? `: ${attempt.note}` : ''}</li>`)}</ul><//>`}
    ${isOpen(line) && mode !== 'attempt' && html`<${Receive} line=${line} onDone=${onDone} />`}
    <${Receipts} line=${line} />
    ${mode === 'attempt' && html`<${Attempt} line=${line} onDone=${onDone} onCancel=${() => setMode(null)} />`}
    ${mode === 'undo' && html`<${Confirm} title=${t('undo.title')} act=${t('undo.act')} kind="danger" reason busy=${undo.busy} problem=${undo.problem} onDone=${undo.submit} onCancel=${() => setMode(null)}><p>${t('undo.text')}</p><//>`}
    ${!mode && html`<div class="row">${isOpen(line) && html`<${Button} onClick=${() => setMode('attempt')}>${t('attempt.title')}<//>`}${standing && html`<${Button} onClick=${() => setMode('undo')}>${t('undo.title')}<//>`}</div>`}
  <//></div>`;
}
