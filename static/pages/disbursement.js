// disbursement.js: one payment on one page, from the rule that gave it to the signature that received it.
import { html, useState } from '../app/html.js';
import { t, has, money, number, code, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { Page, Card, State, Skeleton, ProblemNote, List, Figures, Button, Confirm, useLoad, useSubmit } from '../app/parts.js';
import { digestGroups } from './batch_parts.js';
import { partText } from './part_words.js';

const attachment = (id) => `/api/v1/attachments/${id}`;

const Receipt = ({ receipt, currency }) => html`<li key=${receipt.id}><div class="grow stack tight">
  <div class="row"><b>${t(`receipt.${receipt.kind}`)}</b>${receipt.reversed && html`<${State} kind="warn">${t('record.reversed')}<//>`}<span class="push">${money(receipt.amount_minor, currency)}</span></div>
  <p class="small soft">${instant(receipt.at)}${receipt.officer ? ` · ${receipt.officer}` : ''}${receipt.method ? ` · ${code('receipt_method', receipt.method)}` : ''}</p>
  ${receipt.received_by && html`<p class="small">${code('received_by', receipt.received_by)}${receipt.collector_name ? `: ${receipt.collector_name} (${receipt.collector_relation})` : ''}${receipt.identified_by ? ` · ${code('identified_by', receipt.identified_by)}` : ''}</p>`}
  ${receipt.reason && html`<p class="small">${receipt.reason}</p>`}
  ${(receipt.signature || receipt.photo) && html`<p class="small">${receipt.signature && html`<a href=${attachment(receipt.signature)} target="_blank" rel="noopener">${t('receipt.signature')}</a>`} ${receipt.photo && html`<a href=${attachment(receipt.photo)} target="_blank" rel="noopener">${t('record.photo')}</a>`}</p>`}
</div></li>`;

export default function DisbursementPage({ id }) {
  const load = useLoad(async () => {
    const row = (await api.get(`/disbursements/${id}`)).data;
    const [batch, program] = await Promise.all([api.get(`/batches/${row.batch_id}`).then(({ data }) => data, () => null), api.get(`/programs/${row.program_id}`).then(({ data }) => data, () => null)]);
    return { row, batch, program };
  }, [id]);
  const [undoing, setUndoing] = useState(null);
  const undo = useSubmit(async (key, reason) => { await api.post(`/disbursements/${id}/${undoing}`, { reason }, { key }); setUndoing(null); load.reload(); });
  if (load.problem) return html`<${Page} title=${t('record.one')} back="/catatan"><${ProblemNote} problem=${load.problem} retry=${load.reload} /><//>`;
  if (!load.data) return html`<${Skeleton} lines=${8} />`;
  const { row, batch, program } = load.data;
  const rule = program?.rules?.find((entry) => entry.rule_version === batch?.rule_version);
  const acts = [
    can('receipt.write') && row.receipts.some((receipt) => receipt.kind === 'receipt' && !receipt.reversed) && ['paid', 'partly_paid'].includes(row.state) && 'reverse',
    can('payment.reconcile') && ['failed', 'returned', 'uncollected', 'held'].includes(row.state) && 'retry',
    can('payment.reconcile') && ['pending', 'partly_paid', 'failed', 'returned', 'uncollected', 'held'].includes(row.state) && 'cancel',
  ].filter(Boolean);
  return html`<${Page} back="/catatan" title=${row.payee || t('record.one')} above=${html`${row.region_name}${row.rt ? ` · RT ${row.rt}` : ''} · <span class="nowrap">${row.reference}</span>`} state=${html`<${State} value=${row.state}>${code('disbursement_state', row.state)}<//>`}
      actions=${acts.map((act) => html`<${Button} key=${act} onClick=${() => setUndoing(act)}>${t(`undo.${act}`)}<//>`)}>
    ${undoing && html`<${Confirm} title=${t(`undo.${undoing}`)} act=${t(`undo.${undoing}`)} kind="danger" reason busy=${undo.busy} problem=${undo.problem} onDone=${undo.submit} onCancel=${() => setUndoing(null)}><p>${t(`undo.${undoing}.text`)}</p><//>`}
    <${Card}><${Figures} items=${[[t('amount'), money(row.amount_minor, row.currency)], [t('record.received'), money(row.received_minor, row.currency)], [t('record.open'), money(row.open_minor, row.currency)], row.given_back_minor > 0 && [t('record.given_back'), money(row.given_back_minor, row.currency)]]} />
      <ul>${row.parts.map((part) => html`<li>${partText(part, row.currency)}${part.received_quantity !== undefined ? ` · ${t('record.received')} ${number(part.received_quantity)}` : ''}</li>`)}</ul>
      ${row.held_reason && html`<p>${has(`dropped.${row.held_reason}`) ? t(`dropped.${row.held_reason}`) : row.held_reason}</p>`}<//>
    <${Card} title=${t('record.why')}><dl class="facts">
      <dt>${t('batch.program')}</dt><dd>${program ? html`<a href=${`/program/${program.id}`}>${program.name}</a>` : '–'}</dd>
      ${rule && html`<dt>${t('record.rule', { version: rule.rule_version })}</dt><dd><details><summary>${t('record.rule.show')}</summary><pre class="scroll" tabindex="0">${rule.rule}</pre><p class="small soft">${t('record.entitlement')}</p><pre class="scroll" tabindex="0">${rule.entitlement}</pre></details></dd>`}
      ${batch && html`<dt>${t('batch.one')}</dt><dd><a href=${`/daftar-bayar/${batch.id}`}>${batch.cycle}, ${t('batch.version', { version: batch.version })}</a> <code>${digestGroups(batch.digest)}</code></dd>
        ${batch.steps.filter((entry) => entry.step !== 'released').map((entry) => html`<dt>${t(`batch.step.${entry.step}`)}</dt><dd>${entry.by} · ${instant(entry.at)}</dd>`)}
        <dt>${t('batch.step.approved')}</dt><dd>${batch.approvals.map((approval) => html`<div>${approval.by} · ${instant(approval.at)}</div>`)}</dd>`}
      <dt>${t('batch.step.released')}</dt><dd>${[batch?.steps.find((entry) => entry.step === 'released')?.by, instant(row.released_at)].filter(Boolean).join(' · ')}</dd>
      <dt>${t('batch.household')}</dt><dd><a href=${`/keluarga/${row.household_id}`}>…${row.household_id.slice(-6)}</a></dd></dl>
      ${can('audit.read') && html`<p><a href=${`/audit?record=${row.id}`}>${t('record.audit')}</a></p>`}<//>
    <${Card} title=${t('record.receipts')}>${row.receipts.length ? html`<${List} items=${row.receipts}>${(receipt) => html`<${Receipt} receipt=${receipt} currency=${row.currency} />`}<//>` : html`<p class="soft">${t('record.receipts.none')}</p>`}
      ${row.attempts?.length > 0 && html`<h3>${t('record.attempts')}</h3><${List} items=${row.attempts}>${(attempt) => html`<li><span class="grow">${code('attempt_outcome', attempt.outcome)}${attempt.note ? `: ${attempt.note}` : ''}</span><span class="soft small">${instant(attempt.at)} · ${attempt.officer}</span></li>`}<//>`}<//>
  <//>`;
}
