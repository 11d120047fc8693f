// household_new_check.js: everything once more before it is sent, each part with a link to change it; and what to do after.
import { html } from '../app/html.js';
import { t, code, number, languageName } from '../app/i18n.js';
import { Button, Card, Link, List, Note, Page, State } from '../app/parts.js';
import { fieldName, valueText, headOf, birthText, isTold } from './household_words.js';

const entries = (record, skip = []) => Object.entries(record || {}).filter(([name, value]) => isTold(`/${name}`) && !skip.includes(name) && value !== undefined && value !== null && value !== '' && !(typeof value === 'object' && !Object.keys(value).length));

export const Facts = ({ record, at = '', skip, people }) => html`<dl class="facts">${entries(record, skip).map(([name, value]) => html`<div key=${name} class="fact"><dt>${fieldName(`${at}/${name}`)}</dt><dd>${valueText(`${at}/${name}`, value, people)}</dd></div>`)}</dl>`;

export function CheckStep({ draft, onChange }) {
  const { form, counts, families } = draft;
  const members = counts ? form.members.slice(0, 1) : form.members;
  const { region, region_name, consent, housing, payee, declared, kk_number, ...where } = form;
  delete where.members;
  const head = headOf(form);
  const change = (name) => html`<${Button} kind="quiet" onClick=${() => onChange(name)}>${t('change')} <span class="visually-hidden">${t(`register.${name}`)}</span><//>`;
  const payeeName = payee.guardian?.name || members.find((member) => member.id === payee.member_id)?.name || head?.name;
  return html`<div class="stack">
    <${Card} title=${t('register.place')} actions=${change('place')}><dl class="facts"><div class="fact"><dt>${t('field.region')}</dt><dd>${region_name || region}</dd></div></dl><${Facts} record=${where} /><//>
    <${Card} title=${t('register.consent')} actions=${change('consent')}><${Facts} record=${{ ...consent, language: consent.language && languageName(consent.language), proof: consent.proof && t('consent.proof.there') }} at="/consent" /><//>
    <${Card} title=${t('register.people')} actions=${change('people')}>
      ${kk_number && html`<${Facts} record=${{ kk_number }} />`}${families.length > 1 && html`<p>${t('people.families.count', { count: families.length })}</p>`}
      <${List} items=${members}>${(member) => html`<li key=${member.id}><div class="grow"><b>${member.name}</b><span class="soft small">${[code('relationship', member.relationship), code('sex', member.sex), birthText(member), families.length > 1 && t('people.family', { number: member.family_no || 1 })].filter(Boolean).join(' · ')}</span>
        <details><summary>${t('people.all')}</summary><${Facts} record=${member} at="/members/0" skip=${['name', 'birth_year']} /></details></div></li>`}<//>
      ${counts && html`<${Facts} record=${declared} at="/declared" />`}<//>
    <${Card} title=${t('register.housing')} actions=${change('housing')}>${entries(housing).length ? html`<${Facts} record=${housing} at="/housing" />` : html`<p class="soft">${t('register.empty')}</p>`}<//>
    <${Card} title=${t('register.payee')} actions=${change('payee')}><p><b>${payeeName}</b>${payee.guardian ? html` <${State} kind="warn">${t('payee.outside.short')}<//>` : ''}</p><${Facts} record=${payee} at="/payee" skip=${['member_id']} people=${members} /><//>
  </div>`;
}

export function ResultStep({ made }) {
  const head = headOf(made);
  const duplicates = made.possible_duplicates || [], warnings = made.warnings || [];
  return html`<${Page} title=${t('result.title')} lead=${t('result.lead', { name: head?.name || '', count: number(made.declared?.size || made.member_count || made.members?.length) })}>
    ${duplicates.length > 0 && html`<${Note} kind="warn" title=${t('result.duplicates')}><ul>${duplicates.map((hit) => html`<li key=${hit.case_id}>${code('duplicate_kind', hit.kind)}${hit.household_id ? html`: <a href=${`/keluarga/${hit.household_id}`}>${t('result.duplicate.open')}</a>` : `: ${t('result.duplicate.elsewhere')}`}</li>`)}</ul><p>${t('result.duplicates.text')}</p><//>`}
    ${warnings.length > 0 && html`<${Note} kind="info" title=${t('result.warnings')}><ul>${warnings.map((warning) => html`<li>${fieldName(warning.pointer, made.members)}: ${warning.detail || t(`warning.${warning.code}`)}</li>`)}</ul><//>`}
    <${Card} title=${t('result.next')}><div class="stack"><${Link} kind="main wide" href=${`/kuesioner/${made.id}`}>${t('result.assess')}<//>
      <${Link} kind="wide" href=${`/keluarga/${made.id}`}>${t('result.open')}<//><${Link} kind="wide" href="/keluarga/baru" onClick=${(event) => { event.preventDefault(); location.assign('/keluarga/baru'); }}>${t('result.another')}<//></div><//>
  <//>`;
}
