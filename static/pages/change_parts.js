// change_parts.js: one change that waits for another person: before and after side by side, why, and its paper.
import { html, useState } from '../app/html.js';
import { t, code, instant, loadWords } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { shrink, attach } from '../app/photo.js';
import { Button, Note, ProblemNote, State, Table, useLoad, useSubmit } from '../app/parts.js';
import { TextField, faultAt } from '../app/parts_form.js';
import { fieldName, valueText } from './household_words.js';

await loadWords('change');

const isObject = (value) => value && typeof value === 'object' && !Array.isArray(value);
const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

// An object is told by its parts, and only by those that differ.
function leaves({ pointer, before, after }) {
  if (!isObject(before) && !isObject(after)) return [{ pointer, before, after }];
  const names = [...new Set([...Object.keys(before || {}), ...Object.keys(after || {})])];
  const parts = names.flatMap((name) => leaves({ pointer: `${pointer}/${name}`, before: isObject(before) ? before[name] : null, after: isObject(after) ? after[name] : null }));
  const differing = parts.filter((part) => !same(part.before, part.after));
  return differing.length ? differing : parts.filter((part) => String(part.after ?? part.before).includes('*'));
}

export function Sides({ request, people }) {
  const [full, setFull] = useState(null);
  const work = useSubmit(async () => setFull((await api.get(`/change-requests/${request.id}`, { reveal: true })).data));
  const rows = (full || request).changes.flatMap(leaves);
  const masked = !full && rows.some((row) => /\*/.test(`${row.before}${row.after}`));
  const columns = [
    { label: t('change.field'), cell: (row) => fieldName(row.pointer.replace(/^\/members\/[^/]+/, '')) },
    { label: t('change.before'), cell: (row) => html`<del>${valueText(row.pointer, row.before, people)}</del>` },
    { label: t('change.after'), cell: (row) => html`<ins>${valueText(row.pointer, row.after, people)}</ins>` }];
  return html`${rows.length ? html`<div class="change-list"><${Table} caption=${t('change.sides')} columns=${columns} rows=${rows} keyOf=${(row) => row.pointer} /></div>` : html`<p class="soft">${t('change.erased')}</p>`}
    ${masked && can('household.reveal') && html`<div><${Button} kind="quiet" busy=${work.busy} onClick=${() => work.submit()}>${t('change.reveal')}<//></div>`}<${ProblemNote} problem=${work.problem} />`;
}

// A photo is shown; what is none, or was erased, remains a link or a sentence.
export function Evidence({ request }) {
  const sight = useLoad(async () => {
    if (!request.evidence_id) return null;
    const { data } = await api.file(`/attachments/${request.evidence_id}`);
    return { url: URL.createObjectURL(data), isPaper: data.type === 'application/pdf' };
  }, [request.evidence_id]);
  return html`<div class="stack tight">${request.note && html`<p><b>${t('change.note')}:</b> ${request.note}</p>`}
    ${!request.evidence_id && html`<p class="soft small">${t('change.evidence.none')}</p>`}
    ${sight.data && (sight.data.isPaper ? html`<p><a href=${sight.data.url} download="lampiran.pdf">${t('change.evidence.paper')}</a></p>` : html`<img class="photo" src=${sight.data.url} alt=${t('change.evidence.alt')} />`)}
    <${ProblemNote} problem=${sight.problem} /></div>`;
}

export function EvidenceForm({ id, onDone }) {
  const [note, setNote] = useState('');
  const [file, setFile] = useState(null);
  const work = useSubmit(async (key) => {
    const paper = file && (file.type === 'application/pdf' ? file : await shrink(file));
    const evidence_id = paper ? await attach(paper) : undefined;
    onDone((await api.post(`/change-requests/${id}/evidence`, { evidence_id, note: note.trim() || undefined }, { key })).data);
  });
  return html`<form class="stack" novalidate onSubmit=${(event) => { event.preventDefault(); work.submit(); }}><${ProblemNote} problem=${work.problem} />
    <${TextField} pointer=${`/note/${id}`} label=${t('change.note')} hint=${t('change.note.hint')} rows=${2} value=${note} onChange=${setNote} error=${faultAt(work.problem, '/note')} />
    <div class="field"><label for=${`evidence-${id}`}>${t('change.evidence')} <span class="soft">${t('optional')}</span></label><p class="hint">${t('change.evidence.hint')}</p>
      <input id=${`evidence-${id}`} type="file" accept="image/*,application/pdf" onChange=${(event) => setFile(event.target.files[0] || null)} /></div>
    <div class="row"><${Button} type="submit" busy=${work.busy} disabled=${!file && note.trim().length < 3}>${t('change.evidence.send')}<//></div></form>`;
}

const KINDS = { open: 'info', approved: 'good', rejected: 'bad', withdrawn: '' };

export const RequestState = ({ request }) => html`<${State} kind=${KINDS[request.state]}>${code('change_request_state', request.state)}<//>`;

export const requestTitle = (request) => (request.kind === 'death' ? t('change.title.death', { name: request.name || request.head || '–' }) : request.name || request.head || '–');

export function RequestWords({ request }) {
  return html`<p class="small soft">${t('change.by', { who: request.made_by || '–', at: instant(request.made_at) })}</p>
    ${request.kind === 'death' && request.state === 'open' && html`<p class="small">${t('change.death.held')}</p>`}
    ${request.outdated && html`<${Note} kind="warn" title=${t('change.outdated')}><p>${t('change.outdated.text')}</p><//>`}
    ${request.state !== 'open' && html`<p class="small">${t(`change.was.${request.state}`, { who: request.decided_by || '–', at: instant(request.decided_at) })}${request.reason && html` ${t('reason')}: ${request.reason}`}</p>`}`;
}
