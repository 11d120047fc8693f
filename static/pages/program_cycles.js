// program_cycles.js: the periods of a program: opened, closed, and a list of payees made for one of them.
import { html, useState } from '../app/html.js';
import { t, code, day } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { navigate } from '../app/router.js';
import { Button, Card, Confirm, Empty, ErrorSummary, List, ProblemNote, Skeleton, State, useLoad, useSubmit } from '../app/parts.js';
import { TextField, DateField, RegionPicker, faultAt } from '../app/parts_form.js';

function OpenForm({ program, onDone, onCancel }) {
  const [given, setGiven] = useState({});
  const { submit, busy, problem } = useSubmit(async (key) => { await api.post(`/programs/${program.id}/cycles`, given, { key }); onDone(); });
  const field = (name) => ({ pointer: `/${name}`, label: t(`cycle.field.${name}`), value: given[name], error: faultAt(problem, `/${name}`), onChange: (value) => setGiven((old) => ({ ...old, [name]: value || undefined })) });
  return html`<form class="stack" novalidate onSubmit=${(event) => { event.preventDefault(); submit(); }}><h3>${t('cycle.open')}</h3><${ErrorSummary} problem=${problem} names=${(pointer) => t(`cycle.field.${pointer.slice(1)}`)} />
    <${TextField} ...${field('name')} /><${DateField} ...${field('starts_on')} /><${DateField} ...${field('ends_on')} /><${DateField} ...${field('reference_date')} hint=${t('cycle.field.reference_date.hint')} optional />
    <div class="row"><${Button} type="submit" kind="main" busy=${busy}>${t('cycle.open')}<//><${Button} kind="quiet" onClick=${onCancel}>${t('cancel')}<//></div></form>`;
}

function BatchForm({ cycle, onCancel }) {
  const [region, setRegion] = useState(undefined);
  const { submit, busy, problem } = useSubmit(async (key) => {
    const { data } = await api.post(`/cycles/${cycle.id}/batches`, region ? { region } : {}, { key });
    const id = data.id || data.batch_id;
    if (data.job_id) await api.job(data.job_id);
    navigate(id ? `/daftar-bayar/${id}` : '/daftar-bayar');
  });
  return html`<form class="card stack confirm" aria-label=${t('cycle.batch')} onSubmit=${(event) => { event.preventDefault(); submit(); }}><h3>${t('cycle.batch')}: ${cycle.name}</h3><p class="soft">${t('cycle.batch.text')}</p><${ProblemNote} problem=${problem} />
    <${RegionPicker} pointer="/region" label=${t('region')} optional value=${region} onChange=${setRegion} />
    <div class="row"><${Button} type="submit" kind="main" busy=${busy}>${t('cycle.batch')}<//><${Button} kind="quiet" onClick=${onCancel}>${t('cancel')}<//></div></form>`;
}

function CycleRow({ cycle, onDone }) {
  const [act, setAct] = useState(null);
  const close = useSubmit(async (key) => { await api.post(`/cycles/${cycle.id}/close`, {}, { key }); onDone(); });
  const open = cycle.state === 'open';
  return html`<li class="stack"><div class="row"><div class="grow"><b>${cycle.name}</b><span class="soft small">${t('program.period.both', { from: day(cycle.starts_on), to: day(cycle.ends_on) })} · ${t('cycle.reference', { day: day(cycle.reference_date) })}</span></div><${State} value=${cycle.state}>${code('cycle_state', cycle.state)}<//></div>
    ${open && !act && html`<div class="row noprint">${can('batch.make') && html`<${Button} onClick=${() => setAct('batch')}>${t('cycle.batch')}<//>`}${can('program.write') && html`<${Button} kind="quiet" onClick=${() => setAct('close')}>${t('cycle.close')}<//>`}</div>`}
    ${act === 'batch' && html`<${BatchForm} cycle=${cycle} onCancel=${() => setAct(null)} />`}
    ${act === 'close' && html`<${Confirm} title=${t('cycle.close')} act=${t('cycle.close')} kind="danger" busy=${close.busy} problem=${close.problem} onDone=${() => close.submit()} onCancel=${() => setAct(null)}><p>${t('cycle.close.text', { name: cycle.name })}</p><//>`}</li>`;
}

export function Cycles({ program }) {
  const cycles = useLoad(() => api.all(`/programs/${program.id}/cycles`), [program.id]);
  const [opening, setOpening] = useState(false);
  const mayOpen = can('program.write') && program.state === 'active' && !opening;
  return html`<${Card} title=${t('cycle.many')} actions=${mayOpen && html`<${Button} onClick=${() => setOpening(true)}>${t('cycle.open')}<//>`}>
    ${opening && html`<${OpenForm} program=${program} onDone=${() => { setOpening(false); cycles.reload(); }} onCancel=${() => setOpening(false)} />`}
    <${ProblemNote} problem=${cycles.problem} retry=${cycles.reload} />${!cycles.data && !cycles.problem && html`<${Skeleton} lines=${2} />`}
    ${cycles.data?.length === 0 && !opening && html`<${Empty} title=${t('cycle.none')}>${program.state === 'draft' ? t('cycle.none.draft') : t('cycle.none.help')}<//>`}
    ${cycles.data?.length > 0 && html`<${List} items=${cycles.data} label=${t('cycle.many')}>${(cycle) => html`<${CycleRow} key=${cycle.id + cycle.version} cycle=${cycle} onDone=${cycles.reload} />`}<//>`}<//>`;
}
