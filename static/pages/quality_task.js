// quality_task.js: corrections that were handed to the person who looks: open the household, correct it, tick it off.
import { html, useState } from '../app/html.js';
import { t, day, instant, code } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Page, Card, Button, List, EmptyList, Skeleton, ProblemNote, Pager, usePages } from '../app/parts.js';

export default function QualityTaskPage() {
  const pages = usePages((after) => api.get('/quality/tasks', { after }), []);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(null);
  const close = async (task, state) => {
    setBusy(task.id);
    setProblem(null);
    try { await api.post(`/quality/tasks/${task.id}/close`, { state }); pages.reload(); } catch (failure) { setProblem(failure); } finally { setBusy(null); }
  };
  const rows = pages.items;
  return html`<${Page} title=${t('quality.tasks')} lead=${t('quality.tasks.lead')} back="/">
    <${ProblemNote} problem=${problem || pages.problem} retry=${pages.reload} />
    ${!rows && !pages.problem && html`<${Skeleton} />`}
    ${rows && rows.length === 0 && html`<${EmptyList} title=${t('quality.tasks.none')}>${t('quality.tasks.none.text')}<//>`}
    ${rows && rows.length > 0 && html`<${Card} flush><${List} label=${t('quality.tasks')} items=${rows}>${(task) => html`<li key=${task.id}><div class="grow"><a href=${`/keluarga/${task.household_id}`}><b>${task.head || t('unknown')}</b></a>
      <br /><span>${code('quality_check', task.check)}</span><br /><span class="soft small">${[task.place, task.rt && `RT ${task.rt}`, t('quality.task.by', { name: task.by || t('unknown'), day: instant(task.made_at) }), task.due_on && t('quality.task.due', { day: day(task.due_on) })].filter(Boolean).join(' · ')}</span></div>
      <div class="row"><${Button} busy=${busy === task.id} onClick=${() => close(task, 'done')}>${t('quality.task.done')}<//><${Button} kind="quiet" onClick=${() => close(task, 'dropped')}>${t('quality.task.dropped')}<//></div></li>`}<//><//>
      <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />`}
  <//>`;
}
