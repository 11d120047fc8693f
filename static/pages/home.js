// home.js: what waits for this person, and the nearest thing to do.
import { html } from '../app/html.js';
import { t, day, today, money, loadWords } from '../app/i18n.js';
import { api } from '../app/api.js';
import { session, can } from '../app/session.js';
import { navigate } from '../app/router.js';
import { Page, Card, Link, List, Empty, Skeleton, ProblemNote, Bar, useLoad } from '../app/parts.js';
import { SearchBox } from '../app/parts_form.js';
import { listDrafts } from '../app/drafts.js';
import { handQuery } from '../app/hand.js';

const greeting = () => { const hour = new Date().getHours(); return t(hour < 11 ? 'home.hello.morning' : hour < 15 ? 'home.hello.noon' : 'home.hello.evening'); };

function Tasks() {
  const tasks = useLoad(() => api.get('/me/tasks').then(({ data }) => data.items), []);
  if (tasks.loading && !tasks.data) return html`<${Skeleton} lines=${3} />`;
  if (tasks.problem) return html`<${ProblemNote} problem=${tasks.problem} retry=${tasks.reload} />`;
  if (!tasks.data.length) return html`<${Empty} title=${t('home.tasks.empty')}>${t('home.tasks.empty.text')}<//>`;
  return html`<${List} items=${tasks.data}>${(task) => html`<li key=${task.kind + task.id}><a class="item" href=${task.link}>
    <div class="grow"><b>${t(`task.${task.kind}`)}${task.title ? `: ${task.title}` : ''}</b><span class="soft small">${t(['proposals', 'changes', 'moves', 'correct', 'objections'].includes(task.kind) ? `task.count.${task.kind}` : 'task.count', { count: task.count })}</span></div><span aria-hidden="true">›</span></a></li>`}<//>`;
}

function Drafts() {
  const drafts = useLoad(() => listDrafts(), []);
  if (!drafts.data?.length) return null;
  return html`<${Card} title=${t('home.drafts')}><${List} items=${drafts.data}>${(draft) => html`<li key=${draft.id}><a class="item" href=${draft.link}>
    <div class="grow"><b>${t(`home.draft.${draft.kind === 'assessment' ? 'assessment' : 'household'}`)}${draft.title ? `: ${draft.title}` : ''}</b><span class="soft small">${day(draft.saved_at.slice(0, 10))}</span></div><span aria-hidden="true">›</span></a></li>`}<//><//>`;
}

function Budgets() {
  const programs = useLoad(() => api.get('/programs', { limit: 20 }).then(({ data }) => data.items.filter((program) => program.state === 'active' && program.budget_minor > 0)), []);
  if (!programs.data?.length) return null;
  return html`<${Card} title=${t('home.budget')}><${List} items=${programs.data}>${(program) => html`<li key=${program.id}><a class="item" href=${`/program/${program.id}`}><div class="grow stack tight">
    <div class="row"><b class="grow">${program.name}</b><span class="small soft">${t('home.budget.left', { amount: money(program.left_minor, program.currency) })}</span></div>
    <${Bar} label=${`${program.name}: ${money(program.paid_minor, program.currency)} / ${money(program.budget_minor, program.currency)}`} parts=${[{ value: program.paid_minor }, { value: program.open_minor + program.claimed_minor, kind: 'warn' }, { value: Math.max(program.left_minor, 0), kind: 'open' }]} />
    </div></a></li>`}<//><//>`;
}

// Its code and words are fetched for administrators alone.
function Admin() {
  const load = useLoad(() => Promise.all([import('./home_admin.js'), loadWords('desk')]).then(([{ AdminHome }]) => ({ AdminHome })), []);
  return load.data ? html`<${load.data.AdminHome} />` : html`<${Skeleton} lines=${4} />`;
}

// Only where there is one to tell of is the rest fetched.
function RejectedRequests() {
  const load = useLoad(async () => {
    const { items } = (await api.get('/change-requests', { unseen: true, limit: 20 })).data;
    return items.length ? { items, Rejected: (await import('./home_rejected.js')).Rejected } : null;
  }, []);
  return load.data && html`<${load.data.Rejected} items=${load.data.items} />`;
}

export default function HomePage() {
  const who = session();
  return html`<${Page} title=${`${greeting()}, ${who.user.name.split(' ')[0]}`} above=${day(today(), { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })}>
    ${can('household.read') && html`<${SearchBox} label=${t('home.search')} hint=${t('home.search.hint')} onSearch=${(q) => { handQuery(q); navigate('/cari'); }} />`}
    ${can('household.write') && html`<${Link} kind="main wide" href="/keluarga/baru">${t('home.register')}<//>`}
    ${(can('household.read') || !can('user.manage')) && html`<${Card} title=${t('home.tasks')}><${Tasks} /><//>`}
    ${can('household.write') && html`<${RejectedRequests} />`}
    ${can('user.manage') && html`<${Admin} />`}
    ${can('household.write') && html`<${Drafts} />`}
    ${can('batch.read') && html`<${Budgets} />`}
  <//>`;
}
