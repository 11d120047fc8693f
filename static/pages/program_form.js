// program_form.js: what a program is and what it may spend: the fields of a new one and of one that is changed.
import { html } from '../app/html.js';
import { t, code } from '../app/i18n.js';
import { Card } from '../app/parts.js';
import { TextField, NumberField, MoneyField, DateField, SelectField, CheckField, faultAt } from '../app/parts_form.js';

export const fieldName = (pointer) => t(`program.field.${pointer.slice(1)}`);

// `fixed`: an active program keeps its unit, and its guards can only be raised.
export function ProgramFields({ given, setGiven, problem, fixed }) {
  const field = (name) => ({ pointer: `/${name}`, label: t(`program.field.${name}`), value: given[name], error: faultAt(problem, `/${name}`), onChange: (value) => setGiven((old) => ({ ...old, [name]: value === '' ? undefined : value })) });
  const check = (name) => ({ pointer: `/${name}`, label: t(`program.field.${name}`), hint: faultAt(problem, `/${name}`) || t(`program.field.${name}.hint`), checked: Boolean(given[name]), onChange: (value) => setGiven((old) => ({ ...old, [name]: value })) });
  return html`<${Card} title=${t('program.what')}><${TextField} ...${field('name')} /><${TextField} ...${field('owner')} /><${SelectField} ...${field('category')} list="program_category" empty=${t('choose')} />
      ${fixed ? html`<p class="small soft">${t('program.field.unit.fixed', { unit: code('program_unit', given.unit) })}</p>` : html`<${SelectField} ...${field('unit')} list="program_unit" />`}<//>
    <${Card} title=${t('program.money')}><${MoneyField} ...${field('budget_minor')} currency=${given.currency} hint=${t('program.field.budget_minor.hint')} /><${DateField} ...${field('starts_on')} /><${DateField} ...${field('ends_on')} optional />
      <${NumberField} ...${field('approvals_required')} hint=${fixed ? t('program.field.guards.fixed') : undefined} /><${CheckField} ...${check('community_validation')} /><${CheckField} ...${check('strict_duties')} /><//>`;
}
