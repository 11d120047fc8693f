// search.js: search first: by name, number or phone; who is not found is registered from here.
import { html, useState, useEffect, useRef } from '../app/html.js';
import { t, number, code } from '../app/i18n.js';
import { api } from '../app/api.js';
import { can } from '../app/session.js';
import { takeQuery, handQuery } from '../app/hand.js';
import { navigate } from '../app/router.js';
import { Page, Card, Button, List, Empty, ProblemNote, Skeleton, State } from '../app/parts.js';
import { SearchBox, TextField, DateField, faultAt } from '../app/parts_form.js';
import { initials, phoneSpellings, place } from './household_words.js';
import { sheet } from '../app/sheet.js';

await sheet('/css/field.css');

// Sixteen digits may be a person's number or a card's: both are asked. Fewer, with the look of a phone, are a phone.
function questions(text) {
  const digits = text.replace(/[\s.()-]/g, '');
  if (/^\d{16}$/.test(digits)) return [{ nik: digits }, { kk_number: digits }];
  if (/^\+?\d{8,15}$/.test(digits)) return phoneSpellings(digits).map((phone) => ({ phone }));
  return [{ q: text }];
}

// What was found stays while one looks at a household and comes back; it goes with the page's reload.
const last = { text: '', items: null };

function Hit({ hit }) {
  const matched = hit.matched_member && hit.matched_member !== hit.head;
  return html`<li><a class="item" href=${`/keluarga/${hit.id}`}><span class="avatar" aria-hidden="true">${initials(hit.head)}</span>
    <div class="grow"><b>${hit.head}</b><span class="soft small">${place(hit)}${hit.member_count ? ` · ${t('search.members', { count: number(hit.member_count) })}` : ''}</span>
      ${matched && html`<span class="small search-match">${t('search.matched', { name: hit.matched_member })}</span>`}</div>
    ${hit.state && hit.state !== 'active' ? html`<${State} value=${hit.state}>${code('household_state', hit.state)}<//>` : html`<span aria-hidden="true">›</span>`}</a></li>`;
}

export default function SearchPage() {
  const [text, setText] = useState(last.text);
  const [items, setItems] = useState(last.items);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const [exact, setExact] = useState(false);
  const [person, setPerson] = useState({});
  const turn = useRef(0);
  const ask = async (asked, said) => {
    const mine = ++turn.current;
    setBusy(true);
    setProblem(null);
    setText(said);
    try {
      const answers = await Promise.all(asked.map((body) => api.post('/households/search', body, { key: null })));
      const all = answers.flatMap(({ data }) => data.items);
      const found = all.filter((hit, i) => all.findIndex((other) => other.id === hit.id) === i);
      if (mine !== turn.current) return;
      setItems(found);
      Object.assign(last, { text: said, items: found });
    } catch (failure) {
      if (failure.status === undefined) throw failure;
      if (mine === turn.current) { setProblem(failure); setItems(null); }
    } finally {
      if (mine === turn.current) setBusy(false);
    }
  };
  const search = (said) => { if (said.length >= 2) ask(questions(said), said); };
  useEffect(() => { const said = takeQuery(); if (said) search(said); }, []);
  const register = () => { handQuery(exact ? person.name || '' : text); navigate('/keluarga/baru'); };
  return html`<${Page} title=${t('search.title')} lead=${t('search.lead')}>
    ${exact ? html`<form class="card stack" onSubmit=${(event) => { event.preventDefault(); ask([{ name: (person.name || '').trim(), birth_date: person.birth_date }], ''); }}>
        <${TextField} pointer="/name" label=${t('field.name')} value=${person.name} onChange=${(name) => setPerson({ ...person, name })} autocomplete="off" error=${faultAt(problem, '/name')} />
        <${DateField} pointer="/birth_date" label=${t('field.birth_date')} value=${person.birth_date} onChange=${(birth_date) => setPerson({ ...person, birth_date })} error=${faultAt(problem, '/birth_date')} />
        <div class="row"><${Button} type="submit" kind="main" busy=${busy} disabled=${!person.name || !person.birth_date}>${t('search')}<//><${Button} kind="quiet" onClick=${() => setExact(false)}>${t('search.simple')}<//></div></form>`
      : html`<div><${SearchBox} key=${text} label=${t('home.search')} hint=${t('home.search.hint')} value=${text} busy=${busy} onSearch=${search} />
        <${Button} kind="quiet" onClick=${() => setExact(true)}>${t('search.exact')}<//></div>`}
    <${ProblemNote} problem=${problem} />
    <div role="status" class="visually-hidden">${items && !busy ? t('search.count', { count: items.length }) : ''}</div>
    ${busy && !items && html`<${Skeleton} lines=${4} />`}
    ${items && items.length > 0 && html`<${Card} flush title=${t('search.count', { count: number(items.length) })}><${List} items=${items}>${(hit) => html`<${Hit} key=${hit.id} hit=${hit} />`}<//><//>`}
    ${items && items.length === 0 && html`<${Card}><${Empty} title=${t('search.none')}>${t('search.none.text')}<//><//>`}
    ${items && can('household.write') && html`<div class="row"><p class="grow soft">${items.length ? t('search.not_these') : ''}</p><${Button} kind=${items.length ? '' : 'main wide'} onClick=${register}>${t('home.register')}<//></div>`}
  <//>`;
}
