// household_parts_form.js: the other parts of a registration: place, housing, payee.
import { html, useState, useEffect } from '../app/html.js';
import { t } from '../app/i18n.js';
import { Button } from '../app/parts.js';
import { TextField, DigitsField, NumberField, DateField, SelectField, RadioField, CheckField, RegionPicker, faultAt } from '../app/parts_form.js';
import { DuplicateHint } from './household_duplicate_hint.js';
import { KeptField } from './household_masked.js';

export function PlaceForm({ form, set, problem }) {
  const fault = (name) => faultAt(problem, `/${name}`);
  const text = (name, rest) => html`<${TextField} pointer=${`/${name}`} label=${t(`field.${name}`)} optional value=${form[name]} onChange=${(value) => set({ [name]: value })} autocomplete="off" error=${fault(name)} ...${rest} />`;
  const [locating, setLocating] = useState(null);
  const locate = () => {
    setLocating('busy');
    navigator.geolocation.getCurrentPosition(({ coords }) => { setLocating(null); set({ location: { lat: Number(coords.latitude.toFixed(6)), lon: Number(coords.longitude.toFixed(6)), accuracy_m: Math.round(coords.accuracy) } }); },
      ({ code }) => setLocating(code === 1 ? 'denied' : 'failed'), { enableHighAccuracy: true, timeout: 20000 });
  };
  return html`<div class="stack">
    <${RegionPicker} pointer="/region" label=${t('field.region')} hint=${t('place.region.hint')} value=${form.region} onChange=${(region, full, byItself) => set({ region, region_name: full?.path_text || full?.name }, byItself)} error=${fault('region')} />
    <${RadioField} pointer="/address_kind" label=${t('field.address_kind')} list="address_kind" value=${form.address_kind || 'house'} onChange=${(address_kind) => set({ address_kind })} error=${fault('address_kind')} />
    ${text('hamlet')}
    <div class="pair">${text('rt', { inputmode: 'numeric', maxlength: 10 })}${text('rw', { inputmode: 'numeric', maxlength: 10 })}</div>
    ${text('address', { rows: 2 })}
    ${text('address_note', { hint: t('place.note.hint') })}
    <${TextField} pointer="/phone" label=${t('field.phone')} hint=${t('place.phone.hint')} optional type="tel" inputmode="tel" value=${form.phone} onChange=${(phone) => set({ phone: phone.trim() || undefined })} autocomplete="off" error=${fault('phone')} />
    <${DuplicateHint} query=${/^\+?[\d\s().-]{9,}$/.test(form.phone || '') ? { phone: form.phone } : null} />
    ${'geolocation' in navigator && html`<div class="row"><${Button} busy=${locating === 'busy'} onClick=${locate}>${t('place.locate')}<//>
      <span class="small soft" role="status">${locating === 'failed' || locating === 'denied' ? t(`place.locate.${locating}`) : form.location ? t('place.located', { metres: form.location.accuracy_m }) : ''}</span></div>`}
  </div>`;
}

const HOUSING = ['tenure', 'floor', 'wall', 'roof', 'water', 'toilet', 'light', 'fuel'];

export function HousingForm({ housing, set, problem }) {
  const fault = (name) => faultAt(problem, `/housing/${name}`);
  return html`<div class="stack">
    ${HOUSING.map((name) => html`<${SelectField} key=${name} pointer=${`/housing/${name}`} label=${t(`field.${name}`)} list=${name} optional value=${housing[name]} onChange=${(value) => set({ [name]: value })} error=${fault(name)} />`)}
    <div class="pair"><${NumberField} pointer="/housing/rooms" label=${t('field.rooms')} optional maxlength="3" value=${housing.rooms} onChange=${(rooms) => set({ rooms })} error=${fault('rooms')} />
      <${NumberField} pointer="/housing/floor_area" label=${t('field.floor_area')} optional maxlength="5" value=${housing.floor_area} onChange=${(floor_area) => set({ floor_area })} error=${fault('floor_area')} /></div>
  </div>`;
}

export function PayeeForm({ payee, set, members, problem }) {
  const fault = (name) => faultAt(problem, `/payee/${name}`);
  const outside = Boolean(payee.guardian);
  const guardian = payee.guardian || {}, account = payee.account, alternates = payee.alternates || [];
  const setGuardian = (change) => set({ guardian: { ...guardian, ...change } });
  const setAccount = (change) => set({ account: { ...account, ...change } });
  const setAlternate = (index, change) => set({ alternates: alternates.map((entry, i) => (i === index ? { ...entry, ...change } : entry)) });
  const who = [...members.map((member) => [member.id, member.name || t('people.someone')]), ['outside', t('payee.outside')]];
  return html`<div class="stack">
    <${RadioField} pointer="/payee/member_id" label=${t('payee.who')} hint=${t('payee.hint')} options=${who} value=${outside ? 'outside' : payee.member_id || members.find((member) => member.relationship === 'head')?.id}
      onChange=${(id) => set(id === 'outside' ? { member_id: undefined, guardian: {} } : { member_id: id, guardian: undefined })} error=${fault('member_id')} />
    ${outside && html`<div class="card sunken stack"><p class="small">${t('payee.guardian.text')}</p>
      <${TextField} pointer="/payee/guardian/name" label=${t('field.name')} value=${guardian.name} onChange=${(name) => setGuardian({ name })} autocomplete="off" error=${fault('guardian/name')} />
      <${TextField} pointer="/payee/guardian/relationship" label=${t('field.relation_outside')} value=${guardian.relationship} onChange=${(relationship) => setGuardian({ relationship })} autocomplete="off" error=${fault('guardian/relationship')} />
      <${KeptField} field=${DigitsField} pointer="/payee/guardian/nik" label=${t('field.nik')} optional length=${16} value=${guardian.nik} onChange=${(nik) => setGuardian({ nik })} error=${fault('guardian/nik')} />
      <${TextField} pointer="/payee/guardian/mandate" label=${t('field.mandate')} optional value=${guardian.mandate} onChange=${(mandate) => setGuardian({ mandate })} error=${fault('guardian/mandate')} />
      <${DateField} pointer="/payee/guardian/until" label=${t('field.until')} optional value=${guardian.until} onChange=${(until) => setGuardian({ until })} error=${fault('guardian/until')} /></div>`}
    <h2>${t('payee.alternates')}</h2><p class="small soft">${t('payee.alternates.text')}</p>
    ${alternates.map((entry, index) => html`<div class="card sunken stack tight" key=${index}>
      <${TextField} pointer=${`/payee/alternates/${index}/name`} label=${t('field.name')} value=${entry.name} onChange=${(name) => setAlternate(index, { name })} autocomplete="off" error=${fault(`alternates/${index}/name`)} />
      <${TextField} pointer=${`/payee/alternates/${index}/relationship`} label=${t('field.relation_outside')} value=${entry.relationship} onChange=${(relationship) => setAlternate(index, { relationship })} autocomplete="off" error=${fault(`alternates/${index}/relationship`)} />
      <${Button} kind="quiet" onClick=${() => set({ alternates: alternates.filter((_, i) => i !== index) })}>${t('remove')}<//></div>`)}
    ${alternates.length < 3 && html`<${Button} kind="quiet" onClick=${() => set({ alternates: [...alternates, {}] })}>+ ${t('payee.alternate.add')}<//>`}
    <${CheckField} pointer="/payee/account" label=${t('payee.account')} checked=${Boolean(account)} onChange=${(on) => set({ account: on ? {} : undefined })} />
    ${account && html`<div class="card sunken stack">
      <${TextField} pointer="/payee/account/provider" label=${t('field.provider')} value=${account.provider} onChange=${(provider) => setAccount({ provider })} autocomplete="off" error=${fault('account/provider')} />
      <${KeptField} pointer="/payee/account/number" label=${t('field.account_number')} inputmode="numeric" value=${account.number} onChange=${(text) => setAccount({ number: text?.replace(/[\s.-]/g, '') })} autocomplete="off" error=${fault('account/number')} />
      <${TextField} pointer="/payee/account/holder" label=${t('field.holder')} value=${account.holder} onChange=${(holder) => setAccount({ holder })} autocomplete="off" error=${fault('account/holder')} /></div>`}
  </div>`;
}
