// program_new.js: a new program, made as a draft; its rule can be tried on households before it is activated.
import { html, useState } from '../app/html.js';
import { t, today } from '../app/i18n.js';
import { api } from '../app/api.js';
import { navigate } from '../app/router.js';
import { Page, Button, Card, ErrorSummary, useSubmit } from '../app/parts.js';
import { TextField, NumberField, MoneyField, DateField, SelectField, CheckField, faultAt } from '../app/parts_form.js';
import { RuleFields } from './program_rule.js';

export default function ProgramNewPage() {
  const [given, setGiven] = useState({ currency: 'IDR', unit: 'household', starts_on: today(), approvals_required: 1 });
  const { submit, busy, problem } = useSubmit(async (key) => navigate(`/program/${(await api.post('/programs', given, { key })).data.id}`, { replace: true }));
  const field = (name) => ({ pointer: `/${name}`, label: t(`program.field.${name}`), value: given[name], error: faultAt(problem, `/${name}`), onChange: (value) => setGiven((old) => ({ ...old, [name]: value === '' ? undefined : value })) });
  const check = (name) => ({ pointer: `/${name}`, label: t(`program.field.${name}`), hint: t(`program.field.${name}.hint`), checked: Boolean(given[name]), onChange: (value) => setGiven((old) => ({ ...old, [name]: value })) });
  return html`<${Page} title=${t('program.new')} lead=${t('program.new.lead')} back="/program">
    <form class="stack" novalidate onSubmit=${(event) => { event.preventDefault(); submit(); }}>
      <${ErrorSummary} problem=${problem} names=${(pointer) => t(`program.field.${pointer.slice(1)}`)} />
      <${Card} title=${t('program.what')}><${TextField} ...${field('name')} /><${TextField} ...${field('owner')} /><${SelectField} ...${field('category')} list="program_category" empty=${t('choose')} /><${SelectField} ...${field('unit')} list="program_unit" /><//>
      <${Card} title=${t('program.money')}><${MoneyField} ...${field('budget_minor')} currency=${given.currency} hint=${t('program.field.budget_minor.hint')} /><${DateField} ...${field('starts_on')} /><${DateField} ...${field('ends_on')} optional /><${NumberField} ...${field('approvals_required')} /><${CheckField} ...${check('community_validation')} /><${CheckField} ...${check('strict_duties')} /><//>
      <${Card} title=${t('rule.title')}><${RuleFields} value=${given} onChange=${setGiven} problem=${problem} withUnit /><//>
      <div class="row"><${Button} type="submit" kind="main" busy=${busy}>${t('program.make')}<//></div>
    </form><//>`;
}
