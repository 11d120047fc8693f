// batch_parts.js: what the pages of a batch share: steps, totals, change, warnings, lines.
import { html, useState } from '../app/html.js';
import { t, has, money, number, code, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { Card, Figures, Note, Steps, List, Button, Confirm, useSubmit } from '../app/parts.js';

const ORDER = ['draft', 'locked', 'in_approval', 'approved', 'released', 'closed'];
const at = (batch, state) => ORDER.indexOf(batch.state === 'reconciled' ? 'closed' : batch.state) - ORDER.indexOf(state);

// Who took a step, and when, on two lines.
export const taken = (entry) => html`${entry.by}<br /><span class="nowrap">${instant(entry.at, 'short')}</span>`;

export function BatchSteps({ batch }) {
  const found = (name) => batch.steps?.find((entry) => entry.step === name);
  const cancelled = found('cancelled');
  if (batch.state === 'cancelled') return html`<${Note} kind="bad" title=${t('batch.cancelled')}>${cancelled && `${cancelled.by} · ${instant(cancelled.at)}`}<//>`;
  const step = (name, state, detail) => ({ label: t(`batch.step.${name}`), detail: detail || (found(name) && taken(found(name))), state: at(batch, state) > 0 ? 'done' : at(batch, state) === 0 ? 'now' : '' });
  const approvals = batch.approvals.map((approval) => html`<span key=${approval.by_id}>${taken(approval)}</span>`);
  const missing = Math.max(batch.approvals_required - batch.approvals.length, 0);
  return html`<${Steps} items=${[
    { ...step('made', 'draft'), state: 'done' }, step('locked', 'draft'), step('submitted', 'locked'),
    step('approved', 'in_approval', html`${approvals}${missing > 0 && html`<span>${t('batch.of', { done: batch.approvals.length, wanted: batch.approvals_required })}</span>`}`), step('released', 'approved'), step('closed', 'released'),
  ]} />`;
}

// A batch of goods alone has no amounts to show.
export const hasMoney = (batch) => batch.total_minor > 0 || !batch.totals?.length;
const isSame = (change) => !change.new && !change.left && !change.changed_amount;

export const BatchFigures = ({ batch }) => html`<${Card}><${Figures} items=${[
  hasMoney(batch) && [t('amount'), money(batch.total_minor, batch.currency)],
  [t('batch.payees'), number(batch.count), batch.change?.previous_batch_id && !isSame(batch.change) && t('batch.since', { added: batch.change.new, left: batch.change.left })],
  hasMoney(batch) && batch.count > 0 && [t('batch.average'), money(Math.round(batch.total_minor / batch.count / 100) * 100, batch.currency)],
  hasMoney(batch) && batch.budget_left_minor !== undefined && [t('batch.left'), money(batch.budget_left_minor, batch.currency)],
]} />
${batch.totals?.length > 0 && html`<${List} items=${batch.totals}>${(row) => html`<li><span class="grow">${t(`kind.${row.kind}`)}${row.item ? `: ${row.item}` : ''}</span><b>${row.item ? number(row.quantity) : money(row.amount_minor, batch.currency)}</b></li>`}<//>`}<//>`;

export function BatchChange({ batch }) {
  const change = batch.change;
  if (!change) return null;
  if (!change.previous_batch_id) return html`<${Note}>${t('batch.first')}<//>`;
  return html`<${Note} title=${t('batch.change')}>${isSame(change) ? t('batch.change.same') : t('batch.change.text', { added: number(change.new), left: number(change.left), changed: number(change.changed_amount) })} <a href=${`/daftar-bayar/${change.previous_batch_id}`}>${t('batch.previous')}</a><//>`;
}

export const BatchWarnings = ({ batch }) => batch.warnings?.length > 0 && html`<${Note} kind="warn" title=${t('batch.warnings')}><ul>${batch.warnings.map((warning) => html`<li>${has(`warning.${warning.code}`) ? t(`warning.${warning.code}`, { count: number(warning.count) }) : `${warning.code} (${warning.count})`}</li>`)}</ul><//>`;

export const reasonText = (reason) => (has(`dropped.${reason}`) ? t(`dropped.${reason}`) : reason);

export function BatchDropped({ batch }) {
  if (!batch.dropped?.length) return null;
  const groups = Object.entries(Object.groupBy ? Object.groupBy(batch.dropped, (row) => row.reason) : batch.dropped.reduce((all, row) => ({ ...all, [row.reason]: [...(all[row.reason] || []), row] }), {}));
  return html`<${Card} title=${t('batch.dropped', { count: number(batch.dropped.length) })}>${groups.map(([reason, rows]) => html`<details key=${reason}><summary>${reasonText(reason)} (${number(rows.length)})</summary>
    <ul>${rows.slice(0, 50).map((row) => html`<li><a href=${`/keluarga/${row.household_id}`}>${t('batch.household')} …${row.household_id.slice(-6)}</a></li>`)}</ul></details>`)}<//>`;
}

// Money of a held line stays with the batch until a person lifts or cancels it.
export function BatchHeld({ batch, onDone }) {
  const [asking, setAsking] = useState(null);
  const { submit, busy, problem } = useSubmit(async (key, reason) => {
    await api.post(`/batches/${batch.id}/items/${asking.item.id}/${asking.act}`, { reason }, { key });
    setAsking(null);
    onDone?.();
  });
  if (!batch.held?.length) return null;
  return html`<${Card} title=${t('batch.held')}><p class="soft small">${t('batch.held.text')}</p>
    ${asking && html`<${Confirm} title=${`${t(`held.${asking.act}`)}: ${asking.item.payee}`} act=${t(`held.${asking.act}`)} kind=${asking.act === 'cancel-held' ? 'danger' : 'main'} reason busy=${busy} problem=${problem} onDone=${submit} onCancel=${() => setAsking(null)}><p>${t(`held.${asking.act}.text`)}</p><//>`}
    <${List} items=${batch.held}>${(item) => html`<li key=${item.id}><div class="grow stack tight"><div class="row"><b>${item.payee}</b><span class="push">${money(item.amount_minor, item.currency)}</span></div><p class="soft small">${item.region_name} · ${reasonText(item.reason)}</p>
      ${onDone && can('batch.release') && html`<div class="row">${['release-held', 'cancel-held'].map((act) => html`<${Button} key=${act} onClick=${() => setAsking({ item, act })}>${t(`held.${act}`)}<//>`)}</div>`}</div></li>`}<//><//>`;
}

export const digestGroups = (digest) => (digest ? `${digest.slice(0, 4)} ${digest.slice(4, 8)} ${digest.slice(8, 12)} … ${digest.slice(-4)}` : '–');
