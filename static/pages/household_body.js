// household_body.js: from what a form holds to what the server takes: empty parts left out, and the difference of two records as a merge patch.
import { phoneSpellings } from './household_words.js';

const isEmpty = (value) => value === undefined || value === '' || (Array.isArray(value) && !value.length) || (value && typeof value === 'object' && !Array.isArray(value) && !Object.keys(value).length);
const ONLY_HERE = new Set(['birth_year', 'region_name']);

// Texts are trimmed; empty ones, empty objects and what is only for the screen go.
export function clean(value) {
  if (typeof value === 'string') return value.trim();
  if (Array.isArray(value)) return value.map(clean).filter((entry) => !isEmpty(entry));
  if (!value || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([name]) => !ONLY_HERE.has(name)).map(([name, entry]) => [name, name === 'phone' && entry ? phoneSpellings(entry)[0] : clean(entry)]).filter(([, entry]) => !isEmpty(entry) && entry !== null);
  return Object.fromEntries(kept);
}

// RFC 7396: what to send so that `before` becomes `after`.
export function difference(before, after) {
  const patch = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (ONLY_HERE.has(name)) continue;
    const old = before[name], now = isEmpty(after[name]) ? undefined : after[name];
    if (JSON.stringify(old) === JSON.stringify(now)) continue;
    if (now === undefined || now === null) { if (old !== undefined && old !== null) patch[name] = null; }
    else if (old && now && typeof old === 'object' && typeof now === 'object' && !Array.isArray(old) && !Array.isArray(now)) {
      const inner = difference(old, now);
      if (Object.keys(inner).length) patch[name] = inner;
    } else patch[name] = typeof now === 'object' ? clean(now) : name === 'phone' ? phoneSpellings(now)[0] : typeof now === 'string' ? now.trim() : now;
  }
  return patch;
}

export function householdBody({ form, counts, families }) {
  const body = clean({ ...form, members: counts ? form.members.slice(0, 1) : form.members });
  if (!counts) delete body.declared;
  if (families.length > 1) body.families = families.map((family, i) => clean({ no: i + 1, kk_number: i ? family.kk_number : undefined }));
  else body.members?.forEach((member) => { delete member.family_no; });
  if (body.payee && !body.payee.member_id && !body.payee.guardian) {
    const head = body.members?.find((member) => member.relationship === 'head');
    if (body.payee.account || body.payee.alternates) { if (head) body.payee.member_id = head.id; }
    else delete body.payee;
  }
  return body;
}
