// proof.js: an exported file, its manifest and the manifest's signature, checked in this browser: nothing is sent anywhere.
import { html, useState } from '../app/html.js';
import { t, has, number, instant, code } from '../app/i18n.js';
import { api } from '../app/api.js';
import { Page, Card, Button, Note, List, State, ProblemNote, useSubmit } from '../app/parts.js';
import { TextField } from '../app/parts_form.js';
import { checkExport } from './proof_check.js';
import { parseKey } from './merkle.js';

const KINDS = new Map([[true, 'good'], [false, 'bad'], [null, 'warn']]);
const WORDS = new Map([[true, 'yes'], [false, 'no'], [null, 'unknown']]);

const shown = (value) => (typeof value === 'number' ? number(value) : String(value));

function Check({ check }) {
  const differs = check.holds === false && check.found !== undefined;
  return html`<li class="stack tight" key=${check.name}><div class="row nowrap"><b class="grow">${t(`verify.${check.name}`)}</b><${State} kind=${KINDS.get(check.holds)}>${t(`verify.state.${WORDS.get(check.holds)}`)}<//></div>
    ${check.holds === false && has(`verify.${check.name}.no`) && html`<p class="small">${t(`verify.${check.name}.no`)}</p>`}
    ${differs ? html`<p class="small">${t('verify.found')} <code>${shown(check.found)}</code><br />${t('verify.wanted')} <code>${shown(check.wanted ?? '–')}</code></p>`
      : check.found !== undefined && html`<p class="small soft"><code>${shown(check.found)}</code></p>`}</li>`;
}

const FILTERS = { from: 'export.from', to: 'export.to', program: 'batch.program', cycle: 'batch.cycle', batch: 'batch.one', region: 'region', state: 'state', date: 'verify.filter.date', rows: 'verify.filter.rows' };
const filterValue = (name, value) => (name === 'state' ? code('disbursement_state', value) : has(`verify.filter.${value}`) ? t(`verify.filter.${value}`) : value);

function Result({ result }) {
  const word = WORDS.get(result.holds), { manifest } = result;
  return html`<${Note} kind=${KINDS.get(result.holds)} role=${result.holds ? 'status' : 'alert'} title=${t(`verify.result.${word}`)}>${result.holds === null && html`<p>${t('verify.no_ed25519')}</p>`}<//>
    <${Card} title=${t('verify.checks')}><${List} items=${result.checks}>${(check) => html`<${Check} check=${check} />`}<//>
      <p class="small soft">${t(result.pasted ? 'verify.by_pasted' : 'verify.by_registry')} ${t('verify.cli')} <code>lumbung verify FILE</code></p><//>
    <${Card} title=${t('verify.says')}><dl class="facts"><dt>${t('verify.made')}</dt><dd>${manifest.made_by} · ${instant(manifest.made_at)}</dd>
      <dt>${t('export.rows')}</dt><dd>${number(manifest.rows)}</dd>
      <dt>${t('verify.filters')}</dt><dd>${Object.entries(manifest.filters || {}).map(([name, value]) => html`<div key=${name}>${FILTERS[name] ? t(FILTERS[name]) : name}: ${filterValue(name, value)}</div>`)}</dd>
      <dt>${t('audit.size')}</dt><dd>${number(result.size)}</dd></dl><//>`;
}

export default function ProofPage() {
  const [file, setFile] = useState(null);
  const [manifest, setManifest] = useState(null);
  const [key, setKey] = useState('');
  const [fault, setFault] = useState(null);
  const [result, setResult] = useState(null);
  const check = useSubmit(async () => {
    setFault(null);
    setResult(null);
    const trusted = await parseKey(key.trim() || (await api.get('/audit/key')).data);
    if (!trusted) { setFault('key'); return; }
    try {
      setResult({ ...(await checkExport(await file.arrayBuffer(), await manifest.text(), trusted.key)), pasted: Boolean(key.trim()) });
    } catch (failure) {
      if (!(failure instanceof SyntaxError) && failure.name !== 'NotReadableError') throw failure;
      setFault('file');
    }
  });
  const anew = (take) => (event) => { setResult(null); setFault(null); take(event.target.files[0]); };
  return html`<${Page} title=${t('nav.proof')} lead=${t('verify.lead')}>
    <form class="card stack" novalidate onSubmit=${(event) => { event.preventDefault(); check.submit(); }}>
      <div class="field"><label for="file">${t('verify.file')}</label><input id="file" type="file" accept=".csv,.ndjson,.xlsx" onChange=${anew(setFile)} /></div>
      <div class="field"><label for="manifest">${t('verify.manifest')}</label><input id="manifest" type="file" accept=".json" onChange=${anew(setManifest)} /></div>
      <${TextField} pointer="/key" label=${t('verify.key_field')} hint=${t('verify.key_hint')} optional rows=${2} class="code" autocomplete="off" spellcheck="false" value=${key} onChange=${(text) => { setResult(null); setFault(null); setKey(text); }} error=${fault === 'key' && t('verify.key_unreadable')} />
      <${ProblemNote} problem=${check.problem} />
      <div><${Button} type="submit" kind="main" busy=${check.busy} disabled=${!file || !manifest}>${t('verify.check')}<//></div></form>
    ${fault === 'file' && html`<${Note} kind="bad" role="alert" title=${t('verify.unreadable')} />`}
    ${result && html`<${Result} result=${result} />`}
    <${Card} title=${t('verify.what')}><p>${t('verify.what.text')}</p><//>
  <//>`;
}
