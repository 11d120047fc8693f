// user_form.js: what an account may do and where: roles, several regions, programs. For a new account and for one that is there.
import { html, useState } from '../app/html.js';
import { t } from '../app/i18n.js';
import { Button, List } from '../app/parts.js';
import { TextField, CheckList, RegionPicker, faultAt } from '../app/parts_form.js';

export const ROLES = ['officer', 'manager', 'approver', 'auditor', 'admin'];
const BOUNDED = ['officer', 'manager', 'approver', 'auditor'];

// Every fault at a list or at one of its entries, in one text at the list's field.
const faultsUnder = (problem, pointer) => problem?.errors?.filter((fault) => fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`)).map((fault) => fault.detail).join(' ') || undefined;

// A region is chosen, then added: what was chosen and not added would silently be no limit, so the form asks for it before it is sent.
function RegionsField({ value, names, onChange, picked, setPicked, error }) {
  const [turn, setTurn] = useState(0);
  const add = () => { onChange([...value.filter((code) => code !== picked.code), picked.code], { ...names, [picked.code]: picked.name }); setPicked(null); setTurn(turn + 1); };
  return html`<div class="stack tight"><${RegionPicker} key=${turn} pointer="/regions" label=${t('user.region')} hint=${t('user.region.hint')} optional error=${error} onChange=${(code, region) => setPicked(region || null)} />
    ${picked && !value.includes(picked.code) && html`<div><${Button} onClick=${add}>${t('user.region.add', { name: picked.name })}<//></div>`}
    ${value.length === 0 ? html`<p class="small"><b>${t('user.region.every')}</b></p>` : html`<${List} label=${t('user.region.chosen')} items=${value}>${(code) => html`<li key=${code}><div class="grow"><b>${names[code] || code}</b> <span class="soft small">${code}</span></div>
      <${Button} kind="quiet" aria-label=${`${t('remove')} ${names[code] || code}`} onClick=${() => onChange(value.filter((entry) => entry !== code), names)}>${t('remove')}<//></li>`}<//>`}</div>`;
}

export const emptyUser = { username: '', display_name: '', roles: ['officer'], regions: [], programs: [], names: {} };

// What waits for a second person belongs to what was asked for: it stays ticked, and unticking it withdraws it.
export function formOf(user) {
  const waiting = (user.pending || []).filter((grant) => grant.kind === 'role').map((grant) => grant.role);
  return { display_name: user.display_name, roles: [...new Set([...user.roles, ...waiting])], regions: user.regions, programs: user.programs, names: Object.fromEntries(user.regions.map((code, i) => [code, user.region_names[i]])) };
}

// A region that stands chosen but was not added; the topmost one chooses itself and does not count.
export const forgotten = (form, picked) => (picked && picked.parent && !form.regions.includes(picked.code) ? { errors: [{ pointer: '/regions', detail: t('user.region.forgotten', { name: picked.name }) }] } : null);

export function UserFields({ form, setForm, programs, picked, setPicked, problem }) {
  const set = (name) => (value) => setForm((old) => ({ ...old, [name]: value }));
  const bounded = form.roles.some((role) => BOUNDED.includes(role));
  return html`<${TextField} pointer="/display_name" label=${t('setup.display')} value=${form.display_name} onChange=${set('display_name')} error=${faultAt(problem, '/display_name')} required />
    <${CheckList} pointer="/roles" label=${t('user.roles')} hint=${t('user.roles.hint')} value=${form.roles} onChange=${set('roles')} options=${ROLES.map((role) => [role, t(`role.${role}`)])} error=${faultsUnder(problem, '/roles')} />
    ${!bounded && form.roles.length > 0 && html`<p class="small soft">${t('user.bounds.none')}</p>`}
    <${RegionsField} value=${form.regions} names=${form.names} picked=${picked} setPicked=${setPicked} onChange=${(regions, names) => setForm((old) => ({ ...old, regions, names }))} error=${faultsUnder(problem, '/regions')} />
    ${programs.length > 0 && html`<${CheckList} pointer="/programs" label=${t('user.programs')} hint=${t('user.programs.hint')} optional value=${form.programs} onChange=${set('programs')} options=${programs.map((program) => [program.id, program.name])} error=${faultsUnder(problem, '/programs')} />`}`;
}
