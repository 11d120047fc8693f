// quality.js: how good the data are: by check, by area down to the village, by officer; every figure opens its households.
import { html } from '../app/html.js';
import { t, number, code, codes } from '../app/i18n.js';
import { api } from '../app/api.js';
import { useQuery } from '../app/router.js';
import { Page, Card, Empty, Figures, Skeleton, ProblemNote, useLoad } from '../app/parts.js';
import { Compact, Path, useMapSheet } from './need_parts.js';

const listHref = (query) => `/mutu/keluarga?${new URLSearchParams(Object.entries(query).filter(([, value]) => value))}`;
const Opens = ({ count, ...query }) => (count === 0 ? '0' : html`<a href=${listHref(query)}>${number(count)}</a>`);

const dimensionColumns = (filter) => codes('quality_dimension').map((entry) => ({ label: code('quality_dimension', entry.code), number: true,
  cell: (row) => html`<${Opens} count=${row.dimensions[entry.code]} check=${entry.code} ...${filter(row)} />` }));

export default function QualityPage() {
  const [query] = useQuery();
  useMapSheet();
  const load = useLoad(() => api.get('/quality', { region: query.region }).then(({ data }) => data), [query.region]);
  const { data } = load, region = query.region ?? data?.region;
  const hrefOf = (place) => (place ? `/mutu?region=${place}` : '/mutu');
  const area = { label: t('region'), cell: (row) => (row.has_children ? html`<a href=${hrefOf(row.code)}>${row.name}</a>` : row.name) };
  const all = { label: t('quality.households'), number: true, cell: (row) => number(row.households) };
  const officer = { label: t('quality.officer'), cell: (row) => row.name || t('quality.officer.none') };
  const check = { label: t('quality.check'), cell: (row) => code('quality_check', row.check) };
  return html`<${Page} title=${t('quality.title')} lead=${t('quality.lead')}>
    <${Path} region=${region} hrefOf=${hrefOf} />
    <${ProblemNote} problem=${load.problem} retry=${load.reload} />
    ${!data && !load.problem && html`<${Skeleton} lines=${8} />`}
    ${data && data.total.households === 0 && html`<${Card}><${Empty} title=${t('quality.empty')}>${t('quality.empty.text')}<//><//>`}
    ${data && data.total.households > 0 && html`
      <${Card}><${Figures} items=${[[t('quality.households'), number(data.total.households)], [t('quality.faulty'), html`<${Opens} count=${data.total.faulty} region=${region} />`],
        [t('quality.clean'), `${number(Math.round((100 * (data.total.households - data.total.faulty)) / data.total.households))}%`]]} /><//>
      <${Card} title=${t('quality.by_check')} flush><${Compact} caption=${t('quality.by_check')} rows=${data.checks} keyOf=${(row) => row.check} columns=${[check,
        { label: t('quality.dimension'), cell: (row) => code('quality_dimension', row.dimension) },
        { label: t('quality.households'), number: true, cell: (row) => html`<${Opens} count=${row.households} check=${row.check} region=${region} />` }]} /><//>
      ${data.items.length > 0 && html`<${Card} title=${t('quality.by_region')} flush><${Compact} caption=${t('quality.by_region')} rows=${data.items.filter((row) => row.households > 0)} keyOf=${(row) => row.code}
        columns=${[area, ...dimensionColumns((row) => ({ region: row.code })), all]} /><//>`}
      <${Card} title=${t('quality.by_officer')} flush><${Compact} caption=${t('quality.by_officer')} rows=${data.officers} keyOf=${(row) => row.id ?? 'none'}
        columns=${[officer, ...dimensionColumns((row) => ({ region, officer: row.id })), all]} /><//>`}
  <//>`;
}
