// distribution_list.js: lists that are released and wait to be handed out.
import { html } from '../app/html.js';
import { t, day } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Page, Card, List, Empty, ProblemNote, Skeleton, useLoad } from '../app/parts.js';
import { sheet } from '../app/sheet.js';

await sheet('/css/field.css');

export default function DistributionListPage() {
  const tasks = useLoad(() => api.get('/me/tasks').then(({ data }) => data.items.filter((task) => task.kind === 'distribute')), []);
  return html`<${Page} title=${t('distribute.title')} lead=${t('distribute.lead')}>
    ${tasks.problem && html`<${ProblemNote} problem=${tasks.problem} retry=${tasks.reload} />`}
    ${tasks.loading && !tasks.data && html`<${Skeleton} lines=${3} />`}
    ${tasks.data && html`<${Card}>${tasks.data.length ? html`<${List} items=${tasks.data}>${(task) => html`<li key=${task.id}><a class="item" href=${`/salur/${task.id}`}><div class="grow"><b>${task.title}</b>
      <span class="soft small">${[t('distribute.waiting', { count: task.count }), task.due_on && day(task.due_on)].filter(Boolean).join(' · ')}</span></div><span aria-hidden="true">›</span></a></li>`}<//>`
      : html`<${Empty} title=${t('distribute.none')}>${t('distribute.none.text')}<//>`}<//>`}
  <//>`;
}
