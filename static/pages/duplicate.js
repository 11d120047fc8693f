// duplicate.js: possible duplicates side by side; a person decides, with a reason.
import { html, useState } from '../app/html.js';
import { t, code, day } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { useQuery } from '../app/router.js';
import { Page, Button, Card, Confirm, EmptyList, Pager, ProblemNote, Skeleton, State, useLoad, usePages, useSubmit } from '../app/parts.js';
import { RadioField, SelectField } from '../app/parts_form.js';
import { sheet } from '../app/sheet.js';

await sheet('/css/field.css');

const regions = new Map();
function regionName(region) {
  if (!regions.has(region)) regions.set(region, api.get(`/regions/${region}`).then(({ data }) => data.path_text || data.name, () => region));
  return regions.get(region);
}

function Side({ title, side }) {
  const region = useLoad(() => (side?.region ? regionName(side.region) : Promise.resolve('')), [side?.region]);
  return html`<div class="grow stack tight"><h2>${title}</h2>${side?.household_id ? html`<p><a href=${`/keluarga/${side.household_id}`}><b>${side.name || side.head || '–'}</b></a></p>
    <p class="small soft">${[side.birth_date && day(side.birth_date), side.name && side.head !== side.name && side.head, region.data].filter(Boolean).join(' · ')}</p>
    <p class="small soft">${side.created_at ? t('duplicate.registered', { day: day(side.created_at.slice(0, 10)) }) : ''}</p>` : html`<p class="soft">${t('duplicate.outside')}</p>`}</div>`;
}

function Decision({ item, decision, onDone, onCancel }) {
  const [keep, setKeep] = useState(item.earlier?.household_id);
  const merges = decision === 'same' && item.earlier?.household_id && item.later?.household_id && item.earlier.household_id !== item.later.household_id;
  const work = useSubmit(async (key, reason) => { await api.post(`/duplicates/${item.id}/decide`, { decision, reason, ...(merges ? { keep_id: keep } : {}) }, { key }); onDone(); });
  return html`<${Confirm} title=${t('duplicate.decide', { decision: t(`duplicate.${decision}`) })} act=${t(`duplicate.${decision}`)} kind=${decision === 'same' ? 'danger' : 'main'} reason busy=${work.busy} problem=${work.problem} onDone=${work.submit} onCancel=${onCancel}>
    <p>${t(`duplicate.${decision}.text`)}</p>
    ${merges && html`<${RadioField} pointer=${`/keep_id/${item.id}`} label=${t('duplicate.keep')} value=${keep} onChange=${setKeep} options=${[[item.earlier.household_id, `${t('duplicate.earlier')}: ${item.earlier.head}`], [item.later.household_id, `${t('duplicate.later')}: ${item.later.head}`]]} />`}<//>`;
}

function Case({ item, number, onDone }) {
  const [decision, setDecision] = useState(null);
  const may = can('household.write') && ['open', 'unsure'].includes(item.state);
  return html`<${Card} label=${`${number}. ${code('duplicate_kind', item.kind)}`}><div class="row"><${State} kind=${item.kind === 'nik' ? 'bad' : 'warn'}>${code('duplicate_kind', item.kind)}<//>${item.state !== 'open' && html`<${State} value=${item.state}>${code('duplicate_state', item.state)}<//>`}</div>
    <div class="sides"><${Side} title=${t('duplicate.earlier')} side=${item.earlier} /><${Side} title=${t('duplicate.later')} side=${item.later} /></div>
    ${decision ? html`<${Decision} item=${item} decision=${decision} onDone=${onDone} onCancel=${() => setDecision(null)} />`
      : may && html`<div class="row">${['same', 'different', 'unsure'].map((name) => html`<${Button} key=${name} onClick=${() => setDecision(name)}>${t(`duplicate.${name}`)}<//>`)}</div>`}<//>`;
}

export default function DuplicatePage() {
  const [query, setQuery] = useQuery();
  const state = query.keadaan || 'open';
  const list = usePages((after) => api.get('/duplicates', { state, limit: 20, after }), [state]);
  return html`<${Page} title=${t('duplicate.title')} lead=${t('duplicate.lead')}>
    <div class="row filters noprint"><${SelectField} pointer="/state" label=${t('duplicate.state')} list="duplicate_state" value=${state} onChange=${(word) => setQuery({ keadaan: word === 'open' ? '' : word })} /></div>
    ${list.problem && html`<${ProblemNote} problem=${list.problem} retry=${list.reload} />`}
    ${!list.items && !list.problem && html`<${Skeleton} lines=${6} />`}
    ${list.items?.map((item, i) => html`<${Case} key=${item.id} number=${i + 1} item=${item} onDone=${list.reload} />`)}
    ${list.items?.length === 0 && html`<${EmptyList} filtered=${state !== 'open'} onClear=${() => setQuery({ keadaan: '' })} title=${t('duplicate.none')}>${t('duplicate.none.text')}<//>`}
    <${Pager} ...${list} />
  <//>`;
}
