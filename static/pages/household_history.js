// household_history.js: who changed what, when and why, before and after.
import { html, useState } from '../app/html.js';
import { t, has, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Card, ProblemNote, Skeleton, Button, useLoad } from '../app/parts.js';
import { fieldName, valueText, isTold } from './household_words.js';

const SHOWN_FIRST = 5;

function Change({ change, people }) {
  return html`<div class="fact"><dt>${fieldName(change.pointer, people)}</dt><dd>${change.before !== null && html`<del>${valueText(change.pointer, change.before, people)}</del> → `}
    <ins>${change.after === null ? t('none') : valueText(change.pointer, change.after, people)}</ins></dd></div>`;
}

export function History({ id, version, people }) {
  const history = useLoad(() => api.get(`/households/${id}/history`).then(({ data }) => data.items), [id, version]);
  const [all, setAll] = useState(false);
  if (history.problem) return html`<${Card} title=${t('household.history')}><${ProblemNote} problem=${history.problem} retry=${history.reload} /><//>`;
  if (!history.data) return html`<${Card} title=${t('household.history')}><${Skeleton} lines=${3} /><//>`;
  const newest = [...history.data].sort((a, b) => b.seq - a.seq);
  const shown = all ? newest : newest.slice(0, SHOWN_FIRST);
  return html`<${Card} title=${t('household.history')}><ol class="list history">${shown.map((item) => {
    const changes = item.changes.filter(({ pointer }) => isTold(pointer));
    return html`<li key=${item.seq}><div class="grow"><b>${has(`act.${item.action}`) ? t(`act.${item.action}`) : item.action}</b><span class="soft small">${instant(item.at)} · ${item.by}</span>
      ${item.reason && html`<p class="small">${t('reason')}: ${has(`reason.${item.reason}`) ? t(`reason.${item.reason}`) : item.reason}</p>`}
      ${item.lost?.length > 0 && html`<dl class="facts">${item.lost.map((entry) => html`<div class="fact" key=${entry.pointer}><dt>${fieldName(entry.pointer, people)}</dt><dd>${valueText(entry.pointer, entry.value, people)} <span class="soft small">${t('history.lost')}</span></dd></div>`)}</dl>`}
      ${changes.length > 0 && html`<details open=${changes.length <= 3}><summary>${t('history.changes', { count: changes.length })}</summary><dl class="facts change-list">${changes.map((change) => html`<${Change} key=${change.pointer} change=${change} people=${people} />`)}</dl></details>`}</div></li>`;
  })}</ol>${newest.length > shown.length && html`<${Button} kind="quiet" onClick=${() => setAll(true)}>${t('history.all', { count: newest.length })}<//>`}<//>`;
}
