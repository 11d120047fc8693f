// story_five_people.mjs: an officer registers, a manager plans, two approvers decide, an auditor exports and proves: one story, and what must not happen in it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, family } from './registry.mjs';

const binary = process.argv[2];
const registry = await startRegistry(binary);
const cli = (...words) => spawnSync(binary, words, { encoding: 'utf8' });
try {
  const as = async (name) => new Client(registry.base).signIn(name);
  const rina = await as('rina'), maya = await as('maya'), hendra = await as('hendra'), tuti = await as('tuti'), audi = await as('audi');
  const receipt = (more = {}) => ({ received_by: 'payee', method: 'cash', at: new Date().toISOString(), ...more });
  let households = [], program, cycle, batch, lines;

  await step('the officer registers families; numbers are masked in the answer', async () => {
    for (let i = 0; i < 4; i++) households.push(await rina.post('/households', family(i)));
    equal(households[0].members[0].nik, '**********0001', 'nik');
    equal(households[0].members.length, 2);
  });
  await step('the same NIK is named at the moment of entry', async () => {
    const again = await rina.post('/households', { ...family(0), members: [{ ...family(0).members[0], name: 'Siti Aminah Dua' }] });
    truth(again.possible_duplicates.some((duplicate) => duplicate.kind === 'nik'), 'no duplicate named');
    households.push(again);
  });
  await step('a NIK that disagrees with the birth date warns and does not block', async () => {
    const odd = await rina.post('/households', { ...family(7), members: [{ ...family(7).members[0], birth_date: '1990-01-01' }] });
    truth(odd.warnings.some((warning) => (warning.code || warning) === 'nik_birth_date'), JSON.stringify(odd.warnings));
  });
  await step('search forgives a typo and stays inside the area', async () => {
    const found = await rina.post('/households/search', { q: 'sitti aminah' });
    truth(found.items.some((item) => item.id === households[0].id), 'not found');
    const other = await maya.post('/households', family(0, '15.02.01.2001'));
    const near = await rina.post('/households/search', { q: 'siti aminah' });
    truth(!near.items.some((item) => item.id === other.id), 'a household of another area was found');
    const there = await fetchText(rina, `/households/${other.id}`), nowhere = await fetchText(rina, '/households/01900000-0000-7000-8000-000000000000');
    equal(there, nowhere, 'out of scope and absent differ');
  });
  await step('the past is kept: a correction, its history, and the household as of before', async () => {
    const before = new Date().toISOString();
    await new Promise((done) => setTimeout(done, 20));
    const changed = await rina.call('PATCH', `/households/${households[0].id}`, { rt: '009' }, { 'If-Match': `"${households[0].version}"` });
    equal(changed.rt, '009');
    await refused(rina.call('PATCH', `/households/${households[0].id}`, { rt: '008' }, { 'If-Match': `"${households[0].version}"` }), 412, 'stale');
    await refused(rina.call('PATCH', `/households/${households[0].id}`, { rt: '008' }), 428, 'version_required');
    equal((await rina.get(`/households/${households[0].id}?as_of=${encodeURIComponent(before)}`)).rt, '001', 'as of before');
    const history = await rina.get(`/households/${households[0].id}/history`);
    truth(history.items.some((entry) => entry.changes.some((change) => change.pointer === '/rt' && change.after === '009')), JSON.stringify(history).slice(0, 300));
  });
  await step('the questionnaire is answered; a missing and a contradicting answer are refused with their pointer', async () => {
    const form = (await rina.get('/forms')).items[0];
    const whole = await rina.get(`/forms/${form.id}`);
    const answers = {};
    for (const question of whole.questions) {
      if (question.type === 'select_one' && question.required && !question.relevant) answers[question.name] = question.choices[0].name;
      if (question.type === 'integer' && question.required && !question.relevant) answers[question.name] = 3;
    }
    answers.shocks = ['none'];
    answers.food_day = 'no';
    answers.damage = 'yes';
    answers.food_skip = 'yes';
    answers.ill_care = 'yes';
    answers.school_out = 'no';
    const body = { form_id: form.id, assessed_on: new Date().toISOString().slice(0, 10), answers };
    await refused(rina.post(`/households/${households[0].id}/assessments`, { ...body, answers: { ...answers, floor: undefined } }), 422, 'fields', '/answers/floor');
    await refused(rina.post(`/households/${households[0].id}/assessments`, { ...body, answers: { ...answers, shocks: ['none', 'job'] } }), 422, 'fields', '/answers/shocks');
    await refused(rina.post(`/households/${households[0].id}/assessments`, { ...body, answers: { ...answers, colour: 'red' } }), 422, 'fields', '/answers/colour');
    const made = await rina.post(`/households/${households[0].id}/assessments`, body);
    truth(Number.isInteger(made.scores[0].value) && made.scores[0].parts.length > 5, JSON.stringify(made.scores));
  });
  await step('the manager writes a program; a fault in the rule points at its character', async () => {
    const draft = { name: 'Keluarga Harapan', category: 'direct_aid', owner: 'Dinas Sosial', currency: 'IDR', unit: 'household', budget_minor: 700000000, starts_on: '2026-01-01', approvals_required: 2,
      rule: 'household.members.exists(m, age(m.birth_date) < 7)', entitlement: "[{'code': 'anak', 'kind': 'cash', 'amount_minor': amount(750000)}, {'code': 'beras', 'kind': 'goods', 'item': 'kg beras', 'quantity': 10}]" };
    const problem = await refused(maya.post('/programs', { ...draft, rule: 'household.memberz.exists(m, true)' }), 422, 'fields', '/rule');
    truth(problem.errors[0].detail.includes('character 11'), problem.errors[0].detail);
    await refused(maya.post('/programs', { ...draft, budget_minor: 7.5 }), 422, 'fields', '/budget_minor');
    await refused(maya.post('/programs', { ...draft, budget_minor: 50 }), 422, 'fields', '/budget_minor');
    await refused(rina.post('/programs', draft), 403, 'forbidden');
    program = await maya.post('/programs', draft);
    await maya.post(`/programs/${program.id}/activate`);
  });
  await step('eligibility tells each clause with its truth in plain words', async () => {
    const answer = await rina.call('POST', `/programs/${program.id}/eligibility`, { household_id: households[1].id });
    equal([answer.outcome, answer.entitlement_minor, answer.clauses.length], ['eligible', 75000000, 1]);
    truth(answer.clauses[0].text.length > 10 && answer.clauses[0].value === true, JSON.stringify(answer.clauses));
    const unsaved = await rina.call('POST', `/programs/${program.id}/eligibility`, { household: { region: '15.01.01.2001', members: [{ sex: 'F' }] } });
    equal(unsaved.outcome, 'undetermined', 'a missing birth date');
    truth(unsaved.missing.length > 0, 'nothing named as missing');
  });
  await step('an officer proposes, the manager enrolls one by one and in bulk', async () => {
    equal((await rina.post(`/programs/${program.id}/enrollments`, { household_id: households[0].id })).state, 'proposed');
    const proposal = (await maya.get(`/programs/${program.id}/enrollments?state=proposed`)).items[0];
    equal((await maya.post(`/enrollments/${proposal.id}/accept`, { reason: 'sesuai' })).state, 'enrolled');
    const { job_id } = await maya.post(`/programs/${program.id}/enrollments/bulk`, { region: '15.01' });
    let job;
    do job = await maya.get(`/jobs/${job_id}`); while (job.state === 'open');
    equal(job.state, 'done');
    truth((await maya.get(`/programs/${program.id}/enrollment-counts`)).enrolled >= 4, 'too few enrolled');
    await refused(maya.post(`/programs/${program.id}/enrollments`, { household_id: households[0].id }), 409, 'exists');
  });
  await step('a batch is built, locked and submitted; its maker may not approve it', async () => {
    cycle = await maya.post(`/programs/${program.id}/cycles`, { name: 'Tahap 1', starts_on: '2026-11-01', ends_on: '2026-12-31' });
    batch = await maya.post(`/cycles/${cycle.id}/batches`, {});
    truth(batch.count >= 3, `count ${batch.count}`);
    await refused(maya.post(`/batches/${batch.id}/submit`), 409, 'state');
    batch = await maya.post(`/batches/${batch.id}/lock`);
    equal(batch.digest.length, 64);
    batch = await maya.post(`/batches/${batch.id}/submit`);
    await refused(maya.post(`/batches/${batch.id}/approve`, { digest: batch.digest }), 403, undefined);
    await refused(rina.post(`/batches/${batch.id}/approve`, { digest: batch.digest }), 403, 'forbidden');
    await refused(hendra.post(`/batches/${batch.id}/release`), 409, 'state');
  });
  await step('the digest over the lines can be computed by anyone', async () => {
    const items = (await hendra.get(`/batches/${batch.id}/items?limit=200`)).items.filter((item) => item.state === 'in');
    const rule = createHash('sha256').update(`${program.rule}\n${program.entitlement}\nIDR`).digest('hex');
    const text = ['lumbung-batch-1', `${program.id}|${cycle.id}|${batch.id}|${batch.version}|IDR|${batch.count}|${batch.total_minor}|${rule}`];
    for (const item of items.sort((a, b) => (a.id < b.id ? -1 : 1))) {
      const head = (await rina.get(`/households/${item.household_id}`)).head_member_id;
      for (const part of item.parts.sort((a, b) => (a.code < b.code ? -1 : 1)))
        text.push(`${item.id}|${item.enrollment_id}|${head}|${part.code}|${part.kind}|${part.item ?? ''}|${part.quantity ?? ''}|${part.amount_minor ?? ''}|`);
    }
    equal(createHash('sha256').update(`${text.join('\n')}\n`).digest('hex'), batch.digest, 'digest');
  });
  await step('two distinct approvers sign exactly that digest', async () => {
    await refused(hendra.post(`/batches/${batch.id}/approve`, { digest: '0'.repeat(64) }), 409, 'digest_changed');
    equal((await hendra.post(`/batches/${batch.id}/approve`, { digest: batch.digest })).state, 'in_approval');
    equal((await hendra.post(`/batches/${batch.id}/approve`, { digest: batch.digest })).state, 'in_approval', 'the same person twice is one');
    equal((await tuti.post(`/batches/${batch.id}/approve`, { digest: batch.digest })).state, 'approved');
  });
  await step('a second batch above the budget is refused, the first is released', async () => {
    const second = await maya.post(`/programs/${program.id}/cycles`, { name: 'Tahap 2', starts_on: '2026-12-01', ends_on: '2026-12-31' });
    let other = await maya.post(`/cycles/${second.id}/batches`, {});
    await maya.post(`/batches/${other.id}/lock`);
    const present = await maya.get(`/programs/${program.id}`);
    await maya.call('PATCH', `/programs/${program.id}`, { budget_minor: batch.total_minor + 100 }, { 'If-Match': `"${present.version}"` });
    await refused(maya.post(`/batches/${other.id}/submit`), 409, 'budget');
    equal((await tuti.post(`/batches/${batch.id}/release`)).state, 'released');
  });
  await step('hand-out: partial, the rest, a second pick-up told when and where, undo by a counter-entry', async () => {
    lines = (await rina.get(`/disbursements?batch=${batch.id}`)).items;
    const line = lines[0];
    equal((await rina.post(`/disbursements/${line.id}/receipt`, receipt({ amount_minor: 30000000, parts: [] }))).state, 'partly_paid');
    await refused(rina.post(`/disbursements/${line.id}/receipt`, receipt({ amount_minor: 45000100 })), 422, 'fields', '/amount_minor');
    await refused(rina.post(`/disbursements/${line.id}/receipt`, receipt({ received_by: 'collector' })), 422, 'fields', '/collector_name');
    equal((await rina.post(`/disbursements/${line.id}/receipt`, receipt())).state, 'paid');
    const again = await refused(rina.post(`/disbursements/${line.id}/receipt`, receipt()), 409, 'already_received');
    truth(again.at && again.place.includes('Seleman') && again.by, JSON.stringify(again));
    const undone = await rina.post(`/disbursements/${line.id}/reverse`, { reason: 'salah orang' });
    equal([undone.state, undone.received_minor, undone.open_minor], ['partly_paid', 30000000, 45000000]);
    await rina.post(`/disbursements/${lines[1].id}/attempts`, { outcome: 'absent', at: new Date().toISOString() });
  });
  await step('the same key is one receipt; another body under it is refused', async () => {
    const key = { 'Idempotency-Key': '"7f0e8a52-2e0c-4f7e-9c5a-0d7f4b7f9a11"' };
    const body = receipt({ at: '2026-11-24T01:00:00Z' });
    const first = await rina.post(`/disbursements/${lines[1].id}/receipt`, body, key), second = await rina.post(`/disbursements/${lines[1].id}/receipt`, body, key);
    equal([second.receipts.length, second.received_minor], [first.receipts.length, first.received_minor]);
    await refused(rina.post(`/disbursements/${lines[1].id}/receipt`, { ...body, note: 'lain' }, key), 422, 'key_reused');
  });
  await step('a death holds what is still pending', async () => {
    const line = (await rina.get(`/disbursements?batch=${batch.id}&state=pending`)).items[0];
    const household = await rina.get(`/households/${line.household_id}`);
    await rina.post(`/members/${household.head_member_id}/death`, { on: '2026-11-20' }, { 'If-Match': `"${household.version}"` });
    equal((await rina.get(`/disbursements/${line.id}`)).state, 'held');
  });
  await step('the auditor sees codes instead of names, exports, and the file verifies without a database', async () => {
    const seen = await audi.get(`/households/${households[0].id}`);
    truth(!JSON.stringify(seen).includes('Siti'), 'a name reached the auditor');
    const answer = await fetch(`${registry.base}/api/v1/exports/disbursements.csv`, { headers: { Cookie: audi.cookie, 'Sec-Fetch-Site': 'same-origin' } });
    equal(answer.status, 200);
    const csv = await answer.text(), out = join(registry.folder, 'out.csv');
    truth(!csv.includes('Siti'), 'a name in the export');
    equal(csv.trimEnd().split('\r\n').length, lines.length + 1, 'rows');
    writeFileSync(out, csv);
    const manifest = await audi.get(answer.headers.get('lumbung-manifest').replace('/api/v1', ''));
    writeFileSync(`${out}.manifest.json`, JSON.stringify(manifest));
    equal(cli('verify', out).status, 0, 'verify');
    writeFileSync(out, csv.replace('75000000', '75000001'));
    equal(cli('verify', out).status, 1, 'a changed amount');
    writeFileSync(out, csv);
    writeFileSync(`${out}.manifest.json`, JSON.stringify({ ...manifest, rows: manifest.rows + 1 }));
    equal(cli('verify', out).status, 1, 'a changed manifest');
  });
  await step('the log proves an entry and the registry verifies while serving', async () => {
    const { items } = await audi.get('/audit/events?limit=1');
    const proof = await audi.get(`/audit/proof?leaf=${items[0].seq}`);
    equal(proof.hashes.length > 0, true);
    const result = cli('verify', '--db', registry.db);
    equal(result.status, 0, result.stderr);
  });
  await step('back-up while serving, restore beside it, and the copy verifies', async () => {
    const out = join(registry.folder, 'backup.tar'), copy = join(registry.folder, 'copy.db');
    let result = cli('backup', '--db', registry.db, out);
    equal(result.status, 0, result.stderr);
    result = cli('restore', out, '--db', copy);
    equal(result.status, 2, 'without keys');
    result = cli('restore', out, '--db', copy, '--keys', `${registry.db}.keys`);
    equal(result.status, 0, result.stderr);
    result = cli('restore', out, '--db', copy, '--keys', `${registry.db}.keys`);
    equal(result.status, 2, 'over an existing file');
    result = cli('verify', '--db', copy, '--keys', `${registry.db}.keys`);
    equal(result.status, 0, result.stderr);
    truth(readFileSync(out).includes('ustar') && !readFileSync(out).includes('Siti Aminah'), 'a name lies open in the back-up');
  });
} finally {
  await registry.stop();
}
close();

async function fetchText(client, path) {
  const answer = await fetch(`${registry.base}/api/v1${path}`, { headers: { Cookie: client.cookie, 'Sec-Fetch-Site': 'same-origin' } });
  return answer.text();
}
