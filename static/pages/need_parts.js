// need_parts.js: what the pages of figures by area share: the way down to an area, and tables that stay tables on a phone.
import { html, useEffect } from '../app/html.js';
import { t } from '../app/i18n.js';
import { api } from '../app/api.js';
import { sheet } from '../app/sheet.js';
import { Table, useLoad } from '../app/parts.js';

export const useMapSheet = () => useEffect(() => { sheet('/css/map.css'); }, []);

// Many figures beside each other stay a table on a phone too; what does not fit is scrolled, also with the keys.
export const Compact = ({ caption, ...rest }) => html`<div class="compact" role="region" aria-label=${caption} tabindex="0"><${Table} caption=${caption} ...${rest} /></div>`;

export function Path({ region, hrefOf }) {
  const { data } = useLoad(() => (region ? api.get(`/regions/${region}`).then(({ data: found }) => found, () => null) : Promise.resolve(null)), [region]);
  if (!data) return null;
  const path = data.path?.some((entry) => entry.code === data.code) ? data.path : [...(data.path || []), data];
  return html`<nav class="row small" aria-label=${t('need.path')}><a href=${hrefOf(undefined)}>${t('need.top')}</a>
    ${path.map((entry, i) => html`<span key=${entry.code}>› ${i === path.length - 1 ? html`<b>${entry.name}</b>` : html`<a href=${hrefOf(entry.code)}>${entry.name}</a>`}</span>`)}</nav>`;
}
