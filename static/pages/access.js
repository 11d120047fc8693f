// access.js: who read whom: reads of persons, denials, failed sign-ins.
import { html, useState } from '../app/html.js';
import { t, has, instant } from '../app/i18n.js';
import { api } from '../app/api.js';
import { idIn } from '../app/id.js';
import { useQuery } from '../app/router.js';
import { Page, Card, Button, Table, State, EmptyList, Note, Skeleton, ProblemNote, Pager, usePages } from '../app/parts.js';
import { TextField, DateField } from '../app/parts_form.js';
import { sheet } from '../app/sheet.js';

await sheet('/css/desk.css');

const NAMES = ['user', 'household', 'from', 'to'];
const KINDS = { 2: 'good', 4: 'bad' };

// The id is looked for in what was pasted; without one nothing is asked, and the field says what it wants.
function Filter({ query, onApply }) {
  const [given, setGiven] = useState(query);
  const [fault, setFault] = useState(query.household && !idIn(query.household) ? t('access.household.fault') : undefined);
  const set = (name) => (value) => setGiven((old) => ({ ...old, [name]: value }));
  const apply = (event) => {
    event.preventDefault();
    const household = given.household?.trim() ? idIn(given.household) : undefined;
    setFault(household === null ? t('access.household.fault') : undefined);
    if (household !== null) onApply({ ...given, user: given.user?.trim(), household });
  };
  return html`<details open=${Boolean(fault) || Object.keys(query).length > 0}><summary>${t('filter')}</summary><form class="stack" novalidate onSubmit=${apply}><div class="row filters">
      <${TextField} pointer="/user" label=${t('audit.by')} hint=${t('access.user.hint')} value=${given.user} onChange=${set('user')} autocapitalize="none" spellcheck="false" maxlength="64" />
      <${TextField} pointer="/household" label=${t('access.household')} hint=${t('access.household.hint')} value=${given.household} onChange=${set('household')} spellcheck="false" error=${fault} /></div>
    <div class="row filters"><${DateField} pointer="/from" label=${t('export.from')} optional value=${given.from} onChange=${set('from')} /><${DateField} pointer="/to" label=${t('export.to')} optional value=${given.to} onChange=${set('to')} /></div>
    <div class="row"><${Button} type="submit" kind="main">${t('access.apply')}<//></div></form></details>`;
}

// What was opened, by the first of these that its call names.
const THINGS = [['/search', 'search'], ['/session', 'session'], ['/enrollment', 'enrollment'], ['/eligibility', 'eligibility'], ['/assessments', 'assessment'], ['/exports', 'export'], ['/disbursements', 'disbursement'], ['/batches', 'batch'], ['/duplicates', 'duplicate'], ['/change-requests', 'change'], ['/moves', 'move'], ['/objections', 'objection'], ['/quality', 'quality'], ['/needs', 'need'], ['/attachments', 'attachment'], ['/members', 'member'], ['/households', 'household']];
const thing = (route) => THINGS.find(([part]) => route.includes(part))?.[1];
const what = (route) => t(`access.what.${thing(route) || 'other'}`);

const outcome = (row) => (has(`access.status.${row.status}`) ? t(`access.status.${row.status}`) : row.status < 400 ? t('access.status.200') : String(row.status));

export default function AccessPage() {
  const [address, setAddress] = useQuery();
  const query = Object.fromEntries(NAMES.filter((name) => address[name]).map((name) => [name, address[name]]));
  const readable = !query.household || idIn(query.household) === query.household;
  const pages = usePages((after) => (readable ? api.get('/audit/access', { ...query, after }) : Promise.resolve({ data: { items: [] } })), [JSON.stringify(query)]);
  const clear = () => setAddress(Object.fromEntries(NAMES.map((name) => [name, undefined])));
  const columns = [
    { label: t('audit.at'), place: 'low', cell: (row) => instant(row.at, 'short') },
    { label: t('audit.by'), place: 'low', cell: (row) => row.by || '–' },
    { label: t('access.what'), place: 'first', cell: (row) => html`<b>${what(row.route)}</b><br /> <code class=${thing(row.route) ? 'small soft told' : 'small soft'}>${row.route.replace('/api/v1', '')}</code>` },
    { label: t('access.whom'), place: 'third', cell: (row) => html`${(row.subject_ids || []).slice(0, 5).map((id) => html`<span class="links"><a href=${`/akses?household=${id}`}>…${id.slice(-8)}</a></span> `)}${row.subject_ids?.length > 5 && html`<span class="soft small">${t('access.more', { count: row.subject_ids.length - 5 })}</span>`}` },
    { label: t('state'), place: 'second', cell: (row) => html`<${State} kind=${KINDS[Math.floor(row.status / 100)] || 'warn'}>${outcome(row)}<//>` },
  ];
  return html`<${Page} title=${t('nav.access')} lead=${t('access.lead')}>
    <${Filter} key=${JSON.stringify(query)} query=${query} onApply=${setAddress} />
    ${!readable && html`<${Note} kind="warn" role="alert" title=${t('access.unreadable')}><${Button} onClick=${clear}>${t('list.clear')}<//><//>`}
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />
    ${!pages.items && !pages.problem && html`<${Skeleton} />`}
    ${readable && pages.items?.length === 0 && html`<${EmptyList} filtered=${Object.keys(query).length > 0} onClear=${clear} title=${t('access.none')}>${t('access.none.help')}<//>`}
    ${pages.items?.length > 0 && html`<${Card} flush><${Table} caption=${t('nav.access')} brief columns=${columns} rows=${pages.items} /><//>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
  <//>`;
}
