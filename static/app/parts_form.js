// parts_form.js: fields. Each has a label, may have a hint and a fault, and is found by its JSON pointer: id "f/members/0/nik".
import { html, useState, useEffect, useRef } from './html.js';
import { t, lang, exponent, codes } from './i18n.js';
import { api } from './api.js';
import { Button } from './parts.js';

export const faultAt = (problem, pointer) => problem?.errors?.find((fault) => fault.pointer === pointer)?.detail;

export function Field({ id, label, hint, error, optional, children }) {
  return html`<div class=${`field ${error ? 'faulty' : ''}`}>
    <label for=${id}>${label}${optional && html` <span class="soft">${t('optional')}</span>`}</label>
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    ${children}
    ${error && html`<p class="fault" id=${`${id}-fault`}>${error}</p>`}
  </div>`;
}

const described = (id, hint, error) => [hint && `${id}-hint`, error && `${id}-fault`].filter(Boolean).join(' ') || null;

export function TextField({ pointer, label, hint, error, optional, value, onChange, type = 'text', rows, ...rest }) {
  const id = `f${pointer}`;
  const shared = { id, value: value ?? '', onInput: (event) => onChange(event.target.value), 'aria-describedby': described(id, hint, error), 'aria-invalid': error ? 'true' : null, ...rest };
  return html`<${Field} id=${id} label=${label} hint=${hint} error=${error} optional=${optional}>
    ${rows ? html`<textarea rows=${rows} ...${shared}></textarea>` : html`<input type=${type} ...${shared} />`}<//>`;
}

export const NumberField = ({ onChange, ...rest }) => html`<${TextField} inputmode="numeric" autocomplete="off" onChange=${(text) => { const digits = text.replace(/\D/g, ''); onChange(digits === '' ? undefined : Number(digits)); }} ...${rest} />`;

export const DigitsField = ({ onChange, length, ...rest }) => html`<${TextField} inputmode="numeric" autocomplete="off" onChange=${(text) => onChange(text.replace(/[\s.-]/g, '').slice(0, length))} ...${rest} />`;

// "750.000" or "750000" rupiah to minor units.
export function MoneyField({ value, onChange, currency = 'IDR', ...rest }) {
  const digits = exponent(currency);
  const shown = value === undefined || value === null ? '' : new Intl.NumberFormat(lang() === 'id' ? 'id-ID' : 'en-GB').format(value / 10 ** digits);
  return html`<${TextField} inputmode="numeric" value=${shown} onChange=${(text) => { const plain = text.replace(/\D/g, ''); onChange(plain === '' ? undefined : Number(plain) * 10 ** digits); }} ...${rest} />`;
}

// Day, month and year apart; a pasted date in any usual order of digits is taken apart.
export function DateField({ pointer, label, hint, error, optional, value, onChange }) {
  const id = `f${pointer}`;
  const split = (text) => { const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text || ''); return found ? [found[3], found[2], found[1]] : ['', '', '']; };
  const [parts, setParts] = useState(split(value));
  useEffect(() => { if (value) setParts(split(value)); }, [value]);
  const change = (next) => {
    setParts(next);
    const [d, m, y] = next;
    onChange(d && m && y.length === 4 ? `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}` : undefined);
  };
  const paste = (event) => {
    const text = event.clipboardData.getData('text').trim();
    const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text), local = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/.exec(text);
    if (!iso && !local) return;
    event.preventDefault();
    change(iso ? [iso[3], iso[2], iso[1]] : [local[1], local[2], local[3]]);
  };
  const box = (index, name, size) => html`<div class=${`date-part ${size}`}><label for=${index ? `${id}-${index}` : id} class="small">${t(name)}</label>
    <input id=${index ? `${id}-${index}` : id} inputmode="numeric" autocomplete="off" maxlength=${size === 'year' ? 4 : 2} value=${parts[index]} onPaste=${paste}
      aria-invalid=${error ? 'true' : null} aria-describedby=${described(id, hint, error)} onInput=${(event) => change(parts.map((part, i) => (i === index ? event.target.value.replace(/\D/g, '') : part)))} /></div>`;
  return html`<fieldset class=${`field ${error ? 'faulty' : ''}`}><legend>${label}${optional && html` <span class="soft">${t('optional')}</span>`}</legend>
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    <div class="row date">${box(0, 'date.day', 'day')}${box(1, 'date.month', 'month')}${box(2, 'date.year', 'year')}</div>
    ${error && html`<p class="fault" id=${`${id}-fault`}>${error}</p>`}</fieldset>`;
}

// Options: [[value, label]] or a code list by name.
export const optionsOf = (options, list) => options || codes(list).map((entry) => [entry.code, entry[lang()]]);

export function SelectField({ pointer, label, hint, error, optional, value, onChange, options, list, empty = '' }) {
  const id = `f${pointer}`;
  return html`<${Field} id=${id} label=${label} hint=${hint} error=${error} optional=${optional}>
    <select id=${id} value=${value ?? ''} onChange=${(event) => onChange(event.target.value || undefined)} aria-invalid=${error ? 'true' : null} aria-describedby=${described(id, hint, error)}>
      <option value="">${empty || t('choose')}</option>${optionsOf(options, list).map(([word, text]) => html`<option value=${word} selected=${word === value}>${text}</option>`)}
    </select><//>`;
}

export function RadioField({ pointer, label, hint, error, optional, value, onChange, options, list, inline }) {
  const id = `f${pointer}`;
  return html`<fieldset class=${`field ${error ? 'faulty' : ''}`} aria-describedby=${described(id, hint, error)}><legend>${label}${optional && html` <span class="soft">${t('optional')}</span>`}</legend>
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    <div class=${inline ? 'choices inline' : 'choices'}>${optionsOf(options, list).map(([word, text], index) => html`<label class="choice" key=${String(word)}>
      <input type="radio" name=${id} id=${index ? `${id}-${index}` : id} checked=${value === word} onChange=${() => onChange(word)} /><span>${text}</span></label>`)}</div>
    ${error && html`<p class="fault" id=${`${id}-fault`}>${error}</p>`}</fieldset>`;
}

export const YesNoField = (props) => html`<${RadioField} inline options=${[[true, t('yes')], [false, t('no')]]} ...${props} />`;

export function CheckField({ pointer, label, hint, checked, onChange }) {
  const id = `f${pointer}`;
  return html`<label class="choice alone"><input type="checkbox" id=${id} checked=${Boolean(checked)} onChange=${(event) => onChange(event.target.checked)} /><span>${label}${hint && html`<small class="soft">${hint}</small>`}</span></label>`;
}

export function CheckList({ pointer, label, hint, optional, value, onChange, options, list, error }) {
  const id = `f${pointer}`;
  const chosen = value || [];
  const toggle = (word) => onChange(chosen.includes(word) ? chosen.filter((entry) => entry !== word) : [...chosen, word]);
  return html`<fieldset class=${`field ${error ? 'faulty' : ''}`}><legend>${label}${optional && html` <span class="soft">${t('optional')}</span>`}</legend>
    ${hint && html`<p class="hint">${hint}</p>`}<div class="choices">${optionsOf(options, list).map(([word, text], index) => html`<label class="choice" key=${word}>
    <input type="checkbox" id=${index ? `${id}-${index}` : id} checked=${chosen.includes(word)} onChange=${() => toggle(word)} /><span>${text}</span></label>`)}</div>
    ${error && html`<p class="fault">${error}</p>`}</fieldset>`;
}

export function SearchBox({ label, hint, value, onSearch, busy }) {
  const [text, setText] = useState(value || '');
  return html`<form class="search" role="search" onSubmit=${(event) => { event.preventDefault(); onSearch(text.trim()); }}>
    <${Field} id="f/q" label=${label} hint=${hint}><div class="row nowrap"><input id="f/q" type="search" autocomplete="off" value=${text} onInput=${(event) => setText(event.target.value)} aria-describedby=${hint ? 'f/q-hint' : null} />
      <${Button} type="submit" kind="main" busy=${busy}>${t('search')}<//></div><//></form>`;
}

// From the caller's own area down to the village: children level by level, or a search by name. As a filter nothing is chosen by itself.
export function RegionPicker({ pointer, label, hint, error, value, onChange, optional, filter }) {
  const id = `f${pointer}`;
  const [path, setPath] = useState([]);
  const [levels, setLevels] = useState([]);
  const [q, setQ] = useState('');
  const [hits, setHits] = useState(null);
  const turn = useRef(0);
  useEffect(() => {
    let live = true;
    const open = async () => {
      const roots = (await api.get('/regions', { limit: 200 })).data.items;
      let chain = [];
      if (value) chain = (await api.get(`/regions/${value}`)).data.path || [];
      const below = [];
      const inside = chain.filter((_, i) => i >= Math.max(0, chain.findIndex((entry) => roots.some((root) => root.code === entry.code))));
      for (const entry of inside) below.push((await api.get('/regions', { parent: entry.code, limit: 200 })).data.items);
      if (live) { setLevels([roots, ...below].filter((items) => items.length)); setPath(inside); }
      if (live && !value && !filter && roots.length === 1) pick(0, roots[0], [roots], true);
    };
    open().catch(() => {});
    return () => { live = false; };
  }, []);
  const pick = async (depth, region, known = levels, byItself = false) => {
    const mine = ++turn.current;
    const next = [...path.slice(0, depth), region].filter(Boolean);
    setPath(next);
    setLevels(known.slice(0, depth + 1));
    onChange(region?.code, region, byItself);
    if (!region?.has_children) return;
    const items = await api.all('/regions', { parent: region.code });
    if (mine === turn.current) setLevels([...known.slice(0, depth + 1), items]);
  };
  const search = async (text) => {
    setQ(text);
    const mine = ++turn.current;
    if (text.length < 3) { setHits(null); return; }
    const { data } = await api.get('/regions', { q: text, limit: 10 });
    if (mine === turn.current) setHits(data.items);
  };
  const take = async (region) => {
    setHits(null);
    setQ('');
    const chain = (await api.get(`/regions/${region.code}`)).data.path || [region];
    const roots = levels[0] || [];
    const start = Math.max(0, chain.findIndex((entry) => roots.some((root) => root.code === entry.code)));
    const inside = chain.slice(start);
    const below = [];
    for (const entry of inside) below.push((await api.get('/regions', { parent: entry.code, limit: 200 })).data.items);
    setPath(inside);
    setLevels([roots, ...below].filter((items) => items.length));
    onChange(region.code, region);
  };
  return html`<fieldset class=${`field region ${error ? 'faulty' : ''}`}><legend>${label}${optional && html` <span class="soft">${t('optional')}</span>`}</legend>
    ${hint && html`<p class="hint">${hint}</p>`}
    <label class="visually-hidden" for=${`${id}-q`}>${t('region.search')}</label>
    <input id=${`${id}-q`} type="search" placeholder=${t('region.search')} autocomplete="off" value=${q} onInput=${(event) => search(event.target.value)} />
    ${hits && html`<ul class="list hits">${hits.map((region) => html`<li key=${region.code}><button type="button" class="button quiet" onClick=${() => take(region)}>${region.name} <span class="soft small">${region.path_text || region.code}</span></button></li>`)}
      ${hits.length === 0 && html`<li class="soft">${t('region.none')}</li>`}</ul>`}
    <div class="stack tight">${levels.map((items, depth) => html`<div key=${depth}><label class="visually-hidden" for=${depth ? `${id}-${depth}` : id}>${t('region.level', { level: depth + 1 })}</label>
      <select id=${depth ? `${id}-${depth}` : id} value=${path[depth]?.code || ''} aria-invalid=${error ? 'true' : null} onChange=${(event) => pick(depth, items.find((region) => region.code === event.target.value))}>
        <option value="">${t('region.choose')}</option>${items.map((region) => html`<option value=${region.code} selected=${region.code === path[depth]?.code}>${region.name}</option>`)}</select></div>`)}</div>
    ${error && html`<p class="fault">${error}</p>`}</fieldset>`;
}
