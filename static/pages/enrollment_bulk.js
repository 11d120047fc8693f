// enrollment_bulk.js: a whole region at once. First counted without storing anything, then run as a job with its progress.
import { html, useState } from '../app/html.js';
import { t, has, number } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Button, Card, Confirm, Figures, List, Note, Progress, ProblemNote, useSubmit } from '../app/parts.js';
import { RegionPicker } from '../app/parts_form.js';

const reasonOf = (name) => (has(`bulk.skip.${name}`) ? t(`bulk.skip.${name}`) : name.replaceAll('_', ' '));
const SHOWN = ['enrolled', 'eligible', 'proposed', 'not_eligible', 'undetermined', 'refused', 'waitlisted'];

function Outcome({ result }) {
  const skipped = {};
  for (const row of result.skipped || []) skipped[row.code] = (skipped[row.code] || 0) + 1;
  const named = Object.values(skipped).reduce((sum, count) => sum + count, 0);
  const rest = (result.skipped_count || 0) - named;
  return html`<${Figures} items=${[...SHOWN.filter((name) => result[name] !== undefined).map((name) => [t(`bulk.${name}`), number(result[name])]), [t('bulk.skipped'), number(result.skipped_count || 0)]]} />
    ${named > 0 && html`<div class="stack tight"><h3>${t('bulk.skipped.why')}</h3><${List} items=${Object.entries(skipped)}>${([name, count]) => html`<li key=${name}><span class="grow">${reasonOf(name)}</span><b>${number(count)}</b></li>`}<//>
      ${rest > 0 && html`<p class="small soft">${t('bulk.skipped.rest', { count: number(rest) })}</p>`}</div>`}`;
}

export function BulkEnrollment({ program, onDone, onCancel }) {
  const [region, setRegion] = useState(null);
  const [job, setJob] = useState(null);
  const [counted, setCounted] = useState(null);
  const [finished, setFinished] = useState(null);
  const run = useSubmit(async (key, dry) => {
    setJob({ done: 0, total: 0 });
    try {
      const { data } = await api.post(`/programs/${program.id}/enrollments/bulk`, { region: region.code, dry_run: dry }, { key });
      const ended = await api.job(data.job_id, setJob);
      if (dry) setCounted(ended);
      else { setFinished(ended); onDone(); }
    } finally {
      setJob(null);
    }
  });
  const shown = finished || counted;
  return html`<${Card} title=${t('bulk.title')}><p>${t('bulk.lead')}</p>
    ${!shown && !job && html`<${RegionPicker} pointer="/region" label=${t('region')} value=${region?.code} onChange=${(code, chosen) => setRegion(chosen || null)} />`}
    <${ProblemNote} problem=${run.problem} />
    ${job && html`<div role="status"><${Progress} label=${t('bulk.running')} done=${job.done} total=${job.total} /></div>`}
    ${shown && !job && (shown.state === 'done'
      ? html`<${Note} kind=${finished ? 'good' : 'info'} role="status" title=${t(finished ? 'bulk.finished' : 'bulk.counted', { region: region.name })} /><${Outcome} result=${shown.result || {}} />`
      : html`<${Note} kind="bad" role="alert" title=${t('bulk.failed')} />`)}
    ${counted?.state === 'done' && !finished && !job
      ? html`<${Confirm} title=${t('bulk.confirm')} act=${t('bulk.run')} busy=${run.busy} problem=${run.problem} onDone=${() => run.submit(false)} onCancel=${() => setCounted(null)}><p>${t('bulk.confirm.text', { program: program.name, region: region.name })}</p><//>`
      : html`<div class="row">${!shown && html`<${Button} kind="main" disabled=${!region} busy=${run.busy} onClick=${() => run.submit(true)}>${t('bulk.count')}<//>`}<${Button} kind="quiet" disabled=${run.busy} onClick=${onCancel}>${t('close')}<//></div>`}
  <//>`;
}
