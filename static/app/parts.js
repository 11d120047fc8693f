// parts.js: what every page is made of: page, card, state, figures, lists, tables, problems, and loading.
import { html, useState, useEffect, useRef, useCallback, Component } from './html.js';
import { t, has } from './i18n.js';
import { newKey } from './api.js';

export const Link = ({ href, kind = '', children, ...rest }) => html`<a class=${`button ${kind}`} href=${href} ...${rest}>${children}</a>`;

export function Button({ kind = '', busy, type = 'button', children, disabled, ...rest }) {
  return html`<button type=${type} class=${`button ${kind}`} disabled=${disabled || busy} aria-busy=${busy ? 'true' : null} ...${rest}>${busy ? t('busy') : children}</button>`;
}

export function Page({ title, lead, above, back, state, actions, children }) {
  return html`
    <header class="page-head">
      ${back && html`<a class="back" href=${back}>‹ ${t('back')}</a>`}
      <div class="row">
        <div class="grow">${above && html`<p class="soft small">${above}</p>`}<h1 tabindex="-1">${title}</h1></div>
        ${state}
      </div>
      ${lead && html`<p class="lead soft">${lead}</p>`}
      ${actions && html`<div class="row actions">${actions}</div>`}
    </header>
    <div class="stack">${children}</div>`;
}

export const Card = ({ title, actions, children, flush, label }) => html`
  <section class=${`card ${flush ? 'flush' : 'stack'}`} aria-label=${label}>
    ${title && html`<div class="row card-head"><h2>${title}</h2>${actions && html`<div class="push row">${actions}</div>`}</div>`}
    ${children}
  </section>`;

// A state is always a word, a colour and a shape.
const STATE_KINDS = {
  active: 'good', enrolled: 'good', approved: 'good', released: 'good', paid: 'good', eligible: 'good', done: 'good', open: 'info', live: 'good', reconciled: 'good', closed: '',
  draft: '', locked: 'info', in_approval: 'info', pending: 'info', proposed: 'info', validated: 'info', partly_paid: 'warn', waitlisted: 'warn', suspended: 'warn', held: 'warn', undetermined: 'warn',
  refused: 'bad', cancelled: 'bad', failed: 'bad', returned: 'bad', not_eligible: 'bad', exited: '', died: 'bad', left: 'warn', disabled: 'bad', invited: 'info', merged: 'warn', dissolved: 'bad', unsure: 'warn',
};
export const State = ({ kind, value, children }) => html`<span class=${`state ${kind ?? STATE_KINDS[value] ?? ''}`}>${children}</span>`;

export const Note = ({ kind = 'info', title, children, role }) => html`<div class=${`note ${kind}`} role=${role}>${title && html`<b>${title}</b>`}${children}</div>`;

export const Figures = ({ items }) => html`<dl class="figures">${items.filter(Boolean).map(([label, value, small]) => html`
  <div class="figure"><dt>${label}</dt><dd>${value} ${small && html`<small>${small}</small>`}</dd></div>`)}</dl>`;

export const Steps = ({ items }) => html`<ol class="steps">${items.map(({ label, detail, state }) => html`
  <li class=${state} aria-current=${state === 'now' ? 'step' : null}>${label}${detail && html`<small>${detail}</small>`}</li>`)}</ol>`;

export const List = ({ items, children, label }) => html`<ul class="list" aria-label=${label}>${items ? items.map(children) : children}</ul>`;

// Drawn again only for another row or other columns: a list of thousands grows by its new rows alone when its columns stay the same object.
class Row extends Component {
  shouldComponentUpdate(next) { return next.row !== this.props.row || next.columns !== this.props.columns; }
  render({ row, columns, index }) {
    return html`<tr>${columns.map((column) => html`<td class=${`${column.number ? 'n' : ''} ${column.place || ''}`.trim()} data-label=${column.label}><div>${column.cell(row, index)}</div></td>`)}</tr>`;
  }
}

// A table on a desk, stacked rows on a phone: each cell carries its heading. With `brief` (desk.css) a row is a few short lines there, and the column's
// place says where its cell goes: first and second share a line, low is small, far stands at the end, third has a line of its own.
export function Table({ caption, columns, rows, keyOf, brief }) {
  return html`<div class=${brief ? 'table brief' : 'table'}><table>
    <caption class="visually-hidden">${caption}</caption>
    <thead><tr>${columns.map((column) => html`<th scope="col" class=${column.number ? 'n' : ''}>${column.label}</th>`)}</tr></thead>
    <tbody>${rows.map((row, index) => html`<${Row} key=${keyOf ? keyOf(row) : index} row=${row} index=${index} columns=${columns} />`)}</tbody>
  </table></div>`;
}

export const Empty = ({ title, children }) => html`<div class="empty"><b>${title}</b>${children && html`<div class="soft">${children}</div>`}</div>`;

// A list without lines: with a filter it says so and offers to clear it, unless the filter itself does; without one it says what to do first.
export const EmptyList = ({ filtered, onClear, title, children }) => html`<${Card}>${filtered
  ? html`<${Empty} title=${t('list.nohit')}><p>${t('list.nohit.text')}</p>${onClear && html`<${Button} onClick=${onClear}>${t('list.clear')}<//>`}<//>`
  : html`<${Empty} title=${title}>${children}<//>`}<//>`;

export const Skeleton = ({ lines = 4 }) => html`<div class="skeleton" role="status" aria-label=${t('loading')}>${Array.from({ length: lines }, (_, i) => html`<i key=${i}></i>`)}</div>`;

export const Progress = ({ done, total, label }) => html`<div class="stack tight"><div class="row small"><b>${label}</b><span class="push soft">${total ? `${done} / ${total}` : done}</span></div>
  <progress max=${Math.max(total || 0, done, 1)} value=${done} aria-label=${label}></progress></div>`;

// Parts of a whole; widths are set through the DOM property, since the policy refuses style attributes.
export function Bar({ label, parts }) {
  const bar = useRef();
  useEffect(() => { parts.forEach((part, i) => { bar.current.children[i].style.flexGrow = part.value; }); });
  return html`<div class="bar" role="img" aria-label=${label} ref=${bar}>${parts.map((part, i) => html`<i key=${i} class=${part.kind || ''}></i>`)}</div>`;
}

export const Pager = ({ more, busy, onMore }) => more && html`<div class="pager"><${Button} busy=${busy} onClick=${onMore}>${t('more')}<//></div>`;

export function problemText(problem) {
  if (problem.status === 0) return t('problem.offline');
  return problem.detail || (has(`problem.${problem.status}`) ? t(`problem.${problem.status}`) : t('problem.other'));
}

export const ProblemNote = ({ problem, retry }) => problem && html`<div class="note bad" role="alert"><b>${problemText(problem)}</b>
  ${problem.errors?.length > 0 && html`<ul>${problem.errors.map((fault) => html`<li>${fault.detail}</li>`)}</ul>`}
  ${retry && html`<p><${Button} onClick=${retry}>${t('retry')}<//></p>`}</div>`;

// At the top of a form: every fault as a link to its field.
export function ErrorSummary({ problem, names }) {
  const box = useRef();
  useEffect(() => { if (problem) box.current?.focus(); }, [problem]);
  if (!problem) return null;
  return html`<div class="note bad" role="alert" tabindex="-1" ref=${box}><b>${problem.errors?.length ? t('form.faults') : problemText(problem)}</b>
    ${problem.errors?.length > 0 && html`<ul>${problem.errors.map((fault) => html`<li><a href=${`#f${fault.pointer}`} onClick=${(event) => { event.preventDefault(); focusField(fault.pointer); }}>
      ${names?.(fault.pointer) || fault.pointer}: ${fault.detail}</a></li>`)}</ul>`}</div>`;
}

export function focusField(pointer) {
  for (let at = pointer; at; at = at.slice(0, at.lastIndexOf('/'))) {
    const field = document.getElementById(`f${at}`);
    if (field) { field.focus(); field.scrollIntoView({ block: 'center' }); return; }
  }
}

// An act with consequences says them in words, on the page, before it is done.
export function Confirm({ title, children, act, kind = 'main', reason, busy, problem, onDone, onCancel }) {
  const [text, setText] = useState('');
  const box = useRef();
  useEffect(() => { box.current?.focus(); box.current?.scrollIntoView?.({ block: 'nearest' }); }, []);
  return html`<form class="card stack confirm" tabindex="-1" ref=${box} aria-label=${title} onSubmit=${(event) => { event.preventDefault(); onDone(text.trim()); }}>
    <h2>${title}</h2><div class="stack tight">${children}</div>
    <${ProblemNote} problem=${problem} />
    ${reason && html`<div class="field"><label for="confirm-reason">${t('reason')}</label><textarea id="confirm-reason" rows="2" required minlength="3" value=${text} onInput=${(event) => setText(event.target.value)}></textarea></div>`}
    <div class="row"><${Button} type="submit" kind=${kind} busy=${busy}>${act}<//><${Button} kind="quiet" onClick=${onCancel}>${t('cancel')}<//></div>
  </form>`;
}

export function useLoad(load, deps) {
  const [state, setState] = useState({ loading: true });
  const turn = useRef(0);
  const reload = useCallback(() => {
    const mine = ++turn.current;
    setState((old) => ({ ...old, loading: true, problem: null }));
    load().then((data) => mine === turn.current && setState({ data, loading: false }), (problem) => mine === turn.current && setState({ problem, loading: false }));
  }, deps);
  useEffect(reload, deps);
  return { ...state, reload, setData: (data) => setState((old) => ({ ...old, data })) };
}

// One key a form, made when it opens: a double click or a second try is the same operation. A refused form may be corrected and sent again.
export function useSubmit(work) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(null);
  const key = useRef(newKey());
  const submit = async (...given) => {
    if (busy) return undefined;
    setBusy(true);
    setProblem(null);
    try {
      const result = await work(key.current, ...given);
      key.current = newKey();
      return result;
    } catch (failure) {
      if (failure.status === undefined) throw failure;
      if (failure.status === 422 || failure.status === 409) key.current = newKey();
      setProblem(failure);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { submit, busy, problem, setProblem };
}

// A list that grows by pages and keeps what it has. Come back to, it is read again as far as it had been read. Pages may be empty and yet not the last.
const RESTORE_MAX = 1000, EMPTY_MAX = 20;
const reach = new Map();
export function usePages(load, deps) {
  const [items, setItems] = useState(null);
  const [next, setNext] = useState(null);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const turn = useRef(0);
  const place = location.pathname + JSON.stringify(deps);
  const fetchPages = async (after, old, wanted) => {
    const mine = ++turn.current;
    setBusy(true);
    setProblem(null);
    try {
      let all = old, from = after, empty = 0;
      do {
        const { data } = await load(from);
        if (mine !== turn.current) return;
        empty = data.items.length ? 0 : empty + 1;
        all = [...all, ...data.items];
        from = data.next;
      } while (from && (all.length < wanted || (empty && empty < EMPTY_MAX)));
      setItems(all);
      setNext(from);
      reach.set(place, all.length);
    } catch (failure) {
      if (mine === turn.current) setProblem(failure);
    } finally {
      if (mine === turn.current) setBusy(false);
    }
  };
  const reload = () => { setItems(null); fetchPages(undefined, [], Math.min(reach.get(place) || 0, RESTORE_MAX)); };
  useEffect(() => { reload(); return () => { turn.current++; }; }, deps);
  return { items, problem, busy, more: Boolean(next), onMore: () => fetchPages(next, items, items.length + 1), reload };
}
