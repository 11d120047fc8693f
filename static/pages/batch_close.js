// batch_close.js: what is still open of a released batch goes back to the program: counted first, confirmed with a reason, followed to the end.
import { html, useState } from '../app/html.js';
import { t, money, number } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Button, Card, Confirm, Note, ProblemNote, Progress, Skeleton, useLoad, useSubmit } from '../app/parts.js';

const ENDED = ['paid', 'closed_short', 'cancelled'], UNDER_WAY = ['sent', 'unknown'];

// Lines and money that closing gives back: what is open of the released lines, and what was held at release.
function openOf(states, held) {
  const open = states.filter(({ state }) => !ENDED.includes(state));
  return {
    count: open.reduce((sum, row) => sum + row.count, 0) + held.length,
    minor: open.reduce((sum, row) => sum + row.open_minor, 0) + held.reduce((sum, item) => sum + item.amount_minor, 0),
    underWay: open.filter(({ state }) => UNDER_WAY.includes(state)).reduce((sum, row) => sum + row.count, 0),
  };
}

export function BatchClose({ batch, onDone, onClose }) {
  const sums = useLoad(() => api.get('/disbursements/sums', { batch: batch.id }).then(({ data }) => openOf(data.states, batch.held || [])), [batch.id]);
  const [job, setJob] = useState(null);
  const close = useSubmit(async (key, reason) => {
    const { data } = await api.post(`/batches/${batch.id}/close`, { reason }, { key });
    setJob({ state: 'open', done: 0, total: 0 });
    setJob(await api.job(data.job_id, setJob));
    onDone();
  });
  if (sums.problem) return html`<${Card} title=${t('act.close')}><${ProblemNote} problem=${sums.problem} retry=${sums.reload} /><//>`;
  if (!sums.data) return html`<${Card} title=${t('act.close')}><${Skeleton} lines=${3} /><//>`;
  const { count, minor, underWay } = sums.data;
  if (job) return html`<${Card} title=${t('act.close')}><div role="status">${job.state === 'open' ? html`<${Progress} label=${t('stage.closing')} done=${job.done} total=${job.total} />`
    : html`<${Note} kind=${job.state === 'done' ? 'good' : 'bad'} title=${t(job.state === 'done' ? 'close.done' : 'close.failed', { count: number(job.done) })} />`}</div>
    <${ProblemNote} problem=${close.problem} />${(job.state !== 'open' || close.problem) && html`<div class="row"><${Button} onClick=${onClose}>${t('close')}<//></div>`}<//>`;
  if (underWay > 0) return html`<${Card} title=${t('act.close')}><${Note} kind="warn" title=${t('close.under_way', { count: number(underWay) })}>${t('close.under_way.text')}<//><div class="row"><${Button} onClick=${onClose}>${t('close')}<//></div><//>`;
  return html`<${Confirm} title=${t('act.close')} act=${t('act.close')} kind="danger" reason busy=${close.busy} problem=${close.problem} onDone=${close.submit} onCancel=${onClose}>
    <p><b>${t('close.open', { count: number(count), amount: money(minor, batch.currency) })}</b></p><p>${t('act.close.text')}</p><//>`;
}
