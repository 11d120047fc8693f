// household_roster.js: the people of a household, by family, and who left.
import { html } from '../app/html.js';
import { t, code, day, nik } from '../app/i18n.js';
import { Link, List, State } from '../app/parts.js';
import { age } from '../app/flags.js';
import { birthText, initials } from './household_words.js';
import { Facts } from './household_new_check.js';
import { PersonFile } from './household_person_file.js';

const SHOWN = ['id', 'name', 'household_id', 'family_no', 'sex', 'birth_date', 'birth_date_precision', 'relationship', 'nik', 'state', 'age_years', 'age_on'];

function Member({ member, act, file, house }) {
  const years = age(member);
  const rest = Object.keys(member).some((name) => !SHOWN.includes(name));
  const link = (what, label) => html`<${Link} kind="quiet" href=${`/keluarga/${house}?anggota=${member.id}&aksi=${what}`}>${label} <span class="visually-hidden">${member.name}</span><//>`;
  return html`<li><span class="avatar" aria-hidden="true">${initials(member.name)}</span><div class="grow"><b>${member.name}</b>
    <span class="soft small">${[code('relationship', member.relationship), code('sex', member.sex), years === undefined || !member.birth_date ? null : t('people.years', { years }), birthText(member)].filter(Boolean).join(' · ')}</span>
    <span class="soft small number">${member.nik ? `NIK ${nik(member.nik)}` : t('people.no_nik', { reason: t(`id_reason.${member.id_reason || 'none'}`) })}</span>
    ${(rest || act || file) && html`<details><summary>${t('people.more')}</summary><${Facts} record=${member} at="/members/0" skip=${SHOWN} />
      ${act && html`<div class="row">${link('correct', t('people.correct'))}${member.relationship !== 'head' && link('leave', t('people.leave'))}${member.relationship !== 'head' && link('move', t('people.move'))}${link('death', t('people.death'))}</div>`}
      ${file && html`<${PersonFile} member=${member} />`}</details>`}</div></li>`;
}

export function Roster({ household, act, file }) {
  const families = [...new Set(household.members.map((member) => member.family_no || 1))].sort((a, b) => a - b);
  const former = household.former_members || [];
  return html`${families.map((no) => html`<div key=${no}>${families.length > 1 && html`<h3>${t('people.family', { number: no })}</h3>`}
      <${List} items=${household.members.filter((member) => (member.family_no || 1) === no)}>${(member) => html`<${Member} key=${member.id} member=${member} act=${act} file=${file} house=${household.id} />`}<//></div>`)}
    ${former.length > 0 && html`<details><summary>${t('people.former', { count: former.length })}</summary><${List} items=${former}>${(member) => html`<li key=${member.id}><div class="grow"><b>${member.name}</b>
      <span class="soft small">${[member.left_on && day(member.left_on), member.left_reason && code('leave_reason', member.left_reason)].filter(Boolean).join(' · ')}</span>${file && html`<${PersonFile} member=${member} />`}</div><${State} value=${member.state}>${code('member_state', member.state)}<//></li>`}<//></details>`}`;
}
