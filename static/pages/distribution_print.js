// distribution_print.js: the list of a distribution on paper: by RT, a box for each signature, heads on every sheet.
import { html } from '../app/html.js';
import { t, day, today, money, number } from '../app/i18n.js';
import { useQuery } from '../app/router.js';
import { session } from '../app/session.js';
import { Page, Button, ProblemNote, Skeleton, useLoad } from '../app/parts.js';
import { loadDistribution, groups, dueText, isDone, balance } from './distribution_lines.js';
import { sheet } from '../app/sheet.js';

await sheet('/css/field.css');

export default function DistributionPrintPage({ batch }) {
  const [query] = useQuery();
  const load = useLoad(() => loadDistribution(batch, query.wilayah), [batch, query.wilayah]);
  if (load.problem) return html`<${Page} title=${t('print.title')} back=${`/salur/${batch}`}><${ProblemNote} problem=${load.problem} retry=${load.reload} /><//>`;
  if (!load.data) return html`<${Page} title=${t('print.title')} back=${`/salur/${batch}`}><${Skeleton} lines=${8} /><//>`;
  const { lines, title, cycle, currency } = load.data;
  const sum = balance(lines);
  let no = 0;
  return html`<${Page} title=${title} above=${`${cycle} · ${t('print.title')}`} back=${`/salur/${batch}`} lead=${t('print.lead', { count: number(lines.length), total: [sum.total ? money(sum.total, currency) : null, ...sum.goods.map(([item, entry]) => `${number(entry.total)} ${item}`)].filter(Boolean).join(' + '), day: day(today()), name: session().user.name })}
    actions=${html`<${Button} kind="main" onClick=${() => window.print()}>${t('print')}<//>`}>
    <div class="table"><table class="paper-list"><caption class="visually-hidden">${t('print.title')}</caption>
      <thead><tr><th scope="col" class="n">${t('print.no')}</th><th scope="col">${t('print.payee')}</th><th scope="col">${t('print.due')}</th><th scope="col">${t('print.collector')}</th><th scope="col">${t('print.signature')}</th></tr></thead>
      ${groups(lines).map(([name, members]) => html`<tbody key=${name}><tr class="group"><th colspan="5" scope="rowgroup">${name}</th></tr>${members.map((line) => html`<tr key=${line.id}><td class="n" data-label=${t('print.no')}>${++no}</td><td data-label=${t('print.payee')}><b>${line.payee}</b><br /><span class="small soft reference">${line.reference}</span></td><td data-label=${t('print.due')}>${dueText(line)}</td>
        <td data-label=${t('print.collector')}></td><td class="signature" data-label=${t('print.signature')}>${isDone(line) ? t('print.already') : ''}</td></tr>`)}</tbody>`)}</table></div>
    <div class="signers"><p>${t('print.officer')}</p><p>${t('print.witness')}</p><p>${t('print.head')}</p></div>
  <//>`;
}
