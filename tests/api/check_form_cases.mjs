// check_form_cases.mjs: the questionnaire's logic as the browser runs it, on the cases that test_form_cases runs on the server's.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = process.cwd();
const { FormRun, flatten, unreadable } = await import(pathToFileURL(join(root, 'static/app/form_run.js')));
let form, flat, failed = 0;
const told = (value) => JSON.stringify(value, (_, entry) => (entry && typeof entry === 'object' && !Array.isArray(entry) ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1))) : entry));

function outcome(entry) {
  const options = { on: entry.on || '2026-11-24', members: entry.members };
  if (entry.expr === undefined) {
    const run = new FormRun(form, entry.answers, { ...options, flat });
    const faults = run.faults().map((fault) => [fault.pointer, fault.code]);
    return faults.length ? faults : run.gather();
  }
  const asked = { ...form, questions: [...form.questions, { name: 'worked_out', type: 'calculated', result: entry.result, calculation: entry.expr }] };
  return new FormRun(asked, entry.answers, options).gather().worked_out ?? null;
}

for (const line of readFileSync(join(root, 'tests/vectors/form_cases.jsonl'), 'utf8').trim().split('\n')) {
  const entry = JSON.parse(line);
  if (entry.form) { form = entry.form; flat = flatten(form); continue; }
  const wanted = entry.expr === undefined ? entry.faults || entry.gives : entry.value;
  const got = outcome(entry);
  const good = told(got) === told(wanted);
  if (!good) failed++;
  console.log(`${good ? 'ok' : 'not ok'} ${entry.what || entry.expr}${good ? '' : `\n  got ${told(got)}\n  wanted ${told(wanted)}`}`);
}

for (const text of ['1 +', 'nothing(1)', 'has(floor)', '(1', '"open', 'a = b', 'a.b.', '[1', 'a ? b', 'a ? b ? 1 : 2 : 3', '#']) {
  const found = unreadable({ questions: [{ name: 'a', type: 'text', relevant: text }] });
  if (found.length !== 1) failed++;
  console.log(`${found.length === 1 ? 'ok' : 'not ok'} no expression: ${text}`);
}
process.exit(failed ? 1 : 0);
