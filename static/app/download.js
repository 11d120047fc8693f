// download.js: the list on the page as a file: which format, which columns; the filter is the page's own. Whoever may not take persons out does not see it.
import { html, useState } from './html.js';
import { t, has, loadWords } from './i18n.js';
import { api } from './api.js';
import { can } from './session.js';
import { save } from './save.js';
import { sheet } from './sheet.js';
import { Button, Card, Note, ProblemNote, useSubmit } from './parts.js';
import { CheckList, SelectField, faultAt } from './parts_form.js';

await Promise.all([loadWords('list'), sheet('/css/desk.css')]);

const FORMATS = [['csv', 'CSV'], ['ndjson', 'NDJSON'], ['xlsx', 'XLSX']];
const SEEN = 20; // rows that the file's first page holds in any case: what they bear is known as a column

const isGroup = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const flat = (item, prefix = '') => Object.entries(item).flatMap(([name, value]) => (isGroup(value) ? flat(value, `${prefix}${name}.`) : [`${prefix}${name}`]));
const namesOf = (items) => [...new Set(items.slice(0, SEEN).flatMap((item) => flat(item)))].filter((name) => name.split('.').every((part) => has(`column.${part}`)));
const labelOf = (name) => name.split('.').map((part) => t(`column.${part}`)).join(': ');

// `items` are the rows that the page shows, `without` what is no column for a person.
export function Download({ path, query, items, name, without = [] }) {
  const [format, setFormat] = useState('csv');
  const [chosen, setChosen] = useState(null);
  const [done, setDone] = useState(false);
  const names = namesOf(items || []).filter((one) => !without.includes(one));
  const columns = names.filter((one) => !chosen || chosen.includes(one));
  const work = useSubmit(async () => {
    setDone(false);
    save((await api.file(path, { ...query, as: format, columns: columns.join(',') })).data, `${name}.${format}`);
    setDone(true);
  });
  if (!can('export.personal') || names.length === 0) return null;
  return html`<div class="noprint"><${Card}><details class="download"><summary>${t('list.get')}</summary><form class="stack" onSubmit=${(event) => { event.preventDefault(); work.submit(); }}>
    <p class="soft">${t('list.get.text')}</p><${ProblemNote} problem=${work.problem} />
    <div class="row filters"><${SelectField} pointer="/as" label=${t('list.get.format')} empty=${t('choose')} value=${format} options=${FORMATS} onChange=${(word) => setFormat(word || 'csv')} /></div>
    <div class="columns"><${CheckList} pointer="/columns" label=${t('list.get.columns')} value=${columns} options=${names.map((one) => [one, labelOf(one)])} onChange=${setChosen} error=${faultAt(work.problem, '/columns')} /></div>
    <div><${Button} type="submit" kind="main" busy=${work.busy} disabled=${columns.length === 0}>${t('list.get.act')}<//></div>
    ${done && html`<${Note} kind="good" role="status">${t('list.get.done')}<//>`}</form></details><//></div>`;
}
