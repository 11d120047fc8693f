// home_admin.js: what an administrator finds at home: accounts and roles that wait, and who signed in today.
import { html } from '../app/html.js';
import { t, code, number, clock } from '../app/i18n.js';
import { api } from '../app/api.js';
import { session } from '../app/session.js';
import { Card, Empty, Figures, List, ProblemNote, Skeleton, useLoad } from '../app/parts.js';

const NAMES_SHOWN = 4;

const needsFactor = (user) => user.roles.some((role) => role !== 'officer');
const names = (rows) => [...new Set(rows.map((user) => user.display_name))].slice(0, NAMES_SHOWN).join(', ') + (rows.length > NAMES_SHOWN ? ' …' : '');

// Each a sentence with the people it is about; the work itself is done on the page of users.
function waitingFor({ users, grants, regions }) {
  const me = session().user.id, active = users.filter((user) => user.state === 'active');
  const invited = users.filter((user) => user.state === 'invited'), bare = active.filter((user) => needsFactor(user) && !user.second_factor), alone = active.filter((user) => user.granted_alone?.length > 0);
  const mine = grants.filter((grant) => grant.made_by !== me && grant.user_id !== me), theirs = grants.filter((grant) => grant.made_by === me);
  const row = (name, rows, detail = names(rows)) => rows.length > 0 && { name, count: rows.length, detail, link: '/pengguna' };
  return [
    row('confirm', mine, mine.map((grant) => `${grant.username}: ${grant.role ? t(`role.${grant.role}`) : t('user.act.link')}`).slice(0, NAMES_SHOWN).join(', ')),
    row('other', theirs, theirs.map((grant) => grant.username).slice(0, NAMES_SHOWN).join(', ')),
    row('factor', bare), row('invited', invited), row('alone', alone),
    active.filter((user) => user.roles.includes('admin')).length < 2 && { name: 'single', detail: t('admin.single.text'), link: '/pengguna' },
    regions.length === 0 && { name: 'regions', detail: t('admin.regions.text'), link: '/wilayah' },
  ].filter(Boolean);
}

// Everybody once, with the newest time; the log is newest first.
const signedIn = (events) => [...new Map([...events].reverse().map((event) => [event.actor_id, event])).values()].reverse();

async function read() {
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  const [users, grants, regions, events] = await Promise.all([
    api.all('/users'), api.get('/grants').then(({ data }) => data.items), api.get('/regions', { limit: 1 }).then(({ data }) => data.items),
    api.all('/audit/events', { action: 'session.start', from: midnight.toISOString() }),
  ]);
  return { users, grants, regions, events };
}

export function AdminHome() {
  const load = useLoad(read, []);
  if (load.problem) return html`<${ProblemNote} problem=${load.problem} retry=${load.reload} />`;
  if (!load.data) return html`<${Card} title=${t('admin.tasks')}><${Skeleton} lines=${4} /><//>`;
  const nameOf = (event) => load.data.users.find((user) => user.id === event.actor_id)?.display_name || event.by;
  const tasks = waitingFor(load.data), count = (state) => load.data.users.filter((user) => user.state === state).length;
  return html`<${Card} title=${t('admin.tasks')}>${tasks.length ? html`<${List} items=${tasks}>${(task) => html`<li key=${task.name}><a class="item" href=${task.link}>
      <div class="grow"><b>${t(`admin.${task.name}`, { count: number(task.count) })}</b><span class="soft small">${task.detail}</span></div><span aria-hidden="true">›</span></a></li>`}<//>`
      : html`<${Empty} title=${t('admin.none')}>${t('admin.none.text')}<//>`}<//>
    <${Card} title=${t('admin.accounts')}><${Figures} items=${[[code('user_state', 'active'), number(count('active'))], [code('user_state', 'invited'), number(count('invited'))], [code('user_state', 'disabled'), number(count('disabled'))]]} /><//>
    <${Card} title=${t('admin.today')}><${List} items=${signedIn(load.data.events)}>${(event) => html`<li key=${event.actor_id}><span class="grow">${nameOf(event)}</span><span class="soft">${clock(event.at)}</span></li>`}<//>
      <p><a href="/audit?action=session.start">${t('admin.today.all')}</a></p><//>`;
}
