// household.js: one household: people, what makes it vulnerable, needs, programs with reasons, payments, payee, consents, history; now or as of a day.
import { html, useState } from '../app/html.js';
import { t, code, day, today } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { useQuery } from '../app/router.js';
import { Page, Card, Button, Link, Note, ProblemNote, Skeleton, State, useLoad } from '../app/parts.js';
import { DateField } from '../app/parts_form.js';
import { flagsOf } from '../app/flags.js';
import { headOf, place } from './household_words.js';
import { Facts } from './household_new_check.js';
import { Roster } from './household_roster.js';
import { HouseholdChange } from './household_change.js';
import { Needs, Programs, Payments } from './household_money.js';
import { flagName } from './flag_words.js';
import { OutsideFacts } from './household_facts.js';
import { Scores } from './household_scores.js';
import { History } from './household_history.js';
import { AskAgain, Consents } from './household_consent.js';
import { Unmerge } from './household_end.js';
import { WaitingChanges } from './household_waiting.js';
import { useHeading } from '../app/heading.js';
import { sheet } from '../app/sheet.js';

await sheet('/css/field.css');

const FLAG_KINDS = { severe_disability: 'bad', elderly_alone: 'bad', child_headed: 'bad' };

// What holds until somebody does something about it; the rest concerns one entry and was said when it was made.
const STANDING = new Set(['no_members', 'no_head', 'payee_died', 'payee_left']);

const endOfDay = (text) => new Date(`${text}T23:59:59.999`).toISOString();

function AsOf({ value, onChange }) {
  const [date, setDate] = useState(value);
  return html`<form class="stack" onSubmit=${(event) => { event.preventDefault(); onChange(date); }}>
    <${DateField} pointer="/as_of" label=${t('household.as_of')} hint=${t('household.as_of.hint')} value=${date} onChange=${setDate} />
    <div class="row"><${Button} type="submit" disabled=${!date || date > today()}>${t('household.as_of.show')}<//>${value && html`<${Button} kind="quiet" onClick=${() => onChange(undefined)}>${t('household.as_of.now')}<//>`}</div></form>`;
}

function Payee({ household, actions }) {
  const { payee = {} } = household;
  const member = household.members.find((entry) => entry.id === payee.member_id) || (!payee.guardian && headOf(household));
  const shown = { ...payee };
  delete shown.member_id;
  return html`<${Card} title=${t('household.payee')} actions=${actions}>
    <p><b>${payee.guardian?.name || member?.name || '–'}</b> ${payee.guardian && html`<${State} kind="warn">${t('payee.outside.short')}<//>`}</p><${Facts} record=${shown} at="/payee" people=${household.members} /><//>`;
}

const WHERE = ['region_name', 'hamlet', 'rw', 'rt', 'address', 'address_note', 'address_kind', 'registered_region', 'kk_number', 'phone', 'location', 'families'];
const pick = (record, names) => Object.fromEntries(names.filter((name) => record[name] !== undefined && record[name] !== null).map((name) => [name, record[name]]));

export default function HouseholdPage({ id }) {
  const [query, setQuery] = useQuery();
  const { data, problem, reload, setData } = useLoad(() => api.get(`/households/${id}`, { as_of: query.as_of && endOfDay(query.as_of) }), [id, query.as_of]);
  const [revealing, setRevealing] = useState(null);
  const known = useLoad(() => api.get(`/households/${id}/flags`).then(({ data: flags }) => flags.items.filter((flag) => flag.value === true)), [id, data?.version]);
  useHeading(data && (headOf(data.data)?.name || t('household.title')), `${query.ubah || ''}${query.anggota || ''}${query.aksi || ''}`);
  if (problem) return html`<${Page} title=${t('household.title')} back="/cari"><${ProblemNote} problem=${problem} retry=${reload} /><//>`;
  if (!data) return html`<${Page} title=${t('household.title')} back="/cari"><${Skeleton} lines=${8} /><//>`;
  const household = data.data;
  const version = household.version;
  const act = can('household.write') && household.state === 'active' && !query.as_of;
  const head = headOf(household);
  const title = head?.name || t('household.title');
  if (act && (query.ubah || query.anggota))
    return html`<${HouseholdChange} key=${`${query.ubah}${query.anggota}`} household=${household} version=${version} query=${query} onDone=${(fresh) => { if (fresh) setData({ data: fresh }); else reload(); }} />`;
  const reveal = async () => {
    setRevealing({ busy: true });
    try {
      setData(await api.get(`/households/${id}`, { reveal: true }));
      setRevealing(null);
    } catch (failure) {
      if (failure.status === undefined) throw failure;
      setRevealing({ problem: failure });
    }
  };
  const changing = (part) => act && html`<${Link} kind="quiet" href=${`?ubah=${part}`}>${t('change')} <span class="visually-hidden">${t(`household.${part}`)}</span><//>`;
  const masked = household.members?.some((member) => (member.nik || '').includes('*'));
  // The server's flags are today's; for a past day, and where they cannot be had, the roster tells.
  const told = (!query.as_of && known.data) || flagsOf(household).map((name) => ({ name }));
  const warnings = (household.warnings || []).filter((warning) => STANDING.has(warning.code));
  const flags = told.filter((flag) => flag.name !== 'disability' || !told.some((other) => other.name === 'severe_disability'));
  return html`<${Page} title=${title} above=${place(household)} back="/cari" state=${html`<${State} value=${household.state}>${code('household_state', household.state)}<//>`}
    actions=${act && can('assessment.write') && html`<${Link} kind="main" href=${`/kuesioner/${id}`}>${t('household.assess')}<//>`}>
    ${query.as_of && html`<${Note} kind="warn" title=${t('household.past', { day: day(query.as_of) })}><p>${t('household.past.text')}</p><//>`}
    ${warnings.length > 0 && html`<${Note} kind="warn" title=${t('result.warnings')}><ul>${warnings.map((warning) => html`<li key=${warning.pointer}>${t(`warning.${warning.code}`)}</li>`)}</ul><//>`}
    ${act && html`<${AskAgain} household=${household} />`}
    ${!query.as_of && html`<${WaitingChanges} id=${id} version=${version} />`}
    ${household.merged_into && html`<${Note} kind="warn"><a href=${`/keluarga/${household.merged_into}`}>${t('household.merged')}</a><//>`}
    ${household.state === 'merged' && can('household.write') && !query.as_of && html`<${Unmerge} household=${household} version=${version} done=${(fresh) => setData({ data: fresh.data })} />`}
    ${flags.length > 0 && html`<ul class="row flags" aria-label=${t('household.flags')}>${flags.map((flag) => html`<li key=${flag.name}><a href=${`/tanda/${flag.name}?wilayah=${household.region}`}><${State} kind=${FLAG_KINDS[flag.name] || 'warn'}>${flagName(flag)}<//></a></li>`)}</ul>`}
    ${household.roster === 'counts_only' && html`<${Note} title=${t('household.counts_only')}><${Facts} record=${household.declared} at="/declared" /><//>`}
    <div class="split"><div class="stack">
      <${Card} title=${t('household.people', { count: household.members.length })} actions=${masked && !query.as_of && can('household.reveal') && html`<${Button} kind="quiet" busy=${revealing?.busy} onClick=${reveal}>${t('household.reveal')}<//>`}>
        <${ProblemNote} problem=${revealing?.problem} /><${Roster} household=${household} act=${act} file=${!query.as_of && can('export.personal') && can('household.reveal')} />
        ${act && html`<div class="row"><${Link} href="?ubah=member">${t('household.add_member')}<//>${household.members.length > 1 && html`<${Link} href="?ubah=split">${t('household.split')}<//>`}</div>`}<//>
      ${!query.as_of && html`<${Programs} household=${household} /><${Payments} id=${id} /><${Needs} id=${id} act=${act} /><${Scores} id=${id} version=${version} act=${act} /><${OutsideFacts} id=${id} version=${version} people=${household.members} />`}
      <${History} id=${id} version=${version} people=${[...household.members, ...(household.former_members || [])]} />
    </div><div class="stack">
      <${Card} title=${t('household.place')} actions=${changing('place')}><${Facts} record=${pick(household, WHERE)} people=${household.members} /><//>
      <${Card} title=${t('household.housing')} actions=${changing('housing')}>
        ${household.housing ? html`<${Facts} record=${household.housing} at="/housing" />` : html`<p class="soft">${t('register.empty')}</p>`}<//>
      <${Payee} household=${household} actions=${changing('payee')} />
      <${Consents} household=${household} act=${act} />
      ${act && html`<${Card} title=${t('household.events')}><div class="stack tight">${['merge', 'relocate', 'dissolve'].map((event) => html`<div key=${event}><${Link} kind="quiet" href=${`?ubah=${event}`}>${t(`household.${event}`)}<//></div>`)}</div><//>`}
      <${Card}><${AsOf} value=${query.as_of} onChange=${(as_of) => setQuery({ as_of })} /><//>
    </div></div>
  <//>`;
}
