// proof.js: an exported file against its manifest, in this browser: nothing is sent anywhere.
import { html, useState } from '../app/html.js';
import { t, number, instant } from '../app/i18n.js';
import { Page, Card, Button, Note, List } from '../app/parts.js';
import { fileDigest, parseNote } from './merkle.js';

// Rows of a CSV without its head: line ends outside quotes.
function countRows(text) {
  let rows = 0, quoted = false;
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    else if (char === '\n' && !quoted) rows++;
  }
  return rows - 1 + (text.endsWith('\n') ? 0 : 1);
}

const expectedDigest = (manifest) => manifest.sha256 || manifest.digest || manifest.file_sha256;

export default function ProofPage() {
  const [file, setFile] = useState(null);
  const [manifest, setManifest] = useState(null);
  const [result, setResult] = useState(null);
  const check = async (event) => {
    event.preventDefault();
    try {
      const body = JSON.parse(await manifest.text());
      const inner = body.manifest || body;
      const buffer = await file.arrayBuffer();
      const digest = await fileDigest(buffer);
      const text = new TextDecoder().decode(buffer);
      const csv = /\.csv$/i.test(file.name);
      const rows = csv ? countRows(text) : /ndjson$/i.test(file.name) ? text.split('\n').filter(Boolean).length : null;
      const wantedRows = inner.rows ?? inner.row_count;
      const note = inner.checkpoint ? parseNote(inner.checkpoint) : null;
      setResult({ digest, same: digest === expectedDigest(inner), rows, wantedRows, rowsSame: rows === null || rows === wantedRows, note, madeAt: inner.made_at });
    } catch {
      setResult({ unreadable: true });
    }
  };
  const holds = result && !result.unreadable && result.same && result.rowsSame;
  return html`<${Page} title=${t('nav.proof')} lead=${t('verify.lead')}>
    <form class="card stack" onSubmit=${check}>
      <div class="field"><label for="file">${t('verify.file')}</label><input id="file" type="file" accept=".csv,.ndjson,.xlsx" required onChange=${(event) => setFile(event.target.files[0])} /></div>
      <div class="field"><label for="manifest">${t('verify.manifest')}</label><input id="manifest" type="file" accept=".json" required onChange=${(event) => setManifest(event.target.files[0])} /></div>
      <div><${Button} type="submit" kind="main" disabled=${!file || !manifest}>${t('verify.check')}<//></div></form>
    ${result?.unreadable && html`<${Note} kind="bad" role="alert" title=${t('verify.unreadable')} />`}
    ${result && !result.unreadable && html`<${Note} kind=${holds ? 'good' : 'bad'} role="status" title=${t(holds ? 'verify.holds' : 'verify.fails')}>
      <${List} items=${[
        [t('verify.digest'), html`<code>${result.digest}</code>`], result.rows !== null && [t('export.rows'), `${number(result.rows)} / ${number(result.wantedRows)}`],
        result.madeAt && [t('verify.made'), instant(result.madeAt)], result.note && [t('audit.size'), number(result.note.size)],
      ].filter(Boolean)}>${([label, value]) => html`<li><span class="soft">${label}</span><span class="push">${value}</span></li>`}<//>
      <p class="small">${t('verify.cli')} <code>lumbung verify ${'FILE'}</code></p><//>`}
    <${Card} title=${t('verify.what')}><p>${t('verify.what.text')}</p><//>
  <//>`;
}
