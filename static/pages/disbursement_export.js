// disbursement_export.js: the records of the filter on the page as a file, with its signed manifest.
import { html, useState } from '../app/html.js';
import { t, number } from '../app/i18n.js';
import { api } from '../app/api.js';
import { save } from '../app/save.js';
import { Card, Button, Note, Figures, ProblemNote, useSubmit } from '../app/parts.js';
import { SelectField, TextField } from '../app/parts_form.js';

export function Export({ filter, count }) {
  const [format, setFormat] = useState('csv');
  const [reason, setReason] = useState('');
  const [manifest, setManifest] = useState(null);
  const { submit, busy, problem } = useSubmit(async () => {
    setManifest(null);
    const file = await api.file(`/exports/disbursements.${format}`, { ...filter, reason });
    save(file.data, `penyaluran.${format}`);
    const blob = (await api.file(file.manifest.replace('/api/v1', ''))).data;
    setManifest({ blob, format, ...JSON.parse(await blob.text()) });
  });
  return html`<${Card} title=${t('export.title')}><details><summary>${t('export.open')}</summary><form class="stack" onSubmit=${(event) => { event.preventDefault(); submit(); }}>
    <${ProblemNote} problem=${problem} />
    <p class="soft">${t('export.same', { count: number(count) })}</p>
    <div class="row filters"><${SelectField} pointer="/format" label=${t('export.format')} value=${format} onChange=${(value) => setFormat(value || 'csv')} options=${[['csv', 'CSV'], ['ndjson', 'NDJSON'], ['xlsx', 'XLSX']]} />
      <${TextField} pointer="/reason" label=${t('export.reason')} hint=${t('export.reason.hint')} optional value=${reason} onChange=${setReason} /></div>
    <div><${Button} type="submit" kind="main" busy=${busy}>${t('export.get')}<//></div></form></details>
    ${manifest && html`<${Note} kind="good" role="status" title=${t('export.done')}><${Figures} items=${[[t('export.rows'), number(manifest.rows)]]} />
      <p><code>${manifest.sha256}</code></p><p>${t('export.verify')}</p><${Button} onClick=${() => save(manifest.blob, `penyaluran.${manifest.format}.manifest.json`)}>${t('export.manifest')}<//><//>`}<//>`;
}
