// form_list.js: questionnaires in use: opened, made anew, taken from and given as a workbook.
import { html, useState } from '../app/html.js';
import { t, loadWords } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { navigate } from '../app/router.js';
import { Page, Card, EmptyList, Link, Pager, ProblemNote, Skeleton, Table, usePages } from '../app/parts.js';
import { say } from './score_parts.js';

await loadWords('field');

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

// Faults of a workbook say sheet, row and column; each stands on a line of its own.
function BookFaults({ problem }) {
  if (!problem) return null;
  if (!problem.errors?.length) return html`<${ProblemNote} problem=${problem} />`;
  return html`<div class="note bad" role="alert"><b>${t('form.book.faults')}</b><ul>${problem.errors.map((fault) => html`<li key=${fault.pointer}><b>${fault.pointer}</b>: ${fault.detail}</li>`)}</ul></div>`;
}

export default function FormListPage() {
  const pages = usePages((after) => api.get('/forms', { after }), []);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const take = async (event) => {
    const file = event.target.files[0];
    event.target.value = '';
    if (!file) return;
    setBusy(true);
    setProblem(null);
    try {
      const { data } = await api.upload(`/forms/workbook?name=${encodeURIComponent(file.name.replace(/\.xlsx$/i, ''))}`, file, XLSX);
      navigate(`/formulir/${data.id}`);
    } catch (failure) {
      if (failure.status === undefined) throw failure;
      setProblem(failure);
    } finally {
      setBusy(false);
    }
  };
  const columns = [
    { label: t('form.one'), cell: (form) => html`<a href=${`/formulir/${form.id}`}>${say(form.title) || form.name}</a>` },
    { label: t('form.version'), number: true, cell: (form) => form.version },
    { label: t('form.languages'), cell: (form) => (form.languages || ['id', 'en']).join(', ') },
    { label: t('form.book'), cell: (form) => html`<a href=${`/api/v1/forms/${form.id}/workbook`} download>${t('form.book.get')} <span class="visually-hidden">${say(form.title) || form.name}</span></a>` },
  ];
  const actions = can('program.write') && html`<${Link} kind="main" href="/formulir/baru">${t('form.new')}<//>
    <input id="f/book" class="visually-hidden" type="file" accept=".xlsx" disabled=${busy} onChange=${take} /><label class="button" for="f/book">${t(busy ? 'busy' : 'form.book.take')}</label>`;
  return html`<${Page} title=${t('form.many')} lead=${t('form.lead')} actions=${actions}>
    <${BookFaults} problem=${problem} />
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />
    ${!pages.items && !pages.problem && html`<${Skeleton} />`}
    ${pages.items?.length === 0 && html`<${EmptyList} title=${t('assess.none')} />`}
    ${pages.items?.length > 0 && html`<${Card} flush><${Table} caption=${t('form.many')} columns=${columns} rows=${pages.items} keyOf=${(form) => form.id} /><//>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
  <//>`;
}
