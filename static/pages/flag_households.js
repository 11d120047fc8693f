// flag_households.js: the households of a region that bear a flag today.
import { html } from '../app/html.js';
import { t, number } from '../app/i18n.js';
import { api } from '../app/api.js';
import { useQuery } from '../app/router.js';
import { Page, Card, EmptyList, List, Pager, ProblemNote, Skeleton, useLoad, usePages } from '../app/parts.js';
import { RegionPicker } from '../app/parts_form.js';
import { Download } from '../app/download.js';
import { flagName } from './flag_words.js';

export default function FlagHouseholdsPage({ name }) {
  const [query, setQuery] = useQuery();
  const flags = useLoad(() => api.get('/flags').then(({ data }) => data.items), []);
  const pages = usePages((after) => api.get('/households', { flag: name, region: query.wilayah, after }), [name, query.wilayah]);
  const flag = flags.data?.find((entry) => entry.name === name) || { name };
  return html`<${Page} title=${flagName(flag)} lead=${t('tanda.today')} back=${`/tanda${query.wilayah ? `?wilayah=${query.wilayah}` : ''}`}>
    <${Card}><${RegionPicker} pointer="/region" label=${t('region')} value=${query.wilayah} filter optional onChange=${(wilayah) => setQuery({ wilayah })} /><//>
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />${!pages.items && !pages.problem && html`<${Skeleton} />`}
    ${pages.items?.length === 0 && html`<${EmptyList} filtered title=${t('tanda.none')} />`}
    ${pages.items?.length > 0 && html`<${Card} flush><${List} label=${flagName(flag)} items=${pages.items}>${(row) => html`<li key=${row.id}><a class="item" href=${`/keluarga/${row.id}`}><div class="grow"><b>${row.head}</b><span class="soft small">${[row.region_name, row.hamlet, row.rw && `RW ${row.rw}`, row.rt && `RT ${row.rt}`, t('tanda.people', { count: number(row.member_count) })].filter(Boolean).join(' · ')}</span></div><span aria-hidden="true">›</span></a></li>`}<//><//>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
    <${Download} path="/households" query=${{ flag: name, region: query.wilayah }} items=${pages.items} name=${`tanda-${name}`} without=${['version']} /><//>`;
}
