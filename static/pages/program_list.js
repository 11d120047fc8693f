// program_list.js: programs, each with its state, its period and what is left of its budget.
import { html } from '../app/html.js';
import { t, money, number, code, day } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { Page, Link, Card, Table, State, EmptyList, Skeleton, ProblemNote, Pager, usePages } from '../app/parts.js';

export const period = (program) => (program.ends_on ? t('program.period.both', { from: day(program.starts_on), to: day(program.ends_on) }) : t('program.period.open', { from: day(program.starts_on) }));

export default function ProgramListPage() {
  const pages = usePages((after) => api.get('/programs', { after }), []);
  const columns = [
    { label: t('program.one'), cell: (program) => html`<a href=${`/program/${program.id}`}>${program.name}</a><br /><span class="soft small">${program.owner} · ${code('program_category', program.category)}</span>` },
    { label: t('program.period'), cell: (program) => period(program) },
    { label: t('program.enrolled'), number: true, cell: (program) => number(program.enrolled) },
    { label: t('program.budget'), number: true, cell: (program) => (program.budget_minor ? html`${money(program.budget_minor, program.currency)}<br /><span class="soft small">${t('program.left.of', { amount: money(program.left_minor, program.currency) })}</span>` : '–') },
    { label: t('state'), cell: (program) => html`<${State} value=${program.state}>${code('program_state', program.state)}<//>` },
  ];
  const make = can('program.write') && html`<${Link} kind="main" href="/program/baru">${t('program.new')}<//>`;
  return html`<${Page} title=${t('program.many')} lead=${t('program.lead')} actions=${make}>
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />
    ${!pages.items && !pages.problem && html`<${Skeleton} />`}
    ${pages.items?.length === 0 && html`<${EmptyList} title=${t('program.none')}>${t(can('program.write') ? 'program.none.first' : 'program.none.help')}<//>`}
    ${pages.items?.length > 0 && html`<${Card} flush><${Table} caption=${t('program.many')} columns=${columns} rows=${pages.items} keyOf=${(program) => program.id} /><//>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
  <//>`;
}
