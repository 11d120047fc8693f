// household_choose.js: find one household by name or number, for a check or an enrollment.
import { html, useState } from '../app/html.js';
import { t } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Button, List, Empty, ProblemNote } from '../app/parts.js';
import { SearchBox } from '../app/parts_form.js';

const placeOf = (hit) => [hit.region_name, hit.hamlet, hit.rw && `RW ${hit.rw}`, hit.rt && `RT ${hit.rt}`].filter(Boolean).join(' · ');

export function HouseholdChoose({ onChoose }) {
  const [hits, setHits] = useState(null);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const search = async (text) => {
    if (!text) return;
    setProblem(null);
    setBusy(true);
    const digits = text.replace(/[\s.-]/g, '');
    try {
      setHits((await api.post('/households/search', /^\d{16}$/.test(digits) ? { nik: digits } : { q: text }, { key: null })).data.items);
    } catch (failure) {
      if (failure.status === undefined) throw failure;
      setProblem(failure);
    } finally {
      setBusy(false);
    }
  };
  return html`<div class="stack"><${SearchBox} label=${t('choose.household')} hint=${t('home.search.hint')} onSearch=${search} busy=${busy} /><${ProblemNote} problem=${problem} />
    ${hits && (hits.length ? html`<${List} items=${hits} label=${t('choose.household')}>${(hit) => html`<li key=${hit.id}><div class="grow"><b>${hit.head}</b><span class="soft small">${placeOf(hit)}</span></div><${Button} onClick=${() => onChoose(hit)}>${t('choose')}<//></li>`}<//>`
      : html`<${Empty} title=${t('choose.household.none')} />`)}</div>`;
}
