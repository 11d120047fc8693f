// region_import.js: a file of regions is compared with the tree that is there, its difference read, and only then applied.
import { html, useState } from '../app/html.js';
import { t, number } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Card, Button, Note, Steps, Table, problemText, useSubmit } from '../app/parts.js';
import { Field } from '../app/parts_form.js';
import { RegionChanges, isChanges, isBlocked } from './region_changes.js';

const LISTS = ['added', 'renamed', 'moved', 'changed', 'absent'];
const KINDS = { added: 'good', renamed: 'info', moved: 'warn', changed: 'info', absent: 'warn' };
const FIRST = 20;

// "row 12, column parent" as people say it.
function place(pointer) {
  const found = /^row (\d+)(?:, column (\w+))?$/.exec(pointer);
  return found ? t(found[2] ? 'region.row.column' : 'region.row', { row: found[1], column: found[2] }) : pointer;
}

function Refusals({ problem }) {
  if (!problem) return null;
  const rows = problem.errors || [];
  return html`<${Note} kind="bad" role="alert" title=${rows.length ? t('region.refused', { count: number(rows.length) }) : problemText(problem)}>
    ${rows.length > 0 && html`<p>${t('region.refused.text')}</p><ul>${rows.slice(0, FIRST).map((fault) => html`<li key=${fault.pointer + fault.code}><b>${place(fault.pointer)}</b>${fault.detail}</li>`)}</ul>${rows.length > FIRST && html`<p>${t('region.more', { count: number(rows.length - FIRST) })}</p>`}`}<//>`;
}

const changeOf = {
  added: (row) => row.parent || t('region.top'),
  renamed: (row) => html`<del>${row.name_before}</del>`,
  moved: (row) => html`<del>${row.parent_before || t('region.top')}</del> → <b>${row.parent || t('region.top')}</b>`,
  changed: (row) => (row.kind_before === row.kind ? t('region.change.level', { level: row.level }) : html`<del>${row.kind_before}</del> → <b>${row.kind}</b>`),
  absent: (row) => row.parent || t('region.top'),
};

function Group({ name, list }) {
  const [whole, setWhole] = useState(false);
  const rows = whole ? list.items : list.items.slice(0, FIRST);
  const columns = [{ label: t('region.code'), cell: (row) => html`<code>${row.code}</code>` }, { label: t('name'), cell: (row) => html`${row.name} <span class="soft small">${row.kind}</span>` }, { label: t(`region.diff.${name}.what`), cell: changeOf[name] }];
  return html`<details open=${list.count <= FIRST}><summary><span class=${`state ${KINDS[name]}`}>${t(`region.diff.${name}`, { count: number(list.count) })}</span></summary>
    ${name === 'absent' && html`<p class="small soft">${t('region.diff.absent.text')}</p>`}<${Table} caption=${t(`region.diff.${name}`, { count: number(list.count) })} columns=${columns} rows=${rows} keyOf=${(row) => row.code} />
    ${!whole && list.items.length > FIRST && html`<p><${Button} onClick=${() => setWhole(true)}>${t('region.show', { count: number(list.items.length) })}<//></p>`}
    ${whole && list.count > list.items.length && html`<p class="small soft">${t('region.more', { count: number(list.count - list.items.length) })}</p>`}</details>`;
}

const stepsOf = (at) => ['choose', 'compare', 'apply'].map((name, i) => ({ label: t(`region.step.${name}`), state: i < at ? 'done' : i === at ? 'now' : '' }));
const Working = ({ text }) => html`<div role="status" class="stack tight"><p><b>${text}</b></p><progress aria-label=${text}></progress></div>`;

export function RegionImport({ reload }) {
  const [file, setFile] = useState(null); // {name, text, rows}
  const [difference, setDifference] = useState(null);
  const [done, setDone] = useState(null);
  const compare = useSubmit(async (key, chosen) => setDifference((await api.upload(isChanges(chosen.text) ? '/regions/changes/preview' : '/regions/difference', chosen.text, 'text/csv')).data));
  const apply = useSubmit(async () => {
    const job = await api.job((await api.upload(isChanges(file.text) ? '/regions/changes' : '/regions/import', file.text, 'text/csv')).data.job_id);
    if (job.state !== 'done') throw Object.assign(new Error('region.import'), { status: 409, detail: t('region.import.failed') });
    setDone(isChanges(file.text) ? t('region.changes.done', { count: number(file.rows), moved: number(job.result.moved || 0) }) : t('region.imported', { rows: number(job.result.rows) }));
    setFile(null);
    setDifference(null);
    reload();
  });
  const choose = async (event) => {
    const [chosen] = event.target.files;
    setDone(null);
    setDifference(null);
    apply.setProblem(null);
    setFile(null);
    if (!chosen) return;
    const text = await chosen.text();
    const next = { name: chosen.name, text, rows: Math.max(0, text.split('\n').filter((line) => line.trim()).length - 1) };
    setFile(next);
    compare.submit(next);
  };
  const changes = difference?.changes ? difference.changes.length : difference ? LISTS.filter((name) => name !== 'absent').reduce((sum, name) => sum + difference[name].count, 0) : 0;
  return html`<${Card} title=${t('region.import')}><${Steps} items=${stepsOf(done !== null ? 3 : difference ? 2 : file ? 1 : 0)} />
    <p class="soft">${t('region.import.text')} <code>code,parent,level,kind,name</code>. ${t('region.changes.text')} <code>change,code,to,name,hamlet,rw,rt</code></p>
    ${done !== null && html`<${Note} kind="good" role="status" title=${done} />`}
    <${Field} id="regions" label=${t('region.file')}><input id="regions" type="file" accept=".csv,text/csv" disabled=${compare.busy || apply.busy} onClick=${(event) => { event.target.value = ''; }} onChange=${choose} /><//>
    ${compare.busy && file && html`<${Working} text=${t('region.comparing', { rows: number(file.rows) })} />`}
    <${Refusals} problem=${compare.problem || apply.problem} />
    ${difference && html`<div class="stack"><h3>${t('region.diff.title', { file: file.name })}</h3>
      ${changes === 0 && html`<${Note} kind="good" role="status" title=${t('region.diff.none', { rows: number(difference.rows) })} />`}
      ${difference.changes && html`<${RegionChanges} preview=${difference} />`}
      ${!difference.changes && LISTS.filter((name) => difference[name].count > 0).map((name) => html`<${Group} key=${name} name=${name} list=${difference[name]} />`)}
      ${apply.busy ? html`<${Working} text=${t('region.applying', { rows: number(file.rows) })} />`
        : changes > 0 && !(difference.changes && isBlocked(difference)) && html`<div class="row"><${Button} kind="main" onClick=${() => apply.submit()}>${t('region.apply', { count: number(changes) })}<//></div>`}</div>`}<//>`;
}
