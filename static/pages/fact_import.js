// fact_import.js: a file of another registry: its columns are matched, tried without storing anything, then kept part by part; refused lines can be taken along.
import { html, useState, useRef } from '../app/html.js';
import { t, number } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Button, Card, Confirm, ErrorSummary, Figures, Note, Progress, Table, useSubmit } from '../app/parts.js';
import { TextField, DateField, SelectField, faultAt } from '../app/parts_form.js';
import { parseCsv, guess, mappingOf, refusedCsv } from './fact_csv.js';

const PART = 400, SHOWN = 50;

const nameOf = (pointer) => {
  const part = pointer.split('/')[1];
  return part === 'facts' ? t('luar.facts') : t(`luar.field.${part}`);
};

function FactRow({ index, row, columns, onChange, onRemove, problem }) {
  const at = `/facts/${row.key || index}`, names = columns.map((name) => [name, name]);
  const field = (name, label = name) => ({ pointer: name === 'key' ? at : `${at}/${name}`, label: t(`luar.field.${label}`), value: row[name], error: faultAt(problem, name === 'key' ? at : `${at}/${name}`), onChange: (value) => onChange({ ...row, [name]: value }) });
  return html`<fieldset class="card stack"><legend><b>${t('luar.fact', { number: index + 1 })}</b></legend>
    <${SelectField} ...${field('column')} options=${names} empty=${t('choose')} /><${TextField} ...${field('key')} hint=${t('luar.field.key.hint')} autocapitalize="off" />
    <${SelectField} ...${field('type')} options=${['integer', 'text', 'choice'].map((type) => [type, t(`luar.type.${type}`)])} />
    ${row.type === 'integer' && html`<div class="row"><${TextField} ...${field('least')} optional inputmode="numeric" /><${TextField} ...${field('most')} optional inputmode="numeric" /></div>`}
    ${row.type === 'choice' && html`<${TextField} ...${field('values')} rows="3" hint=${t('luar.field.values.hint')} />`}
    <div class="row"><${Button} kind="quiet" onClick=${onRemove}>${t('luar.fact.remove', { number: index + 1 })}<//></div></fieldset>`;
}

function Refused({ rows }) {
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([refusedCsv(rows)], { type: 'text/csv' }));
    link.download = 'ditolak.csv';
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const columns = [{ label: t('luar.line'), number: true, cell: (row) => row.line }, { label: t('luar.column'), cell: (row) => row.column }, { label: t('luar.value'), cell: (row) => row.value || '–' },
    { label: t('luar.reason'), cell: (row) => html`${row.reason}; <span class="soft">${row.remedy}</span>` }];
  return html`<div class="stack"><${Table} caption=${t('luar.refused')} columns=${columns} rows=${rows.slice(0, SHOWN)} keyOf=${(row) => `${row.line}${row.column}`} />
    ${rows.length > SHOWN && html`<p class="small soft">${t('luar.refused.more', { count: number(rows.length - SHOWN) })}</p>`}<div class="row"><${Button} kind="quiet" onClick=${save}>${t('luar.refused.save')}<//></div></div>`;
}

const Outcome = ({ sum }) => html`<${Figures} items=${[[t('luar.accepted'), number(sum.accepted)], [t('luar.unmatched'), number(sum.unmatched)], [t('luar.not_found'), number(sum.not_found)], [t('luar.refused'), number(sum.refused.length)]]} />
  ${sum.refused.length > 0 && html`<${Refused} rows=${sum.refused} />`}`;

export function FactImport({ onDone }) {
  const [file, setFile] = useState(null);
  const [given, setGiven] = useState({});
  const [state, setState] = useState({});
  const stop = useRef(false);
  const open = async (event) => {
    const chosen = event.target.files[0];
    if (!chosen) return;
    const parsed = parseCsv(await chosen.text());
    setFile(parsed);
    setState({});
    setGiven((old) => ({ source: old.source, edition: old.edition, as_of: old.as_of, ...guess(parsed.columns) }));
  };
  const run = useSubmit(async (key, keep) => {
    const sum = { accepted: 0, unmatched: 0, not_found: 0, refused: [] };
    stop.current = false;
    for (let at = 0; at < file.rows.length && !stop.current; at += PART) {
      setState({ busy: true, done: at, keep });
      const { data } = await api.post(keep ? '/facts' : '/facts/trial', { ...mappingOf(given), columns: file.columns, rows: file.rows.slice(at, at + PART), ...(at > 0 && { continues: true }) }, { key: keep ? undefined : null });
      for (const name of ['accepted', 'unmatched', 'not_found']) sum[name] += data[name];
      sum.refused.push(...data.refused);
    }
    setState({ sum, keep, stopped: stop.current });
    if (keep) onDone();
  });
  const go = async (keep) => { if (await run.submit(keep) === undefined) setState((old) => (old.busy ? {} : old)); };
  const change = (next) => { setGiven(next); setState({}); run.setProblem(null); };
  const field = (name) => ({ pointer: `/${name}`, label: t(`luar.field.${name}`), value: given[name], error: faultAt(run.problem, `/${name}`), onChange: (value) => change({ ...given, [name]: value }) });
  const fact = (index, row) => change({ ...given, facts: given.facts.map((old, i) => (i === index ? row : old)) });
  return html`<${Card} title=${t('luar.import')}><p class="soft">${t('luar.import.text')}</p>
    <div class="field"><label for="luar-file">${t('luar.file')}</label><input id="luar-file" type="file" accept=".csv,text/csv" onChange=${open} /></div>
    ${file && !file.rows.length && html`<${Note} kind="bad" role="alert" title=${t('luar.file.empty')} />`}
    ${file?.rows.length > 0 && html`<p>${t('luar.file.rows', { count: number(file.rows.length), columns: file.columns.length })}</p><${ErrorSummary} problem=${run.problem} names=${nameOf} />
      <${TextField} ...${field('source')} hint=${t('luar.field.source.hint')} autocapitalize="off" /><${TextField} ...${field('edition')} hint=${t('luar.field.edition.hint')} /><${DateField} ...${field('as_of')} hint=${t('luar.field.as_of.hint')} />
      <${SelectField} pointer="/number/column" label=${t('luar.field.number')} value=${given.number.column} empty=${t('choose')} error=${faultAt(run.problem, '/number/column')} options=${file.columns.map((name) => [name, name])} onChange=${(column) => change({ ...given, number: { ...given.number, column } })} />
      <${SelectField} pointer="/number/kind" label=${t('luar.field.kind')} value=${given.number.kind} options=${[['nik', 'NIK'], ['kk', t('luar.kind.kk')]]} onChange=${(kind) => change({ ...given, number: { ...given.number, kind } })} />
      ${given.facts.map((row, index) => html`<${FactRow} key=${index} index=${index} row=${row} columns=${file.columns} problem=${run.problem} onChange=${(next) => fact(index, next)} onRemove=${() => change({ ...given, facts: given.facts.filter((_, i) => i !== index) })} />`)}
      <div class="row"><${Button} onClick=${() => change({ ...given, facts: [...given.facts, { key: '', column: '', type: 'text' }] })}>${t('luar.fact.add')}<//></div>
      <${TextField} ...${field('not_found')} optional rows="2" hint=${t('luar.field.not_found.hint')} />
      ${state.busy && html`<div role="status" class="stack"><${Progress} label=${t(state.keep ? 'luar.keeping' : 'luar.trying')} done=${state.done} total=${file.rows.length} /><div class="row"><${Button} kind="quiet" onClick=${() => { stop.current = true; }}>${t('luar.stop')}<//></div></div>`}
      ${state.sum && html`<${Note} kind=${state.stopped ? 'warn' : state.keep ? 'good' : 'info'} role="status" title=${t(state.stopped ? 'luar.stopped' : state.keep ? 'luar.kept' : 'luar.tried')} /><${Outcome} sum=${state.sum} />`}
      ${state.sum && !state.keep && !state.stopped ? html`<${Confirm} title=${t('luar.keep')} act=${t('luar.keep')} busy=${run.busy} onDone=${() => go(true)} onCancel=${() => setState({})}><p>${t('luar.keep.text')}</p><//>`
        : html`<div class="row"><${Button} kind="main" disabled=${run.busy} onClick=${() => go(false)}>${t('luar.try')}<//></div>`}`}<//>`;
}
