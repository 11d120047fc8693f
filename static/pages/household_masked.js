// household_masked.js: numbers that this reader sees cut to their last four. What is shown masked is never sent back in place of the number itself.
import { html, useRef } from '../app/html.js';
import { t } from '../app/i18n.js';
import { api } from '../app/api.js';
import { TextField } from '../app/parts_form.js';

export const isMasked = (value) => typeof value === 'string' && value.includes('*');

// A masked number is an empty field that says what is known; left empty, or emptied again, it keeps what is there.
export function KeptField({ field: Input = TextField, value, onChange, hint, ...rest }) {
  const known = useRef(isMasked(value) ? value : null);
  const shown = isMasked(value) ? '' : value;
  return html`<${Input} ...${rest} value=${shown} hint=${known.current ? t('nik.known', { tail: known.current.slice(-4) }) : hint} onChange=${(text) => onChange(text || known.current || undefined)} />`;
}

const hasMask = (value) => isMasked(value) || (value !== null && typeof value === 'object' && Object.values(value).some(hasMask));

// The entry of a list is known again by its masked numbers, since the list may have been shortened.
function sameEntry(entry, shown) {
  const names = Object.keys(entry || {}).filter((name) => isMasked(entry[name]));
  return names.length > 0 && names.every((name) => shown?.[name] === entry[name]);
}

function filled(part, shown, full) {
  if (isMasked(part)) return part === shown && full !== undefined ? full : part;
  if (Array.isArray(part)) {
    const taken = new Set();
    return part.map((entry) => {
      const at = (shown || []).findIndex((old, i) => !taken.has(i) && sameEntry(entry, old));
      taken.add(at);
      return at < 0 ? entry : filled(entry, shown[at], full?.[at]);
    });
  }
  if (!part || typeof part !== 'object') return part;
  return Object.fromEntries(Object.entries(part).map(([name, entry]) => [name, filled(entry, shown?.[name], full?.[name])]));
}

// A list goes whole into a merge patch, so its masked numbers are read in full first, which the server records as any reveal.
// recordOf finds in a household what the patch is about.
export async function unmask(patch, household, recordOf) {
  if (!hasMask(patch)) return patch;
  const { data } = await api.get(`/households/${household.id}`, { reveal: true });
  return filled(patch, recordOf(household), recordOf(data));
}
