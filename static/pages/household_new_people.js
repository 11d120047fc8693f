// household_new_people.js: the people of a new household, one open at a time; families with a card each; or only the head and counts in an emergency.
import { html, useState, useEffect } from '../app/html.js';
import { t, code } from '../app/i18n.js';
import { Button } from '../app/parts.js';
import { DigitsField, NumberField, CheckField, faultAt } from '../app/parts_form.js';
import { newId } from '../app/id.js';
import { MemberForm } from './household_member_form.js';
import { DuplicateHint } from './household_duplicate_hint.js';
import { birthText } from './household_words.js';

const MEMBERS_MAX = 40, FAMILIES_MAX = 6;
const COUNTS = ['size', 'under5', 'elderly', 'disabled', 'pregnant'];

function Families({ draft, change, set, problem }) {
  const { form, families } = draft;
  const setCard = (index, kk_number) => change({ families: families.map((family, i) => (i === index ? { kk_number } : family)) });
  return html`<div class="stack">
    <${DigitsField} pointer="/kk_number" label=${families.length > 1 ? t('people.kk.first') : t('field.kk_number')} hint=${t('people.kk.hint')} optional length=${16} value=${form.kk_number} onChange=${(kk_number) => set({ kk_number: kk_number || undefined })} error=${faultAt(problem, '/kk_number')} />
    <${DuplicateHint} query=${/^\d{16}$/.test(form.kk_number || '') ? { kk_number: form.kk_number } : null} />
    ${families.slice(1).map((family, i) => html`<${DigitsField} key=${i} pointer=${`/families/${i + 1}/kk_number`} label=${t('people.kk.of', { number: i + 2 })} optional length=${16} value=${family.kk_number} onChange=${(kk) => setCard(i + 1, kk || undefined)} error=${faultAt(problem, `/families/${i + 1}/kk_number`)} />`)}
    <div class="row">${families.length < FAMILIES_MAX && html`<${Button} kind="quiet" onClick=${() => change({ families: [...families, {}] })}>+ ${t('people.family.add')}<//>`}
      ${families.length > 1 && html`<${Button} kind="quiet" onClick=${() => { change({ families: families.slice(0, -1) }); set({ members: form.members.map((member) => ((member.family_no || 1) >= families.length ? { ...member, family_no: 1 } : member)) }); }}>${t('people.family.remove')}<//>`}</div>
  </div>`;
}

export function PeopleStep({ draft, change, set, problem }) {
  const { form, counts, families } = draft;
  const members = counts ? form.members.slice(0, 1) : form.members;
  const [open, setOpen] = useState(members.length === 1 ? 0 : -1);
  // A fault opens the person it concerns.
  useEffect(() => { const at = problem?.errors?.map((fault) => /^\/members\/(\d+)/.exec(fault.pointer)).find(Boolean); if (at) setOpen(Number(at[1])); }, [problem]);
  const put = (index, member) => set({ members: form.members.map((old, i) => (i === index ? member : old)) });
  const add = () => { set({ members: [...form.members, { id: newId() }] }); setOpen(form.members.length); };
  const remove = (index) => { set({ members: form.members.filter((_, i) => i !== index) }); setOpen(-1); };
  const declared = form.declared || {};
  return html`<div class="stack">
    <${CheckField} pointer="/counts" label=${t('people.counts')} hint=${t('people.counts.hint')} checked=${counts} onChange=${(on) => change({ counts: on })} />
    ${!counts && html`<${Families} draft=${draft} change=${change} set=${set} problem=${problem} />`}
    <div id="f/members" tabindex="-1" class="stack">${members.map((member, index) => html`<section class="person" key=${member.id} aria-label=${member.name || t('people.member', { number: index + 1 })}>
      <div class="row"><div class="grow"><b>${member.name || t('people.member', { number: index + 1 })}</b>
        <p class="soft small">${[code('relationship', member.relationship), (member.birth_date || member.age_years !== undefined) && birthText(member), code('sex', member.sex)].filter(Boolean).join(' · ')}</p></div>
        <${Button} kind="quiet" aria-expanded=${open === index ? 'true' : 'false'} onClick=${() => setOpen(open === index ? -1 : index)}>${t(open === index ? 'people.fold' : 'change')}<//></div>
      ${open === index && html`<${MemberForm} at=${`/members/${index}`} value=${member} onChange=${(next) => put(index, next)} problem=${problem} families=${counts ? 1 : families.length} />
        ${index > 0 && html`<${Button} kind="quiet" onClick=${() => remove(index)}>${t('people.remove')}<//>`}`}
    </section>`)}</div>
    ${counts ? html`<div class="pair">${COUNTS.map((name) => html`<${NumberField} key=${name} pointer=${`/declared/${name}`} label=${t(`field.${name}`)} optional=${name !== 'size'} maxlength="3" value=${declared[name]} onChange=${(value) => set({ declared: { ...declared, [name]: value } })} error=${faultAt(problem, `/declared/${name}`)} />`)}</div>`
      : members.length < MEMBERS_MAX && html`<${Button} onClick=${add}>+ ${t('people.add')}<//>`}
  </div>`;
}
