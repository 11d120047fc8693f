// population.js: how many people lived in a region on a day, by age and sex, as the history tells it.
import { html, useState } from '../app/html.js';
import { t, day, number, today } from '../app/i18n.js';
import { api } from '../app/api.js';
import { useQuery } from '../app/router.js';
import { Page, Button, Card, Empty, Figures, ProblemNote, Skeleton, useLoad } from '../app/parts.js';
import { DateField, NumberField, RegionPicker } from '../app/parts_form.js';
import { Compact, useMapSheet } from './need_parts.js';

const ages = ({ from, to }) => (to === null ? t('population.from', { from }) : from === to ? String(from) : `${from}–${to}`);

function Filter({ query, onShow }) {
  const [form, setForm] = useState({ as_of: query.tanggal || today(), region: query.wilayah, max_age: query.umur && Number(query.umur) });
  const set = (part) => setForm((old) => ({ ...old, ...part }));
  return html`<form class="stack" onSubmit=${(event) => { event.preventDefault(); onShow({ tanggal: form.as_of, wilayah: form.region, umur: form.max_age === undefined ? '' : String(form.max_age) }); }}>
    <${DateField} pointer="/as_of" label=${t('population.day')} hint=${t('population.day.hint')} value=${form.as_of} onChange=${(as_of) => set({ as_of })} />
    <${RegionPicker} pointer="/region" label=${t('region')} optional filter value=${form.region} onChange=${(region) => set({ region })} />
    <${NumberField} pointer="/max_age" label=${t('population.max_age')} optional maxlength="3" value=${form.max_age} onChange=${(max_age) => set({ max_age })} />
    <div><${Button} type="submit" kind="main" disabled=${!form.as_of || form.as_of > today()}>${t('population.show')}<//></div></form>`;
}

function Counts({ data }) {
  const groups = data.groups.filter((group) => group.total > 0);
  const column = (sex) => ({ label: t(`population.${sex}`), number: true, cell: (row) => number(row[sex]) });
  const columns = [{ label: t('population.age'), cell: (row) => (row.sum ? html`<b>${t('population.total')}</b>` : ages(row)) }, column('F'), column('M'), ...(data.sum.X ? [column('X')] : []), column('total')];
  if (!groups.length) return html`<${Card}><${Empty} title=${t('population.none')}><p>${t('population.none.text')}</p><//><//>`;
  return html`<${Card} title=${t('population.on', { day: day(data.as_of) })}><${Figures} items=${[[t('population.total'), number(data.sum.total)], [t('population.F'), number(data.sum.F)], [t('population.M'), number(data.sum.M)]]} />
    <${Compact} caption=${t('population.page')} columns=${columns} rows=${[...groups, { ...data.sum, sum: true, from: -1 }]} keyOf=${(row) => row.from} /><//>`;
}

export default function PopulationPage() {
  const [query, setQuery] = useQuery();
  useMapSheet();
  const counts = useLoad(() => api.get('/reports/population', { as_of: query.tanggal, region: query.wilayah, max_age: query.umur }).then(({ data }) => data), [query.tanggal, query.wilayah, query.umur]);
  return html`<${Page} title=${t('population.page')} lead=${t('population.lead')}><div class="split"><div class="stack">
    <${ProblemNote} problem=${counts.problem} retry=${counts.reload} />${!counts.data && !counts.problem && html`<${Skeleton} lines=${8} />`}
    ${counts.data && html`<${Counts} data=${counts.data} />`}</div><div class="stack"><${Card}><${Filter} query=${query} onShow=${setQuery} /><//></div></div><//>`;
}
