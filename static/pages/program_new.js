// program_new.js: a new program, made as a draft; its rule can be tried on households before it is activated.
import { html, useState } from '../app/html.js';
import { t, today } from '../app/i18n.js';
import { api } from '../app/api.js';
import { navigate } from '../app/router.js';
import { Page, Button, Card, ErrorSummary, useSubmit } from '../app/parts.js';
import { ProgramFields, fieldName } from './program_form.js';
import { RuleFields } from './program_rule.js';

export default function ProgramNewPage() {
  const [given, setGiven] = useState({ currency: 'IDR', unit: 'household', starts_on: today(), approvals_required: 1 });
  const { submit, busy, problem } = useSubmit(async (key) => navigate(`/program/${(await api.post('/programs', given, { key })).data.id}`, { replace: true }));
  return html`<${Page} title=${t('program.new')} lead=${t('program.new.lead')} back="/program">
    <form class="stack" novalidate onSubmit=${(event) => { event.preventDefault(); submit(); }}>
      <${ErrorSummary} problem=${problem} names=${fieldName} />
      <${ProgramFields} given=${given} setGiven=${setGiven} problem=${problem} />
      <${Card} title=${t('rule.title')}><${RuleFields} value=${given} onChange=${setGiven} problem=${problem} withUnit /><//>
      <div class="row"><${Button} type="submit" kind="main" busy=${busy}>${t('program.make')}<//></div>
    </form><//>`;
}
