// flag_list.js: the vulnerability flags: how many households of a region bear each, as of the day of the count, and the agency's own with their expressions.
import { html, useState } from '../app/html.js';
import { t, day, number } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { useQuery } from '../app/router.js';
import { Page, Button, Card, Confirm, Empty, ErrorSummary, List, Note, Progress, ProblemNote, Skeleton, State, useLoad, useSubmit } from '../app/parts.js';
import { RegionPicker, TextField, faultAt } from '../app/parts_form.js';
import { flagName } from './flag_words.js';
import { Compact, useMapSheet } from './need_parts.js';

function FlagForm({ given: base, onDone, onCancel }) {
  const [given, setGiven] = useState({ name: base?.name, label_id: base?.label?.id, label_en: base?.label?.en, about: base?.about, expression: base?.expression });
  const save = useSubmit(async (key) => {
    const { name = '', label_id = '', label_en = '', about = '', expression = '' } = given;
    await api.post('/flags', { name: name.trim(), label: { id: label_id.trim(), en: label_en.trim() }, expression: expression.trim(), ...(about.trim() && { about: about.trim() }) }, { key });
    onDone();
  });
  const field = (name, pointer = name) => ({ pointer: `/${pointer}`, label: t(`tanda.field.${name}`), value: given[name], error: faultAt(save.problem, `/${pointer}`), onChange: (value) => setGiven({ ...given, [name]: value }) });
  return html`<form class="card stack" novalidate onSubmit=${(event) => { event.preventDefault(); save.submit(); }}><h2>${t(base ? 'tanda.change' : 'tanda.new')}</h2>
    <${ErrorSummary} problem=${save.problem} names=${(pointer) => t(`tanda.field.${pointer.slice(1).replace('/', '_')}`)} />
    ${base ? html`<p><code>${base.name}</code></p>` : html`<${TextField} ...${field('name')} hint=${t('tanda.field.name.hint')} autocapitalize="off" />`}
    <${TextField} ...${field('label_id', 'label/id')} /><${TextField} ...${field('label_en', 'label/en')} />
    <${TextField} ...${field('expression')} rows="3" class="code" spellcheck=${false} hint=${t('tanda.field.expression.hint')} /><${TextField} ...${field('about')} optional />
    <div class="row"><${Button} type="submit" kind="main" busy=${save.busy}>${t('tanda.save')}<//><${Button} kind="quiet" onClick=${onCancel}>${t('cancel')}<//></div></form>`;
}

function Own({ flag, onDone }) {
  const [act, setAct] = useState(null);
  const retire = useSubmit(async (key) => { await api.post(`/flags/${flag.id}/retire`, {}, { key }); onDone(); });
  if (act === 'change') return html`<li><div class="grow"><${FlagForm} given=${flag} onDone=${() => { setAct(null); onDone(); }} onCancel=${() => setAct(null)} /></div></li>`;
  return html`<li class="stack tight"><div class="row"><div class="grow"><b>${flagName(flag)}</b><code class="small">${flag.expression}</code>${flag.about && html`<br />`}${flag.about && html`<span class="soft small">${flag.about}</span>`}</div>
      ${flag.state === 'retired' && html`<${State} kind="">${t('tanda.retired')}<//>`}</div>
    ${act === 'retire' ? html`<${Confirm} title=${t('tanda.retire')} act=${t('tanda.retire')} busy=${retire.busy} problem=${retire.problem} onDone=${() => retire.submit()} onCancel=${() => setAct(null)}><p>${t('tanda.retire.text')}</p><//>`
      : can('program.write') && html`<div class="row"><${Button} kind="quiet" onClick=${() => setAct('change')}>${t('change')} <span class="visually-hidden">${flagName(flag)}</span><//>${flag.state === 'active' && html`<${Button} kind="quiet" onClick=${() => setAct('retire')}>${t('tanda.retire')} <span class="visually-hidden">${flagName(flag)}</span><//>`}</div>`}</li>`;
}

function Counts({ flags, region }) {
  const counts = useLoad(() => (region ? api.get('/flags/counts', { region }).then(({ data }) => data) : Promise.resolve(null)), [region]);
  const [job, setJob] = useState(null);
  const count = useSubmit(async (key) => { setJob({ done: 0, total: 0 }); try { await api.job((await api.post('/flags/counts', {}, { key })).data.job_id, setJob); counts.reload(); } finally { setJob(null); } });
  const of = (flag) => counts.data?.items.find((entry) => entry.name === flag.name);
  const columns = [
    { label: t('tanda.one'), cell: (flag) => (region ? html`<a href=${`/tanda/${flag.name}?wilayah=${region}`}>${flagName(flag)}</a>` : flagName(flag)) },
    { label: t('tanda.households'), number: true, cell: (flag) => (of(flag) ? number(of(flag).households) : '–') },
    { label: t('tanda.unknown'), number: true, cell: (flag) => (of(flag) ? number(of(flag).unknown) : '–') },
  ];
  return html`<${ProblemNote} problem=${counts.problem || count.problem} />
    ${job ? html`<div role="status"><${Progress} label=${t('tanda.counting')} done=${job.done} total=${job.total} /></div>`
      : html`<p class="soft">${counts.data?.on ? t('tanda.counted', { day: day(counts.data.on), count: number(counts.data.households) }) : t(region ? 'tanda.uncounted' : 'tanda.choose')} ${counts.data?.counting && t('tanda.counting')}</p>`}
    <${Compact} caption=${t('tanda.many')} columns=${columns} rows=${flags} keyOf=${(flag) => flag.name} />
    ${can('program.write') && !job && html`<div class="row"><${Button} busy=${count.busy} onClick=${() => count.submit()}>${t('tanda.count')}<//></div>`}`;
}

export default function FlagListPage() {
  const [query, setQuery] = useQuery();
  const [adding, setAdding] = useState(false);
  useMapSheet();
  const flags = useLoad(() => api.get('/flags').then(({ data }) => data.items), []);
  const own = flags.data?.filter((flag) => !flag.own);
  const done = () => { setAdding(false); flags.reload(); };
  return html`<${Page} title=${t('tanda.many')} lead=${t('tanda.lead')}>
    <${ProblemNote} problem=${flags.problem} retry=${flags.reload} />${!flags.data && !flags.problem && html`<${Skeleton} lines=${8} />`}
    ${flags.data && html`<${Card} title=${t('tanda.counts')}><${RegionPicker} pointer="/region" label=${t('region')} value=${query.wilayah} onChange=${(wilayah) => setQuery({ wilayah })} />
        <${Counts} key=${flags.data.length} flags=${flags.data.filter((flag) => flag.state === 'active')} region=${query.wilayah} /><//>
      <${Card} title=${t('tanda.own')}>${own.length ? html`<${List} label=${t('tanda.own')} items=${own}>${(flag) => html`<${Own} key=${flag.id} flag=${flag} onDone=${done} />`}<//>` : html`<${Empty} title=${t('tanda.own.none')} />`}
        ${can('program.write') && !adding && html`<div class="row"><${Button} onClick=${() => setAdding(true)}>${t('tanda.new')}<//></div>`}<//>
      ${adding && html`<${FlagForm} onDone=${done} onCancel=${() => setAdding(false)} />`}
      <${Note} title=${t('tanda.how')}><p>${t('tanda.how.text')}</p><//>`}<//>`;
}
