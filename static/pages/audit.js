// audit.js: the log of every change, its signed head, and the proof of any entry, computed here.
import { html, useState } from '../app/html.js';
import { t, has, number, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { useQuery } from '../app/router.js';
import { Page, Card, Table, EmptyList, Skeleton, ProblemNote, Pager, Button, Note, Figures, usePages, useLoad, useSubmit } from '../app/parts.js';
import { TextField, DateField } from '../app/parts_form.js';
import { sheet } from '../app/sheet.js';
import { recompute, parseNote, checkNote } from './merkle.js';

await sheet('/css/desk.css');

const actionText = (action) => (has(`action.${action}`) ? t(`action.${action}`) : action);

function Checkpoint() {
  const load = useLoad(async () => ({ note: (await api.get('/audit/checkpoint')).data, key: (await api.get('/audit/key')).data }), []);
  const [checked, setChecked] = useState(undefined);
  if (!load.data) return load.problem ? html`<${ProblemNote} problem=${load.problem} retry=${load.reload} />` : html`<${Skeleton} lines=${2} />`;
  const head = parseNote(load.data.note);
  const check = async () => setChecked(await checkNote(load.data.note, load.data.key));
  return html`<${Card} title=${t('audit.head')}><${Figures} items=${[[t('audit.size'), number(head.size)], [t('audit.root'), `${head.root.slice(0, 8)} … ${head.root.slice(-8)}`]]} />
    <details><summary>${t('audit.note')}</summary><pre>${load.data.note}</pre></details>
    <details><summary>${t('audit.key')}</summary><p class="small soft">${t('audit.key.text')}</p><pre>${load.data.key}</pre></details>
    <div class="row"><${Button} onClick=${check}>${t('audit.check')}<//>
      ${checked === true && html`<span class="state good">${t('audit.signature.good')}</span>`}${checked === false && html`<span class="state bad">${t('audit.signature.bad')}</span>`}${checked === null && html`<span class="state warn">${t('audit.signature.unknown')}</span>`}</div><//>`;
}

function Proof({ seq, onClose }) {
  const load = useLoad(async () => {
    const proof = (await api.get('/audit/proof', { leaf: seq })).data;
    const own = await recompute(proof);
    const head = parseNote(proof.checkpoint);
    return { proof, own, holds: own.root !== null && own.root === proof.root && head.root === own.root && head.size === proof.size };
  }, [seq]);
  if (load.problem) return html`<${ProblemNote} problem=${load.problem} retry=${load.reload} />`;
  if (!load.data) return html`<${Skeleton} lines=${3} />`;
  const { proof, own, holds } = load.data;
  return html`<${Note} kind=${holds ? 'good' : 'bad'} role="status" title=${t(holds ? 'proof.holds' : 'proof.fails', { seq: number(seq) })}>
    <p>${t('proof.text', { steps: own.steps.length - 1, size: number(proof.size) })}</p>
    <details><summary>${t('proof.steps')}</summary><ol>${own.steps.map((step) => html`<li><code>${step.node}</code>${step.side && html`<br /><span class="small soft">${t(`proof.${step.side}`)} <code>${step.sibling.slice(0, 16)}…</code></span>`}</li>`)}</ol></details>
    <p><${Button} onClick=${onClose}>${t('close')}<//></p><//>`;
}

export default function AuditPage() {
  const [query, set] = useQuery();
  const pages = usePages((after) => api.get('/audit/events', { ...query, after }), [JSON.stringify(query)]);
  const [proving, setProving] = useState(null);
  const [turn, setTurn] = useState(0); // the fields begin anew when the filter is cleared
  const clear = () => { set(Object.fromEntries(Object.keys(query).map((name) => [name, undefined]))); setTurn(turn + 1); };
  const columns = [
    { label: t('audit.seq'), number: true, place: 'second', cell: (event) => number(event.seq) },
    { label: t('audit.at'), place: 'low', cell: (event) => instant(event.at, 'short') },
    { label: t('audit.by'), place: 'low', cell: (event) => event.by },
    { label: t('audit.action'), place: 'first', cell: (event) => html`<b>${actionText(event.action)}</b>${event.record_id ? html`<br /> <a class="small nowrap" href=${`/audit?record=${event.record_id}`}>…${event.record_id.slice(-8)}</a>` : ''}` },
    { label: t('audit.leaf'), place: 'low', cell: (event) => html`<code class="only-wide">${event.leaf_hash.slice(0, 10)}…</code>` },
    { label: t('audit.proof'), place: 'far', cell: (event) => html`<${Button} kind="quiet" aria-label=${`${t('audit.prove')} ${event.seq}`} onClick=${() => { setProving(event.seq); window.scrollTo(0, 0); }}>${t('audit.prove')}<//>` },
  ];
  return html`<${Page} title=${t('nav.audit')} lead=${t('audit.lead')}>
    <${Checkpoint} />
    ${proving !== null && html`<${Proof} key=${proving} seq=${proving} onClose=${() => setProving(null)} />`}
    <details key=${turn}><summary>${t('filter')}</summary><div class="row filters">
      <${TextField} pointer="/actor" label=${t('audit.by')} value=${query.actor} onChange=${(actor) => set({ actor })} />
      <${TextField} pointer="/action" label=${t('audit.action')} hint="batch.approve" value=${query.action} onChange=${(action) => set({ action })} />
      <${DateField} pointer="/from" label=${t('export.from')} optional value=${query.from} onChange=${(from) => set({ from })} />
      <${DateField} pointer="/to" label=${t('export.to')} optional value=${query.to} onChange=${(to) => set({ to })} /></div></details>
    ${query.record && html`<${Note}>${t('audit.record', { id: query.record.slice(-8) })} <a href="/audit">${t('audit.all')}</a><//>`}
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />
    ${!pages.items && !pages.problem && html`<${Skeleton} />`}
    ${pages.items?.length === 0 && html`<${EmptyList} filtered=${Object.keys(query).length > 0} onClear=${clear} title=${t('audit.none')}>${t('audit.none.help')}<//>`}
    ${pages.items?.length > 0 && html`<${Card} flush><${Table} caption=${t('nav.audit')} brief columns=${columns} rows=${pages.items} keyOf=${(event) => event.seq} /><//>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
  <//>`;
}
