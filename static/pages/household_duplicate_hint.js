// household_duplicate_hint.js: who is already registered under the same number, phone, or name and birth date, beside the field that asks.
import { html, useState, useEffect } from '../app/html.js';
import { t } from '../app/i18n.js';
import { api } from '../app/api.js';
import { phoneSpellings, place } from './household_words.js';

const PAUSE_MS = 500;

export function DuplicateHint({ query }) {
  const [hits, setHits] = useState([]);
  const text = query ? JSON.stringify(query) : '';
  useEffect(() => {
    setHits([]);
    if (!text) return undefined;
    let live = true;
    const timer = setTimeout(() => {
      const asked = query.phone ? phoneSpellings(query.phone).map((phone) => ({ phone })) : [query];
      Promise.all(asked.map((body) => api.post('/households/search', body, { key: null }))).then((answers) => {
        const all = answers.flatMap(({ data }) => data.items);
        if (live) setHits(all.filter((hit, i) => all.findIndex((other) => other.id === hit.id) === i).slice(0, 3));
      }, () => {});
    }, PAUSE_MS);
    return () => { live = false; clearTimeout(timer); };
  }, [text]);
  return html`<div role="status" class=${hits.length ? 'note warn' : ''}>${hits.length > 0 && html`<b>${t('duplicate.maybe')}</b>
    <ul>${hits.map((hit) => html`<li key=${hit.id}><a href=${`/keluarga/${hit.id}`} target="_blank">${hit.matched_member || hit.head}</a>, ${place(hit)}</li>`)}</ul>
    <p class="small">${t('duplicate.maybe.text')}</p>`}</div>`;
}
