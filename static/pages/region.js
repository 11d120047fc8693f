// region.js: the administrative tree: browse it, and import a file of codes.
import { html } from '../app/html.js';
import { t } from '../app/i18n.js';
import { api } from '../app/api.js';
import { useQuery } from '../app/router.js';
import { Page, Card, List, Skeleton, ProblemNote, EmptyList, Pager, usePages, useLoad } from '../app/parts.js';
import { SearchBox } from '../app/parts_form.js';
import { RegionImport } from './region_import.js';

export default function RegionPage() {
  const [query, set] = useQuery();
  const pages = usePages((after) => api.get('/regions', { parent: query.q ? undefined : query.parent, q: query.q, after, limit: 100 }), [query.parent, query.q]);
  const here = useLoad(() => (query.parent ? api.get(`/regions/${query.parent}`).then(({ data }) => data) : Promise.resolve(null)), [query.parent]);
  return html`<${Page} title=${here.data && query.parent ? here.data.name : t('nav.regions')} lead=${t('region.lead')}>
    <${SearchBox} key=${query.q} label=${t('region.find')} value=${query.q} onSearch=${(q) => set({ q, parent: undefined })} />
    ${query.parent && here.data && html`<nav class="row small" aria-label=${t('region.path')}><a href="/wilayah">${t('region.top')}</a>${(here.data.path || []).map((entry) => html`<span>› <a href=${`/wilayah?parent=${entry.code}`}>${entry.name}</a></span>`)}</nav>`}
    <${ProblemNote} problem=${pages.problem} retry=${pages.reload} />
    ${!pages.items && !pages.problem && html`<${Skeleton} />`}
    ${pages.items?.length === 0 && html`<${EmptyList} filtered=${query.q} onClear=${() => set({ q: undefined })} title=${t('region.none_here')}>${t('region.none_here.help')}<//>`}
    ${pages.items?.length > 0 && html`<${Card} flush><${List} items=${pages.items}>${(region) => html`<li key=${region.code}><div class="grow">${region.has_children ? html`<a href=${`/wilayah?parent=${region.code}`}><b>${region.name}</b></a>` : html`<b>${region.name}</b>`}
      <span class="soft small">${region.code} · ${region.kind}${region.path_text ? ` · ${region.path_text}` : ''}</span></div></li>`}<//><//>`}
    <${Pager} more=${pages.more} busy=${pages.busy} onMore=${pages.onMore} />
    <${RegionImport} reload=${pages.reload} />
  <//>`;
}
