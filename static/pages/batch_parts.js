// batch_parts.js: what the pages of a batch share: steps, totals, change, warnings, lines.
import { html, useState } from '../app/html.js';
import { t, has, money, number, code, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { Card, Figures, Note, Steps, Table, State, List, Button, Skeleton, ProblemNote, Pager, Empty, Confirm, usePages, useSubmit } from '../app/parts.js';

const ORDER = ['draft', 'locked', 'in_approval', 'approved', 'released', 'closed'];
const at = (batch, state) => ORDER.indexOf(batch.state === 'reconciled' ? 'closed' : batch.state) - ORDER.indexOf(state);

export function BatchSteps({ batch }) {
  if (batch.state === 'cancelled') return html`<${Note} kind="bad" title=${t('batch.cancelled')} />`;
  const approvers = batch.approvals.map((approval) => approval.by).join(', ');
  const step = (label, detail, reached, now) => ({ label: t(label), detail, state: now ? 'now' : reached ? 'done' : '' });
  return html`<${Steps} items=${[
    step('batch.step.made', batch.made_by, at(batch, 'draft') > 0, at(batch, 'draft') === 0),
    step('batch.step.locked', batch.locked_at && instant(batch.locked_at).split(',')[0], at(batch, 'locked') > 0, at(batch, 'locked') === 0),
    step('batch.step.approved', approvers || t('batch.of', { done: batch.approvals.length, wanted: batch.approvals_required }), at(batch, 'in_approval') > 0, at(batch, 'in_approval') === 0),
    step('batch.step.released', batch.released_at && instant(batch.released_at).split(',')[0], at(batch, 'approved') > 0, at(batch, 'approved') === 0),
    step('batch.step.done', null, at(batch, 'released') > 0, at(batch, 'released') === 0),
  ]} />`;
}

export const BatchFigures = ({ batch }) => html`<${Card}><${Figures} items=${[
  [t('amount'), money(batch.total_minor, batch.currency)],
  [t('batch.payees'), number(batch.count), batch.change?.previous_batch_id && t('batch.since', { added: batch.change.new, left: batch.change.left })],
  batch.count > 0 && [t('batch.average'), money(Math.round(batch.total_minor / batch.count / 100) * 100, batch.currency)],
  batch.budget_left_minor !== undefined && [t('batch.left'), money(batch.budget_left_minor, batch.currency)],
]} />
${batch.totals?.length > 0 && html`<${List} items=${batch.totals}>${(row) => html`<li><span class="grow">${t(`kind.${row.kind}`)}${row.item ? `: ${row.item}` : ''}</span><b>${row.item ? number(row.quantity) : money(row.amount_minor, batch.currency)}</b></li>`}<//>`}<//>`;

export function BatchChange({ batch }) {
  const change = batch.change;
  if (!change) return null;
  if (!change.previous_batch_id) return html`<${Note}>${t('batch.first')}<//>`;
  return html`<${Note} title=${t('batch.change')}>${t('batch.change.text', { added: number(change.new), left: number(change.left), changed: number(change.changed_amount) })} <a href=${`/daftar-bayar/${change.previous_batch_id}`}>${t('batch.previous')}</a><//>`;
}

export const BatchWarnings = ({ batch }) => batch.warnings?.length > 0 && html`<${Note} kind="warn" title=${t('batch.warnings')}><ul>${batch.warnings.map((warning) => html`<li>${has(`warning.${warning.code}`) ? t(`warning.${warning.code}`, { count: number(warning.count) }) : `${warning.code} (${warning.count})`}</li>`)}</ul><//>`;

const reasonText = (reason) => (has(`dropped.${reason}`) ? t(`dropped.${reason}`) : reason);

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

export const partText = (part, currency) => (part.item ? `${number(part.quantity)} ${part.item}` : `${part.code}: ${money(part.amount_minor, currency)}`);

export function BatchItems({ batch, version, onExclude }) {
  const pages = usePages((after) => api.get(`/batches/${batch.id}/items`, { after, version }), [batch.id, batch.version, batch.state, version]);
  const [excluding, setExcluding] = useState(null);
  const columns = [
    { label: t('batch.payee'), cell: (item) => html`<a href=${`/keluarga/${item.household_id}`}>${item.payee}</a>${item.guardian ? html` <${State} kind="warn">${t('batch.guardian')}<//>` : ''}` },
    { label: t('region'), cell: (item) => item.region_name },
    { label: t('batch.parts'), cell: (item) => item.parts.map((part) => html`<div>${partText(part, item.currency)}</div>`) },
    { label: t('amount'), number: true, cell: (item) => money(item.amount_minor, item.currency) },
    { label: t('state'), cell: (item) => (item.state === 'in' ? (onExclude ? html`<${Button} kind="quiet" onClick=${() => setExcluding(item)} aria-label=${`${t('batch.exclude')}: ${item.payee}`}>${t('batch.exclude')}<//>` : '') : html`<${State} kind="warn">${t(`item.${item.state}`)}<//> <span class="small soft">${reasonText(item.reason || '')}</span>`) },
  ];
  return html`<${Card} flush title=${t('batch.items')}>
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />
    ${!pages.items && !pages.problem && html`<${Skeleton} />`}
    ${pages.items?.length === 0 && html`<${Empty} title=${t('batch.items.none')}>${t('batch.items.none.help')}<//>`}
    ${excluding && onExclude(excluding, () => setExcluding(null))}
    ${pages.items?.length > 0 && html`<${Table} caption=${t('batch.items')} columns=${columns} rows=${pages.items} keyOf=${(item) => item.id} />`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} /><//>`;
}

export const digestGroups = (digest) => (digest ? `${digest.slice(0, 4)} ${digest.slice(4, 8)} ${digest.slice(8, 12)} … ${digest.slice(-4)}` : '–');
