// score_form.js: the fields of a score: what it is, its indicators one by one, and its table pasted as lines.
import { html } from '../app/html.js';
import { t } from '../app/i18n.js';
import { Button, Card } from '../app/parts.js';
import { TextField, SelectField } from '../app/parts_form.js';
import { KINDS, emptyIndicator } from './score_text.js';

// A fault of a line lies below the field that holds the lines.
const faultBelow = (problem, pointer) => problem?.errors?.filter((fault) => fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`)).map((fault) => (fault.pointer === pointer ? fault.detail : `${fault.pointer.slice(pointer.length + 1)}: ${fault.detail}`)).slice(0, 3).join(' ') || undefined;

export const fieldName = (pointer) => {
  const found = /^\/indicators\/(\d+)/.exec(pointer);
  return found ? t('skor.indicator', { number: Number(found[1]) + 1 }) : t(`skor.field.${pointer.split('/')[1] || 'name'}`);
};

function Indicator({ index, row, onChange, onRemove, problem }) {
  const at = `/indicators/${index}`;
  const field = (name, pointer = name) => ({ pointer: `${at}/${pointer}`, label: t(`skor.field.${name}`), value: row[name], error: faultBelow(problem, `${at}/${pointer}`), onChange: (value) => onChange({ ...row, [name]: value }) });
  return html`<fieldset class="card stack"><legend><b>${t('skor.indicator', { number: index + 1 })}</b></legend>
    <${TextField} ...${field('label_id', 'label/id')} /><${TextField} ...${field('label_en', 'label/en')} />
    <${TextField} ...${field('input')} rows="2" class="code" spellcheck=${false} hint=${t('skor.field.input.hint')} />
    <${SelectField} pointer=${`${at}/kind`} label=${t('skor.field.kind')} value=${row.kind} options=${KINDS.map((kind) => [kind, t(`skor.kind.${kind}`)])} onChange=${(kind) => onChange({ ...row, kind })} />
    ${row.kind === 'coefficient' && html`<${TextField} ...${field('coefficient')} inputmode="decimal" />`}
    ${row.kind === 'points' && html`<${TextField} ...${field('points')} rows="4" class="code" spellcheck=${false} hint=${t('skor.field.points.hint')} />`}
    ${row.kind === 'ranges' && html`<${TextField} ...${field('ranges')} rows="4" class="code" spellcheck=${false} hint=${t('skor.field.ranges.hint')} /><${TextField} ...${field('step')} optional inputmode="decimal" hint=${t('skor.field.step.hint')} />`}
    ${row.kind !== 'points' && html`<div class="row filters"><${TextField} ...${field('least')} label=${t('skor.field.input_least')} optional inputmode="decimal" /><${TextField} ...${field('most')} label=${t('skor.field.input_most')} optional inputmode="decimal" /></div>`}
    <div class="row"><${Button} kind="quiet" onClick=${onRemove}>${t('skor.indicator.remove', { number: index + 1 })}<//></div></fieldset>`;
}

export function ScoreFields({ given, setGiven, problem, fixed }) {
  const field = (name, pointer = name) => ({ pointer: `/${pointer}`, label: t(`skor.field.${name}`), value: given[name], error: faultBelow(problem, `/${pointer}`), onChange: (value) => setGiven({ ...given, [name]: value }) });
  const change = (index, row) => setGiven({ ...given, indicators: given.indicators.map((old, i) => (i === index ? row : old)) });
  return html`<${Card} title=${t('skor.what')}>${fixed ? html`<p><b>${given.name}</b></p>` : html`<${TextField} ...${field('name')} hint=${t('skor.field.name.hint')} />`}
      <${TextField} ...${field('label_id', 'label/id')} /><${TextField} ...${field('label_en', 'label/en')} /><${TextField} ...${field('source')} optional hint=${t('skor.field.source.hint')} />
      <${TextField} ...${field('constant')} optional inputmode="decimal" hint=${t('skor.field.constant.hint')} /><div class="row filters"><${TextField} ...${field('least')} optional inputmode="decimal" /><${TextField} ...${field('most')} optional inputmode="decimal" /></div><//>
    <${Card} title=${t('skor.indicators')}><p class="soft">${t('skor.indicators.text')}</p>
      ${given.indicators.map((row, index) => html`<${Indicator} key=${index} index=${index} row=${row} problem=${problem} onChange=${(next) => change(index, next)} onRemove=${() => setGiven({ ...given, indicators: given.indicators.filter((_, i) => i !== index) })} />`)}
      <div class="row"><${Button} onClick=${() => setGiven({ ...given, indicators: [...given.indicators, emptyIndicator()] })}>${t('skor.indicator.add')}<//></div><//>
    <${Card} title=${t('skor.lookup')}><${TextField} ...${field('lookup')} optional rows="6" class="code" spellcheck=${false} hint=${t('skor.field.lookup.hint')} /><//>`;
}
