// batch.js: one batch: what is in it, what changed, who did what, and exactly the acts that this person may do next.
import { html, useState, useEffect } from '../app/html.js';
import { t, has, code } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Page, Card, Button, Link, State, Skeleton, ProblemNote, Progress, Confirm, Note, useLoad, useSubmit } from '../app/parts.js';
import { BatchSteps, BatchFigures, BatchChange, BatchWarnings, BatchDropped, BatchHeld, digestGroups } from './batch_parts.js';
import { BatchItems } from './batch_items.js';
import { BatchClose } from './batch_close.js';

const WITH_REASON = ['recall', 'cancel', 'reject'];

function Act({ batch, act, onClose, onDone }) {
  const { submit, busy, problem } = useSubmit(async (key, reason) => {
    const { data } = await api.post(`/batches/${batch.id}/${act}`, WITH_REASON.includes(act) ? { reason } : {}, { key, ifMatch: batch.version });
    onDone(data);
  });
  return html`<${Confirm} title=${t(`act.${act}`)} act=${t(`act.${act}`)} kind=${['cancel', 'reject'].includes(act) ? 'danger' : 'main'} reason=${WITH_REASON.includes(act)} busy=${busy} problem=${problem} onDone=${submit} onCancel=${onClose}><p>${t(`act.${act}.text`)}</p><//>`;
}

function Exclude({ batch, item, onClose, onDone }) {
  const { submit, busy, problem } = useSubmit(async (key, reason) => {
    const { data } = await api.post(`/batches/${batch.id}/items/${item.id}/exclude`, { reason }, { key });
    onClose();
    onDone(data);
  });
  return html`<${Confirm} title=${`${t('batch.exclude')}: ${item.payee}`} act=${t('batch.exclude')} reason busy=${busy} problem=${problem} onDone=${submit} onCancel=${onClose}><p>${t('batch.exclude.text')}</p><//>`;
}

// While a job builds, locks or releases a long list, its progress shows and the page follows it to the end.
function Stage({ batch, reload }) {
  const [job, setJob] = useState(null);
  useEffect(() => {
    if (!batch.job_id) { const timer = setTimeout(reload, 1500); return () => clearTimeout(timer); }
    let live = true;
    api.job(batch.job_id, (state) => live && setJob(state)).then(() => live && reload(), () => live && setTimeout(reload, 2000));
    return () => { live = false; };
  }, [batch.job_id]);
  return html`<${Card}><${Progress} label=${t(`stage.${batch.stage}`)} done=${job?.done || 0} total=${job?.total || 0} /><//>`;
}

export default function BatchPage({ id }) {
  const load = useLoad(() => api.get(`/batches/${id}`).then(({ data }) => data), [id]);
  const [act, setAct] = useState(null);
  const batch = load.data;
  if (load.problem) return html`<${Page} title=${t('batch.one')} back="/daftar-bayar"><${ProblemNote} problem=${load.problem} retry=${load.reload} /><//>`;
  if (!batch) return html`<${Skeleton} lines=${8} />`;
  const done = (next) => { setAct(null); load.setData(next); };
  const acts = batch.may.filter((entry) => entry !== 'exclude' && entry !== 'approve');
  const actions = html`${batch.may.includes('approve') && html`<${Link} kind="main" href=${`/daftar-bayar/${id}/setujui`}>${t('act.approve')}<//>`}
    ${acts.map((entry) => html`<${Button} key=${entry} kind=${['lock', 'submit', 'release'].includes(entry) ? 'main' : ''} onClick=${() => setAct(entry)}>${t(`act.${entry}`)}<//>`)}
    ${batch.state === 'released' && html`<${Link} href=${`/salur/${id}/cetak`}>${t('batch.print')}<//>`}`;
  return html`<${Page} back="/daftar-bayar" title=${batch.region_name ? `${t('batch.one')} ${batch.region_name}` : t('batch.one')} above=${`${batch.program} · ${batch.cycle} · ${t('batch.version', { version: batch.version })}`}
      state=${html`<${State} value=${batch.state}>${code('batch_state', batch.state)}<//>`} actions=${actions}>
    ${act === 'close' && html`<${BatchClose} batch=${batch} onDone=${load.reload} onClose=${() => setAct(null)} />`}
    ${act && act !== 'close' && html`<${Act} batch=${batch} act=${act} onClose=${() => setAct(null)} onDone=${done} />`}
    <${BatchSteps} batch=${batch} />
    ${batch.stage_error && html`<${Note} kind="bad" title=${t('batch.stage_failed')}>${t(has(`stage_error.${batch.stage_error}`) ? `stage_error.${batch.stage_error}` : 'stage_error.other')}<//>`}
    ${batch.stage && batch.stage !== 'release_interrupted' && html`<${Stage} batch=${batch} reload=${load.reload} />`}
    <${BatchFigures} batch=${batch} />
    <${BatchChange} batch=${batch} /><${BatchWarnings} batch=${batch} />
    ${batch.may.length === 0 && !batch.stage && !['released', 'closed', 'cancelled', 'reconciled'].includes(batch.state) && html`<${Note}>${t('batch.nothing_to_do')}<//>`}
    <${BatchHeld} batch=${batch} onDone=${load.reload} /><${BatchDropped} batch=${batch} />
    <${BatchItems} batch=${batch} onExclude=${batch.may.includes('exclude') ? (item, close) => html`<${Exclude} batch=${batch} item=${item} onClose=${close} onDone=${done} />` : null} />
    <${Versions} batch=${batch} />
    ${batch.digest && html`<${Card} title=${t('batch.digest')}><p class="small soft">${t('batch.digest.text')}</p><code>${batch.digest}</code><//>`}
  <//>`;
}

function Versions({ batch }) {
  const [shown, setShown] = useState(null);
  const { submit, problem } = useSubmit(async (_, version) => setShown((await api.get(`/batches/${batch.id}`, { version })).data));
  if (batch.version < 2) return null;
  return html`<${Card} title=${t('batch.versions')}><${ProblemNote} problem=${problem} />
    <div class="row">${Array.from({ length: batch.version - 1 }, (_, i) => html`<${Button} key=${i} onClick=${() => submit(i + 1)}>${t('batch.version', { version: i + 1 })}<//>`)}</div>
    ${shown && html`<${Note} kind="warn" title=${`${t('batch.version', { version: shown.version })}: ${t(`version.${shown.state}`)}`}><p>${shown.reason}</p><p class="small">${digestGroups(shown.digest)}</p><//>
      <${BatchItems} batch=${batch} version=${shown.version} />`}<//>`;
}
