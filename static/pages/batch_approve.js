// batch_approve.js: approving exactly what is on the screen: the amount in words, what changed, ten lines chosen by the digest itself, the code in place.
import { html, useState } from '../app/html.js';
import { t, money, number, words, code } from '../app/i18n.js';
import { api } from '../app/api.js';
import { session } from '../app/session.js';
import { navigate } from '../app/router.js';
import { Page, Card, Button, State, Skeleton, ProblemNote, List, Note, Confirm, ErrorSummary, useLoad, useSubmit } from '../app/parts.js';
import { TextField, DigitsField } from '../app/parts_form.js';
import { BatchSteps, BatchFigures, BatchChange, BatchWarnings, BatchDropped, digestGroups, hasMoney, taken } from './batch_parts.js';
import { partText } from './part_words.js';
import { BatchChanged } from './batch_items.js';

const SAMPLE = 10;

// Ten lines that nobody could choose beforehand: positions from the digest of the list, the same for every approver.
function sampleOf(count, digest) {
  const chosen = new Set();
  for (let i = 0; chosen.size < Math.min(SAMPLE, count) && i < 2000; i++) {
    const at = (i * 5) % 56;
    chosen.add((parseInt(digest.slice(at, at + 8), 16) + i * 7919) % count);
  }
  return [...chosen].sort((a, b) => a - b);
}

const freshFactor = () => session()?.step_up_until && new Date(session().step_up_until) > new Date(Date.now() + 5000);

function Decide({ batch, reload }) {
  const [note, setNote] = useState('');
  const [totp, setTotp] = useState('');
  const [rejecting, setRejecting] = useState(false);
  const approve = useSubmit(async (key) => {
    if (totp) await api.post('/session/step-up', { totp }, { key: null });
    await api.post(`/batches/${batch.id}/approve`, { digest: batch.digest, ...(note ? { note } : {}) }, { key });
    navigate(`/daftar-bayar/${batch.id}`);
  });
  const reject = useSubmit(async (key, reason) => { await api.post(`/batches/${batch.id}/reject`, { reason }, { key }); navigate(`/daftar-bayar/${batch.id}`); });
  if (rejecting) return html`<${Confirm} title=${t('act.reject')} act=${t('act.reject')} kind="danger" reason busy=${reject.busy} problem=${reject.problem} onDone=${reject.submit} onCancel=${() => setRejecting(false)}><p>${t('act.reject.text')}</p><//>`;
  const changed = approve.problem?.code === 'digest_changed';
  return html`<${Card} title=${t('approve.what')}>
    <p>${t('approve.exactly')} <b>${t('approve.count', { count: number(batch.count) })}</b>${batch.total_minor > 0 && html`, <b>${words(batch.total_minor, batch.currency)}</b> (${money(batch.total_minor, batch.currency)})`}. ${t('approve.voids')}</p>
    <p class="small soft">${t('batch.digest')}<br /><code>${digestGroups(batch.digest)}</code></p>
    <${List} items=${[...batch.steps.map((entry) => [t(`batch.step.${entry.step}`), entry]), ...batch.approvals.map((approval) => [t('approve.already'), approval])]}>${([label, entry]) => html`<li key=${label + entry.at}><span class="soft">${label}</span><span class="push end small">${taken(entry)}</span></li>`}<//>
    ${changed ? html`<${Note} kind="warn" title=${t('approve.changed')}><${Button} onClick=${reload}>${t('approve.reload')}<//><//>` : html`<${ErrorSummary} problem=${approve.problem} />`}
    <form class="stack" onSubmit=${(event) => { event.preventDefault(); approve.submit(); }}>
      <${TextField} pointer="/note" label=${t('approve.note')} optional value=${note} onChange=${setNote} rows="2" />
      ${!freshFactor() && html`<${DigitsField} pointer="/totp" label=${t('code.label')} hint=${t('approve.code.hint')} length=${6} value=${totp} onChange=${setTotp} autocomplete="one-time-code" />`}
      <${Button} type="submit" kind="main wide" busy=${approve.busy}>${t('approve.submit')}<//>
      <${Button} kind="wide" onClick=${() => setRejecting(true)}>${t('act.reject')}<//>
    </form><//>`;
}

// Drawn here from the whole list, and only those lines are fetched: a list of twenty thousand is not carried over for ten.
function Sample({ batch }) {
  const load = useLoad(async () => {
    const positions = batch.digest ? sampleOf(batch.count, batch.digest) : [];
    return positions.length ? (await api.get(`/batches/${batch.id}/items`, { positions: positions.join(',') })).data.items : [];
  }, [batch.id, batch.digest]);
  return html`<${Card} title=${t('approve.sample')}><p class="small soft">${t('approve.sample.text')}</p>
    <${ProblemNote} problem=${load.problem} retry=${load.reload} />
    ${!load.data && !load.problem && html`<${Skeleton} lines=${6} />`}
    ${load.data && html`<${List} items=${load.data}>${(item) => html`<li key=${item.id}><div class="grow"><a href=${`/keluarga/${item.household_id}`}><b>${item.payee}</b></a><span class="soft small">${item.region_name} · ${item.parts.map((part) => partText(part, item.currency)).join(', ')}</span></div><span>${money(item.amount_minor, item.currency)}</span></li>`}<//>`}<//>`;
}

export default function BatchApprovePage({ id }) {
  const load = useLoad(() => api.get(`/batches/${id}`).then(({ data }) => data), [id]);
  if (load.problem) return html`<${Page} title=${t('act.approve')} back="/menunggu"><${ProblemNote} problem=${load.problem} retry=${load.reload} /><//>`;
  if (!load.data) return html`<${Skeleton} lines=${8} />`;
  const batch = load.data;
  const may = batch.may.includes('approve');
  return html`<${Page} back="/menunggu" title=${`${t('act.approve')}: ${batch.program}`} above=${`${batch.cycle}${batch.region_name ? ` · ${batch.region_name}` : ''} · ${t('batch.version', { version: batch.version })}`}
      state=${html`<${State} value=${batch.state}>${code('batch_state', batch.state)}<//>`}>
    <${BatchSteps} batch=${batch} />
    <div class="split"><div class="stack">
      <${BatchFigures} batch=${batch} /><${BatchChange} batch=${batch} /><${BatchWarnings} batch=${batch} />
      ${batch.change?.previous_batch_id && hasMoney(batch) && html`<${BatchChanged} batch=${batch} />`}
      <${Sample} batch=${batch} />
      <${BatchDropped} batch=${batch} />
      <p><a href=${`/daftar-bayar/${id}`}>${t('approve.all')}</a></p></div>
      ${may ? html`<${Decide} batch=${batch} reload=${load.reload} />` : html`<${Note} title=${t('approve.not_now')}>${t('approve.not_now.text')}<//>`}</div>
  <//>`;
}
