// household_scores.js: the scores of a household: the value in use with what made it, whether it is stale, and what it was before.
import { html } from '../app/html.js';
import { t, day, loadWords } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { Button, Card, Empty, List, ProblemNote, Skeleton, State, useLoad, useSubmit } from '../app/parts.js';
import { ScoreDetail } from './score_detail.js';
import { decimal, say } from './score_text.js';

await loadWords('score');

// The value in use, and behind it what it was: other versions and earlier values, the newest first.
function group(items) {
  return [...new Set(items.map((item) => item.name))].map((name) => {
    const own = items.filter((item) => item.name === name);
    const now = own.find((item) => item.state === 'active');
    return { name, now, before: own.filter((item) => item !== now && item.state !== 'scoring' && item.state !== 'draft').sort((one, other) => other.scored_at.localeCompare(one.scored_at)) };
  }).filter((entry) => entry.now || entry.before.length);
}

async function load(id) {
  const { data } = await api.get(`/households/${id}/scores`);
  const groups = group(data.items);
  if (!groups.length && !(await api.get('/scores', { limit: 1 })).data.items.length) return null; // a registry without scores says nothing of them
  const definitions = await Promise.all(groups.filter((entry) => entry.now).map((entry) => api.get(`/scores/${entry.now.score_id}`).then((answer) => answer.data)));
  return groups.map((entry) => ({ ...entry, definition: definitions.find((row) => row.name === entry.name) }));
}

const Before = ({ items }) => html`<details><summary>${t('skor.history', { count: items.length })}</summary><${List} label=${t('skor.history.label')} items=${items}>${(item) => html`<li key=${item.scored_at}><div class="grow"><b>${decimal(item.value)}</b><span class="soft small">${t('skor.history.row', { version: item.version, from: day(item.scored_at.slice(0, 10)), to: day(item.confirmed_at.slice(0, 10)) })}</span></div></li>`}<//></details>`;

function Entry({ entry }) {
  const { now, before, definition } = entry;
  return html`<li><div class="grow stack tight"><div class="row"><b class="grow">${say(definition?.label) || entry.name}</b><b>${now ? decimal(now.value) : '–'}</b></div>
    ${now && html`<span class="soft small">${t('skor.basis', { name: entry.name, version: now.version, on: day(now.on) })}</span>`}
    ${now?.stale && html`<span><${State} kind="warn">${t('skor.stale')}<//></span>`}
    ${now && html`<details><summary>${t('skor.parts')}</summary><${ScoreDetail} score=${now} indicators=${definition?.indicators} /></details>`}
    ${before.length > 0 && html`<${Before} items=${before} />`}</div></li>`;
}

export function Scores({ id, version, act }) {
  const scores = useLoad(() => load(id), [id, version]);
  const again = useSubmit(async (key) => { await api.post(`/households/${id}/scores`, {}, { key }); scores.reload(); });
  if (scores.data === null || (scores.data?.length === 0 && !act)) return null;
  let body = html`<${Skeleton} lines=${2} />`;
  if (scores.problem) body = html`<${ProblemNote} problem=${scores.problem} retry=${scores.reload} />`;
  else if (scores.data) body = scores.data.length ? html`<${List} label=${t('skor.many')} items=${scores.data}>${(entry) => html`<${Entry} key=${entry.name} entry=${entry} />`}<//>` : html`<${Empty} title=${t('skor.household.none')} />`;
  return html`<${Card} title=${t('skor.many')} actions=${act && can('assessment.write') && html`<${Button} kind="quiet" busy=${again.busy} onClick=${() => again.submit()}>${t('skor.compute')}<//>`}><${ProblemNote} problem=${again.problem} />${body}<//>`;
}
