// disbursement_list.js: disbursement records: filters, sums, every line opens; export as a file with its signed manifest.
import { html, useState } from '../app/html.js';
import { t, money, number, code } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can, session } from '../app/session.js';
import { useQuery } from '../app/router.js';
import { Page, Card, Table, State, EmptyList, Skeleton, ProblemNote, Pager, Button, Note, Figures, usePages, useLoad, useSubmit } from '../app/parts.js';
import { SelectField, DateField, TextField } from '../app/parts_form.js';

function Export({ query }) {
  const [period, setPeriod] = useState({});
  const [format, setFormat] = useState('csv');
  const [reason, setReason] = useState('');
  const [manifest, setManifest] = useState(null);
  const { submit, busy, problem } = useSubmit(async () => {
    const search = new URLSearchParams(Object.entries({ ...period, program: query.program, state: query.state, reason }).filter(([, value]) => value));
    const path = `/exports/disbursements.${format}?${search}`;
    const response = await fetch(`/api/v1${path}`, { headers: { 'X-Requested-With': 'lumbung' }, credentials: 'same-origin' });
    if (!response.ok) { await api.get(path); return; }
    const blob = await response.blob();
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `penyaluran.${format}`;
    link.click();
    URL.revokeObjectURL(link.href);
    const id = (response.headers.get('Lumbung-Manifest') || '').split('/').pop();
    if (id) setManifest({ id, ...(await api.get(`/exports/manifests/${id}`)).data });
  });
  const saveManifest = () => {
    const { id, ...body } = manifest;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([JSON.stringify(body)], { type: 'application/json' }));
    link.download = `penyaluran.${format}.manifest.json`;
    link.click();
  };
  return html`<${Card} title=${t('export.title')}><details><summary>${t('export.open')}</summary><form class="stack" onSubmit=${(event) => { event.preventDefault(); submit(); }}>
    <${ProblemNote} problem=${problem} />
    <div class="row"><${DateField} pointer="/from" label=${t('export.from')} optional value=${period.from} onChange=${(from) => setPeriod((old) => ({ ...old, from }))} />
      <${DateField} pointer="/to" label=${t('export.to')} optional value=${period.to} onChange=${(to) => setPeriod((old) => ({ ...old, to }))} /></div>
    <${SelectField} pointer="/format" label=${t('export.format')} value=${format} onChange=${(value) => setFormat(value || 'csv')} options=${[['csv', 'CSV'], ['ndjson', 'NDJSON'], ['xlsx', 'XLSX']]} />
    <${TextField} pointer="/reason" label=${t('export.reason')} hint=${t('export.reason.hint')} optional value=${reason} onChange=${setReason} />
    <div><${Button} type="submit" kind="main" busy=${busy}>${t('export.get')}<//></div></form></details>
    ${manifest && html`<${Note} kind="good" title=${t('export.done')}><${Figures} items=${[[t('export.rows'), number(manifest.rows ?? manifest.row_count)]]} />
      <p><code>${manifest.sha256 || manifest.digest || ''}</code></p><p>${t('export.verify')}</p><${Button} onClick=${saveManifest}>${t('export.manifest')}<//><//>`}<//>`;
}

// The list is filtered by batch, not by program: a program's released batches are read one after the other,
// so that nothing is missed and "none" is only said when there is none. The place to go on is [batch, its own place].
async function programPage(program, state, after) {
  const batches = (await api.all('/batches', { program })).filter((batch) => batch.released_at);
  let [at, inner] = after ? JSON.parse(after) : [0, null];
  while (at < batches.length) {
    const { data } = await api.get('/disbursements', { batch: batches[at].id, state, after: inner });
    [at, inner] = data.next ? [at, data.next] : [at + 1, null];
    if (data.items.length) return { data: { items: data.items, next: at < batches.length ? JSON.stringify([at, inner]) : null } };
  }
  return { data: { items: [], next: null } };
}

export default function DisbursementListPage() {
  const [query, set] = useQuery();
  const programs = useLoad(() => api.get('/programs', { limit: 200 }).then(({ data }) => data.items), []);
  const batches = useLoad(() => api.get('/batches', { limit: 200, program: query.program }).then(({ data }) => data.items.filter((batch) => batch.released_at)), [query.program]);
  const pages = usePages((after) => (query.program && !query.batch ? programPage(query.program, query.state, after)
    : api.get('/disbursements', { batch: query.batch, state: query.state, after })), [query.program, query.batch, query.state]);
  const rows = pages.items;
  const sum = (name) => (rows || []).reduce((total, row) => total + row[name], 0);
  const columns = [
    { label: t('batch.payee'), cell: (row) => html`<a href=${`/penyaluran/${row.id}`}>${row.payee || t('unknown')}</a><br /><span class="soft small">${row.region_name}${row.rt ? ` · RT ${row.rt}` : ''}</span>` },
    { label: t('record.reference'), cell: (row) => html`<code>${row.reference}</code>` },
    { label: t('amount'), number: true, cell: (row) => (row.amount_minor ? money(row.amount_minor, row.currency) : row.parts.map((part) => `${number(part.quantity)} ${part.item}`).join(', ')) },
    { label: t('record.received'), number: true, cell: (row) => money(row.received_minor, row.currency) },
    { label: t('state'), cell: (row) => html`<${State} value=${row.state}>${code('disbursement_state', row.state)}<//>` },
  ];
  return html`<${Page} title=${t('record.many')} lead=${session().demo ? t('demo') : t('record.lead')}>
    <div class="row filters noprint">
      <${SelectField} pointer="/program" label=${t('batch.program')} empty=${t('all')} value=${query.program} onChange=${(program) => set({ program, batch: undefined })} options=${(programs.data || []).map((program) => [program.id, program.name])} />
      <${SelectField} pointer="/batch" label=${t('batch.one')} empty=${t('all')} value=${query.batch} onChange=${(batch) => set({ batch })} options=${(batches.data || []).map((batch) => [batch.id, `${batch.program}, ${batch.cycle}${batch.region_name ? `, ${batch.region_name}` : ''}`])} />
      <${SelectField} pointer="/state" label=${t('state')} empty=${t('all')} value=${query.state} onChange=${(state) => set({ state })} list="disbursement_state" /></div>
    ${can('export.personal') && html`<${Export} query=${query} />`}
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />
    ${!rows && !pages.problem && html`<${Skeleton} />`}
    ${rows && rows.length === 0 && html`<${EmptyList} filtered=${query.program || query.batch || query.state} onClear=${() => set({ program: undefined, batch: undefined, state: undefined })} title=${t('record.none')}>${t('record.none.help')}<//>`}
    ${rows && rows.length > 0 && html`<${Card}><${Figures} items=${[[t('record.shown'), number(rows.length) + (pages.more ? '+' : '')], [t('amount'), money(sum('amount_minor'))], [t('record.received'), money(sum('received_minor'))], [t('record.open'), money(sum('open_minor'))]]} /><//>
      <${Card} flush><${Table} caption=${t('record.many')} columns=${columns} rows=${rows} keyOf=${(row) => row.id} /><//>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
  <//>`;
}
