// need.js: the needs map: need, coverage and gap of an area, of those below it and of groups of persons, on a day and against an earlier one; the same figures as a file.
import { html, useEffect } from '../app/html.js';
import { t, number, day, code, codes } from '../app/i18n.js';
import { api } from '../app/api.js';
import { useQuery } from '../app/router.js';
import { Page, Card, Note, Empty, Figures, Skeleton, ProblemNote, useLoad } from '../app/parts.js';
import { Field, DateField } from '../app/parts_form.js';
import { Compact, Path, useMapSheet } from './need_parts.js';
import { Map, Hatch, Legend, Swatch } from './need_map.js';
import { MEASURES, classEnds, classOf, percent, written } from './need_figures.js';

const DEFAULTS = { category: 'food', group: 'households', measure: 'need_share' };

function Choice({ name, label, value, options, onChange }) {
  const id = `f/${name}`;
  return html`<${Field} id=${id} label=${label}><select id=${id} value=${value} onChange=${(event) => onChange(event.target.value)}>
    ${options.map(([word, text]) => html`<option key=${word} value=${word} selected=${word === value}>${text}</option>`)}</select><//>`;
}

const titled = (text) => text[0].toUpperCase() + text.slice(1);
const listed = (name) => codes(name).map((entry) => [entry.code, code(name, entry.code)]);

function Filters({ asked, query, set }) {
  return html`<div class="noprint stack tight"><div class="row filters tall">
      <${Choice} name="category" label=${t('need.category')} value=${asked.category} options=${listed('need_category')} onChange=${(category) => set({ category })} />
      <${Choice} name="group" label=${t('need.group')} value=${asked.group} options=${listed('need_group')} onChange=${(group) => set({ group })} />
      <${Choice} name="measure" label=${t('need.measure')} value=${asked.measure} options=${Object.keys(MEASURES).map((word) => [word, t(`need.measure.${word}`)])} onChange=${(measure) => set({ measure })} /></div>
    <details open=${Boolean(query.as_of || query.since)}><summary>${t('need.days')}</summary><div class="row filters top-aligned">
      <${DateField} pointer="/as_of" label=${t('need.as_of')} optional value=${query.as_of} onChange=${(as_of) => set({ as_of })} />
      <${DateField} pointer="/since" label=${t('need.since')} optional value=${query.since} onChange=${(since) => set({ since })} /></div></details></div>`;
}

const hidden = (value) => (value === null ? html`<span title=${t('need.hidden')}>•<span class="visually-hidden">${t('need.hidden')}</span></span>` : number(value));

// Less need or gap is no better or worse by itself: the arrow only says which way.
function Change({ now, before }) {
  if (now === null || before === null || now === undefined || before === undefined) return '–';
  const delta = now - before;
  return delta === 0 ? '0' : html`<span class=${delta > 0 ? 'delta-up' : 'delta-down'}>${delta > 0 ? '+' : '−'}${number(Math.abs(delta))}</span>`;
}

const shareOf = (line) => percent(MEASURES.need_share(line));

function columns(first, since) {
  return [first,
    { label: t('need.need'), number: true, cell: (line) => html`${hidden(line.need)} <span class="soft small">${shareOf(line)}</span>` },
    { label: t('need.covered'), number: true, cell: (line) => hidden(line.covered) },
    { label: t('need.gap'), number: true, cell: (line) => html`<b>${hidden(line.gap)}</b>` },
    since && { label: t('need.change', { day: day(since, { day: 'numeric', month: 'short', year: '2-digit' }) }), number: true, cell: (line) => html`<${Change} now=${line.gap} before=${line.before?.gap} />` },
    { label: t('need.assessed'), number: true, cell: (line) => hidden(line.assessed) },
  ].filter(Boolean);
}

function Areas({ data, shapes, asked, hrefOf }) {
  const { measure } = asked, lines = data.items, ends = classEnds(measure, lines);
  const said = (line) => t('need.said', { name: line.region.name, measure: t(`need.measure.${measure}`), value: MEASURES[measure](line) === null ? t('need.none') : written(measure, MEASURES[measure](line)),
    need: line.need === null ? '•' : number(line.need), covered: line.covered === null ? '•' : number(line.covered), gap: line.gap === null ? '•' : number(line.gap) });
  const name = { label: t('region'), cell: (line) => html`<${Swatch} kind=${classOf(MEASURES[measure](line), ends)} />${line.own ? t('need.own', { name: line.region.name }) : html`<a href=${hrefOf(line.region.code)}>${line.region.name}</a>`}` };
  const label = titled(`${code('need_category', asked.category)}, ${t(`need.measure.${measure}`)}`);
  const drawn = shapes?.items.length > 0, sketch = drawn && shapes.items.some((shape) => shape.source === 'sketch');
  if (lines.length === 0) return html`<${Note} title=${t('need.lowest')}>${t('need.lowest.text')}<//>`;
  return html`<div class=${drawn ? 'split map-split' : ''}>
    <svg class="visually-hidden" width="0" height="0" aria-hidden="true"><${Hatch} /></svg>
    ${drawn && html`<${Card} title=${label}><${Legend} measure=${measure} ends=${ends} hides=${data.small_hidden} />
      <${Map} shapes=${shapes} lines=${lines.filter((line) => !line.own)} measure=${measure} ends=${ends} label=${label} said=${said} hrefOf=${hrefOf} />
      ${sketch && html`<p class="small soft">${t('need.sketch')}</p>`}<//>`}
    <div class="stack">${!drawn && shapes && html`<${Card} title=${label}><${Legend} measure=${measure} ends=${ends} hides=${data.small_hidden} /><p class="small soft">${t('need.no_shapes')}</p><//>`}
      <${Card} flush><${Compact} caption=${label} columns=${columns(name, data.since)} rows=${lines} keyOf=${(line) => line.region.code + line.own} /><//></div></div>`;
}

function Here({ data, asked, set }) {
  const all = data.total.filter((line) => line.group === asked.group), own = all.find((line) => line.category === asked.category);
  const groups = data.total.filter((line) => line.category === asked.category);
  if (!own) return null;
  const text = (value) => (value === null ? '•' : number(value));
  const category = { label: t('need.category'), cell: (line) => html`<button type="button" class="button quiet" aria-pressed=${line.category === asked.category ? 'true' : 'false'} onClick=${() => set({ category: line.category })}>${code('need_category', line.category)}</button>` };
  const group = { label: t('need.group'), cell: (line) => code('need_group', line.group) };
  return html`<${Card} title=${titled(`${code('need_category', asked.category)}, ${code('need_group', asked.group)}`)}><${Figures} items=${[[t('need.assessed'), text(own.assessed), own.people === null ? null : t('need.of', { count: number(own.people) })],
      [t('need.need'), text(own.need), shareOf(own)], [t('need.covered'), text(own.covered), percent(MEASURES.cover_share(own))], [t('need.gap'), text(own.gap), percent(MEASURES.gap_share(own))]]} />
      ${own.weighted && html`<p class="small soft">${t('need.weighted', { need: text(own.weighted.need), covered: text(own.weighted.covered), gap: text(own.weighted.gap) })}</p>`}<//>
    <${Card} title=${t('need.by_category')} flush><${Compact} caption=${t('need.by_category')} columns=${columns(category, data.since)} rows=${all} keyOf=${(line) => line.category} /><//>
    <${Card} title=${t('need.by_group')} flush><${Compact} caption=${t('need.by_group')} columns=${columns(group, data.since)} rows=${groups} keyOf=${(line) => line.group} /><//>`;
}

export default function NeedPage() {
  const [query, set] = useQuery();
  const asked = { ...DEFAULTS, ...Object.fromEntries(Object.keys(DEFAULTS).filter((name) => query[name]).map((name) => [name, query[name]])) };
  if (!MEASURES[asked.measure]) asked.measure = DEFAULTS.measure;
  const sent = { region: query.region, group: asked.group, as_of: query.as_of, since: query.since };
  useMapSheet();
  // All categories come at once: choosing another asks for nothing.
  const load = useLoad(() => api.get('/needs', sent).then(({ data }) => data), [JSON.stringify(sent)]);
  const at = query.region ?? load.data?.region?.code;
  const shapes = useLoad(() => (load.data ? api.get('/shapes', { region: at }).then(({ data }) => data) : Promise.resolve(null)), [at, Boolean(load.data)]);
  useEffect(() => { if (query.region) document.querySelector('main h1')?.focus({ preventScroll: true }); }, [query.region]);
  const hrefOf = (region) => `/kebutuhan?${new URLSearchParams(Object.entries({ ...query, region }).filter(([, value]) => value !== undefined))}`;
  const file = `/api/v1/exports/needs.csv?${new URLSearchParams(Object.entries({ ...sent, category: asked.category }).filter(([, value]) => value))}`;
  const { data } = load;
  const empty = data && data.total.every((line) => line.people === 0);
  return html`<${Page} title=${t('need.title')} lead=${data ? t(data.small_hidden ? 'need.lead.hidden' : 'need.lead', { day: day(data.as_of) }) : null}
      actions=${data && !empty && html`<a class="button" href=${file} download>${t('need.file')}</a>`}>
    <${Path} region=${at} hrefOf=${hrefOf} />
    <${Filters} asked=${asked} query=${query} set=${set} />
    <${ProblemNote} problem=${load.problem} retry=${load.reload} />
    ${!data && !load.problem && html`<${Skeleton} lines=${8} />`}
    ${empty && html`<${Card}><${Empty} title=${t('need.empty')}>${t('need.empty.text')}<//><//>`}
    ${data && !empty && html`<${Areas} data=${{ ...data, items: data.items.filter((line) => line.category === asked.category) }} shapes=${shapes.data} asked=${asked} hrefOf=${hrefOf} />
      <${Here} data=${data} asked=${asked} set=${set} />`}
  <//>`;
}
