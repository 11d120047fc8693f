// household_facts.js: what other registries say of this household, with source, edition and age; older editions folded away.
import { html } from '../app/html.js';
import { t, has, day, number, loadWords } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Card, List, ProblemNote, useLoad } from '../app/parts.js';
import { Age } from './fact_list.js';

await loadWords('score');

const keyName = (key) => (has(`luar.key.${key}`) ? t(`luar.key.${key}`) : key.replaceAll('_', ' '));
const valueText = (value) => (value === null ? '–' : typeof value === 'boolean' ? t(value ? 'yes' : 'no') : typeof value === 'number' ? number(value) : value);

export function OutsideFacts({ id, version, people }) {
  const facts = useLoad(() => api.get(`/households/${id}/facts`).then(({ data }) => data.items), [id, version]);
  if (facts.problem) return html`<${Card} title=${t('luar.many')}><${ProblemNote} problem=${facts.problem} retry=${facts.reload} /><//>`;
  if (!facts.data?.length) return null;
  const whose = (fact) => (fact.member_id ? people.find((entry) => entry.id === fact.member_id)?.name : t('luar.card', { number: fact.family_no }));
  const row = (fact) => html`<li key=${`${fact.key}${fact.source}${fact.edition}${fact.member_id}${fact.family_no}`}><div class="grow"><span class="soft small">${keyName(fact.key)} · ${whose(fact)}</span><b>${valueText(fact.value)}</b>
    <span class="soft small">${t('luar.basis', { source: fact.source, edition: fact.edition, day: day(fact.as_of) })}</span></div><span class="small"><${Age} days=${fact.age_days} /></span></li>`;
  const newest = facts.data.filter((fact) => fact.newest), older = facts.data.filter((fact) => !fact.newest);
  return html`<${Card} title=${t('luar.many')}><${List} label=${t('luar.many')} items=${newest}>${row}<//>
    ${older.length > 0 && html`<details><summary>${t('luar.older', { count: older.length })}</summary><${List} label=${t('luar.older.label')} items=${older}>${row}<//></details>`}<//>`;
}
