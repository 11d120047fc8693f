// region.js: the administrative tree: browse it, and import a file of codes.
import { html, useState } from '../app/html.js';
import { t, number } from '../app/i18n.js';
import { api } from '../app/api.js';
import { useQuery } from '../app/router.js';
import { Page, Card, Button, List, Note, Skeleton, ProblemNote, EmptyList, Pager, usePages, useLoad, useSubmit } from '../app/parts.js';
import { SearchBox } from '../app/parts_form.js';

function Import({ reload }) {
  const [file, setFile] = useState(null);
  const [rows, setRows] = useState(null);
  const { submit, busy, problem } = useSubmit(async () => {
    const { data } = await api.upload('/regions/import', await file.text(), 'text/csv');
    setRows(data.rows ?? data.imported ?? 0);
    reload();
  });
  return html`<${Card} title=${t('region.import')}><p class="soft">${t('region.import.text')} <code>code,parent,level,kind,name</code></p>
    <${ProblemNote} problem=${problem} />${rows !== null && html`<${Note} kind="good" role="status" title=${t('region.imported', { rows: number(rows) })} />`}
    <form class="row" onSubmit=${(event) => { event.preventDefault(); submit(); }}><div class="field grow"><label for="regions">${t('region.file')}</label><input id="regions" type="file" accept=".csv" required onChange=${(event) => setFile(event.target.files[0])} /></div>
      <${Button} type="submit" kind="main" busy=${busy} disabled=${!file}>${t('region.import')}<//></form><//>`;
}

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
    <${Import} reload=${pages.reload} />
  <//>`;
}
