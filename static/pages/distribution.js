// distribution.js: the day of distribution: the list by RT, who came, what is left; one line opens to be received, marked or undone.
import { html, useState, useEffect, useRef } from '../app/html.js';
import { t, code, money, number, clock } from '../app/i18n.js';
import { api } from '../app/api.js';
import { useQuery, navigate } from '../app/router.js';
import { Page, Bar, Button, Card, Empty, Link, List, Note, ProblemNote, Skeleton, State, useLoad } from '../app/parts.js';
import { RegionPicker } from '../app/parts_form.js';
import { loadDistribution, groups, isOpen, isDone, balance, dueText, openText, LINES_MAX } from './distribution_lines.js';
import { initials } from './household_words.js';
import { Line } from './distribution_line.js';
import { useHeading } from '../app/heading.js';
import { sheet } from '../app/sheet.js';

await sheet('/css/field.css');

const fold = (text) => (text || '').normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const FILTERS = ['open', 'done', 'all'];

function Balance({ lines, currency }) {
  const left = balance(lines);
  const done = lines.filter(isDone).length, open = lines.filter(isOpen).length;
  return html`<div class="stack tight"><div class="row small spread"><b role="status">${t('distribute.progress', { done: number(done), total: number(lines.length) })}</b>
    <span class="soft">${t('distribute.left', { left: [left.total ? money(left.minor, currency) : null, ...left.goods.map(([item, sum]) => `${number(sum.open)} ${item}`)].filter(Boolean).join(' + ') || '0' })}</span></div>
    <${Bar} label=${t('distribute.bar', { done, open, other: lines.length - done - open })} parts=${[{ value: done }, { value: lines.length - done - open, kind: 'bad' }, { value: open, kind: 'open' }]} /></div>`;
}

function Row({ line, onOpen }) {
  const receipt = [...(line.receipts || [])].reverse().find((entry) => entry.kind === 'receipt' && !entry.reversed);
  const last = line.attempts?.at(-1);
  const small = [isOpen(line) ? openText(line) : dueText(line), receipt?.received_by === 'collector' && t('distribute.collected'), line.guardian && t('distribute.guardian')].filter(Boolean).join(' · ');
  return html`<li><span class="avatar" aria-hidden="true">${initials(line.payee)}</span><div class="grow"><b>${line.payee}</b><span class="soft small">${small}</span>${isOpen(line) && last && html`<span class="small"><${State} kind="warn">${code('attempt_outcome', last.outcome)}<//></span>`}</div>
    ${isOpen(line) ? html`<${Button} id=${`line-${line.id}`} onClick=${onOpen}>${t('distribute.receive')}<span class="visually-hidden"> ${line.payee}</span><//>`
      : html`<button type="button" id=${`line-${line.id}`} class="button quiet" onClick=${onOpen}><${State} value=${line.state}>${isDone(line) && receipt ? clock(receipt.at) : code('disbursement_state', line.state)}<//><span class="visually-hidden"> ${line.payee}</span></button>`}</li>`;
}

export default function DistributionPage({ batch }) {
  const [query, setQuery] = useQuery();
  const load = useLoad(() => loadDistribution(batch, query.wilayah), [batch, query.wilayah]);
  const [text, setText] = useState('');
  const [said, setSaid] = useState(null);
  const from = useRef(null);
  const chosen = query.baris;
  const one = chosen && load.data?.lines.find((entry) => entry.id === chosen);
  useHeading(load.data && (one?.payee || load.data.title), chosen || '');
  // Back from a line: the eye and the keyboard are where they were.
  useEffect(() => {
    if (chosen) { from.current = chosen; return; }
    const button = from.current && document.getElementById(`line-${from.current}`);
    if (button) requestAnimationFrame(() => { button.scrollIntoView({ block: 'center' }); button.focus({ preventScroll: true }); });
  }, [chosen]);
  if (load.problem) return html`<${Page} title=${t('distribute.title')} back="/salur"><${ProblemNote} problem=${load.problem} retry=${load.reload} /><//>`;
  if (!load.data) return html`<${Page} title=${t('distribute.title')} back="/salur"><${Skeleton} lines=${8} /><//>`;
  const { lines, title, cycle, currency } = load.data;
  const put = (fresh) => load.setData({ ...load.data, lines: lines.map((entry) => (entry.id === fresh.id ? { ...entry, ...fresh } : entry)) });
  if (one) return html`<${Line} key=${one.id} line=${one} title=${title} onChange=${put} onDone=${(fresh, message) => { if (fresh) put(fresh); setSaid(message && { text: message, id: one.id }); navigate(`/salur/${batch}${query.wilayah ? `?wilayah=${query.wilayah}` : ''}`); }} back=${`/salur/${batch}`} />`;
  const filter = FILTERS.includes(query.tampil) ? query.tampil : 'open';
  const wanted = fold(text);
  const found = lines.filter((entry) => (wanted ? fold(`${entry.payee} ${entry.reference} rt ${entry.rt} ${entry.hamlet}`).includes(wanted) : filter === 'all' || (filter === 'open' ? isOpen(entry) : !isOpen(entry))));
  return html`<${Page} title=${title} above=${cycle} back="/salur" actions=${html`<${Link} href=${`/salur/${batch}/cetak`}>${t('distribute.print')}<//>`}>
    ${lines.length === LINES_MAX && html`<${Note} kind="warn" title=${t('distribute.many', { count: number(LINES_MAX) })}><${RegionPicker} pointer="/region" label=${t('field.region')} value=${query.wilayah} onChange=${(wilayah) => setQuery({ wilayah })} /><//>`}
    ${said && html`<${Note} kind="good" role="status"><p>${said.text}</p><p><a href=${`?baris=${said.id}`}>${t('distribute.see')}</a></p><//>`}
    <${Balance} lines=${lines} currency=${currency} />
    <div class="field"><label for="f/find">${t('distribute.find')}</label><input id="f/find" type="search" autocomplete="off" value=${text} onInput=${(event) => setText(event.target.value)} /></div>
    <div class="row" role="group" aria-label=${t('distribute.show')}>${FILTERS.map((name) => html`<${Button} key=${name} kind=${!wanted && filter === name ? 'chosen' : 'quiet'} aria-pressed=${!wanted && filter === name ? 'true' : 'false'} onClick=${() => { setText(''); setQuery({ tampil: name === 'open' ? '' : name }); }}>${t(`distribute.show.${name}`)}<//>`)}</div>
    ${found.length === 0 && html`<${Card}><${Empty} title=${t(wanted ? 'distribute.find.none' : lines.length ? `distribute.empty.${filter}` : 'distribute.empty.list')}>${(wanted || (query.wilayah && !lines.length)) && html`<${Button} onClick=${() => { setText(''); setQuery({ wilayah: undefined }); }}>${t('list.clear')}<//>`}<//><//>`}
    ${groups(found).map(([name, members]) => html`<section class="card flush" key=${name}><div class="row nowrap card-head"><h2 class="grow">${name}</h2><span class="soft small">${t('distribute.group', { done: members.filter((entry) => !isOpen(entry)).length, total: members.length })}</span></div>
      <${List} items=${members}>${(entry) => html`<${Row} key=${entry.id} line=${entry} onOpen=${() => navigate(`/salur/${batch}?${new URLSearchParams({ ...query, baris: entry.id })}`)} />`}<//></section>`)}
  <//>`;
}
