// story_village_split.mjs: a village is divided in two, another is joined to its neighbour, one is renamed and one gets a new code: previewed, applied as a job
// while an officer registers, and every household can be followed.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, family, fill } from './registry.mjs';

const binary = process.argv[2], registry = await startRegistry(binary);
const HILIR = '15.01.01.2009', csv = (...lines) => ['change,code,to,name,hamlet,rw,rt', ...lines].join('\n');
try {
  const { households, program, batches } = await fill(registry.base);
  const as = (name) => new Client(registry.base).signIn(name);
  const sari = await as('sari'), rina = await as('rina'), maya = await as('maya');
  Client.prototype.csv = async function csv_(path, text) {
    const answer = await fetch(`${this.base}/api/v1${path}`, { method: 'POST', headers: { 'X-Requested-With': 'lumbung', 'Sec-Fetch-Site': 'same-origin', 'Accept-Language': 'en', Cookie: this.cookie, 'Content-Type': 'text/csv', 'Idempotency-Key': `"${randomUUID()}"` }, body: text });
    const data = JSON.parse(await answer.text());
    if (!answer.ok) throw Object.assign(new Error(JSON.stringify(data).slice(0, 400)), { status: answer.status, data });
    return data;
  };
  const worked = async (client, { job_id: id }) => {
    for (let i = 0; i < 400; i++) { const job = await client.get(`/jobs/${id}`); if (job.state !== 'open') return job; await new Promise((done) => setTimeout(done, 25)); }
    throw new Error('the job does not end');
  };
  const SPLIT = csv(`split,15.01.01.2001,${HILIR},Seleman Hilir,dusun HILIR,,`, `split,15.01.01.2001,${HILIR},,,1,03`, 'renamed,15.02.01.2001,,Muara Madras Baru,,,', 'merged,15.01.01.2002,15.01.01.2001,,,,');
  const lower = households.filter((_, i) => i % 2 === 1 || i % 3 === 2).map((household) => household.id), upper = households.map((household) => household.id).filter((id) => !lower.includes(id));
  const moved = [];
  for (let i = 20; i < 23; i++) moved.push((await rina.post('/households', family(i, '15.01.01.2002'))).id);

  await step('what a list of changes cannot mean is refused with row and column, all at once', async () => {
    const cases = [
      ['split,15.01.01.2001,15.01.01.2002,,,,', 'row 2, column hamlet'], [`split,15.01.01.2001,${HILIR},,Hilir,,`, 'row 2, column name'], ['split,15.01.01.2001,,Baru,Hilir,,', 'row 2, column to'],
      ['split,15.01.01.2001,15.01.01.2001,Baru,Hilir,,', 'row 2, column to'], ['merged,15.01.01.2002,15.01.01.2077,,,,', 'row 2, column to'], ['merged,15.01.01,15.01.01.2001,,,,', 'row 2, column code'],
      ['abolished,15.01,,,,,', 'row 2, column code'], ['abolished,15.01.01.2002,15.01.01.2001,,,,', 'row 2, column to'], ['renamed,15.01.01.2099,,X,,,', 'row 2, column code'], ['renamed,15.01.01.2001,,,,,', 'row 2, column name'],
      ['renamed,15.01.01.2001,15.01.01.2002,X,,,', 'row 2, column to'], ['recoded,15.01.01.2001,15.01.01.2002,,,,', 'row 2, column to'], ['moved,15.01.01.2001,,,,,', 'row 2, column change'], [',,,,,,', 'row 2, column change'],
      ['merged,15.01.01.2002,15.01.01.2001,,,1,', 'row 2, column rw'], ['merged,15.01.01.2002,15.01.01.2001,,,,\nabolished,15.01.01.2001,,,,,', 'row 2, column to'],
      ['merged,15.01.01.2002,15.01.01.2001,,,,\nmerged,15.01.01.2002,15.02.01.2001,,,,', 'row 3, column code'], [`renamed,15.01.01.2001,,${'x'.repeat(201)},,,`, 'row 2, column name'], ['', 'row 2, column change'],
    ];
    for (const [line, pointer] of cases) for (const path of ['/regions/changes/preview', '/regions/changes']) await refused(sari.csv(path, csv(line)), 422, 'fields', pointer);
    await refused(sari.csv('/regions/changes', 'code,to\n1,2\n'), 422, 'fields', 'row 1, column change');
    for (const [client, status] of [[rina, 403], [maya, 403]]) for (const path of ['/regions/changes/preview', '/regions/changes']) await refused(client.csv(path, SPLIT), status, 'forbidden');
  });
  await step('the preview says of each household where it goes and which stay, and writes nothing', async () => {
    const preview = await sari.csv('/regions/changes/preview', SPLIT);
    equal(preview.changes.map((change) => [change.line, change.change, change.adds, change.households]), [[2, 'split', true, 4], [3, 'split', false, 1], [4, 'renamed', false, 0], [5, 'merged', false, 3]]);
    const to = (code) => preview.moving.items.filter((item) => item.to === code).map((item) => item.household_id).sort();
    equal([to(HILIR), to('15.01.01.2001')], [[...lower].sort(), [...moved].sort()]);
    equal(preview.staying.items.map((item) => item.household_id).sort(), [...upper].sort());
    equal([(await sari.get('/regions/15.02.01.2001')).name, (await rina.get(`/households/${lower[0]}`)).region], ['Muara Madras', '15.01.01.2001']);
    await refused(sari.get(`/regions/${HILIR}`), 404);
  });
  const before = { total: (await maya.get(`/disbursements?batch=${batches.released}`)).items.length };
  await step('applied as a job while an officer registers', async () => {
    const registering = (async () => { for (let i = 30; i < 45; i++) await rina.post('/households', family(i, '15.01.01.2001')); })();
    const job = await worked(sari, await sari.csv('/regions/changes', SPLIT));
    await registering;
    equal(job.state, 'done', JSON.stringify(job));
    truth(job.result.moved >= lower.length + moved.length, JSON.stringify(job.result));
  });
  await step('every household is where the preview said, with its history, its enrollment and its lines', async () => {
    for (const [ids, code] of [[lower, HILIR], [upper, '15.01.01.2001'], [moved, '15.01.01.2001']]) for (const id of ids) equal((await rina.get(`/households/${id}`)).region, code, id);
    const history = await maya.get(`/households/${lower[0]}/history`);
    truth(JSON.stringify(history).includes('household.relocate') && JSON.stringify(history).includes(`split 15.01.01.2001 > ${HILIR}`), JSON.stringify(history).slice(0, 300));
    equal((await maya.get(`/programs/${program.id}/enrollments?limit=200`)).items.filter((item) => lower.includes(item.household_id)).length, lower.length);
    equal((await maya.get(`/disbursements?batch=${batches.released}`)).items.length, before.total);
    equal((await rina.get(`/disbursements?region=${HILIR}&batch=${batches.released}`)).items.length + (await rina.get(`/disbursements?region=15.01.01.2001&batch=${batches.released}`)).items.length >= before.total, true);
  });
  await step('the new village stands beside the old one; the joined one is gone from lists and takes nobody', async () => {
    const village = await rina.get(`/regions/${HILIR}`);
    equal([village.name, village.kind, village.level, village.path.map((region) => region.code)], ['Seleman Hilir', 'desa', 4, ['15', '15.01', '15.01.01', HILIR]]);
    equal((await sari.get('/regions?parent=15.01.01')).items.map((region) => region.code), ['15.01.01.2001', HILIR]);
    equal((await sari.get('/regions/15.02.01.2001')).name, 'Muara Madras Baru');
    equal((await sari.get('/regions?q=Tanjung%20Tanah')).items.length, 0);
    await refused(sari.get('/regions/15.01.01.2002'), 404);
    await refused(rina.post('/households', family(50, '15.01.01.2002')), 422, 'fields', '/region');
    await rina.post('/households', family(51, HILIR));
    truth((await rina.post('/households', { ...family(52, HILIR), registered_region: '15.01.01.2002' })).registered_region === '15.01.01.2002', 'a card from a region that ended is still a card');
  });
  await step('a region that still holds households does not end without a heir', async () => {
    const preview = await sari.csv('/regions/changes/preview', csv(`abolished,${HILIR},,,,,`));
    truth(preview.staying.count > 0, 'the preview does not show them');
    const job = await worked(sari, await sari.csv('/regions/changes', csv(`abolished,${HILIR},,,,,`)));
    equal([job.state, job.result.error], ['failed', 'state']);
    await rina.get(`/regions/${HILIR}`);
  });
  await step('an empty region ends; a new code keeps region and households', async () => {
    equal((await worked(sari, await sari.csv('/regions/changes', csv('abolished,15.02.01.2001,,,,,', 'recoded,15.01.01.2001,15.01.01.1001,,,,')))).state, 'done');
    equal((await rina.get(`/households/${upper[0]}`)).region, '15.01.01.1001');
    await refused(sari.get('/regions/15.02.01.2001'), 404);
    await refused(sari.get('/regions/15.01.01.2001'), 404);
  });
  await step('a whole file that lists an ended region opens it again, as a job that says how many rows', async () => {
    const job = await worked(sari, await sari.csv('/regions/import', 'code,parent,level,kind,name\n15.02.01.2001,15.02.01,4,desa,Muara Madras\n15.02.01.2002,15.02.01,4,desa,Rantau Suli\n'));
    equal([job.state, job.result.rows], ['done', 2]);
    equal((await sari.get('/regions?parent=15.02.01')).items.map((region) => region.name), ['Muara Madras', 'Rantau Suli']);
    await refused(sari.csv('/regions/import', 'code,parent,level,kind,name\nX,15.01.01.2002,5,rt,Y\n'), 422, 'fields', 'row 2, column parent');
  });
  await step('a district under another regency takes its villages along, and what stands below whom is right', async () => {
    const job = await worked(sari, await sari.csv('/regions/import', 'code,parent,level,kind,name\n15.02.01,15.01,3,kecamatan,Jangkat\n'));
    equal(job.state, 'done');
    equal((await rina.get('/regions/15.02.01.2002')).path.map((region) => region.code), ['15', '15.01', '15.02.01', '15.02.01.2002'], 'rina of 15.01 sees it now');
    await rina.post('/households', family(60, '15.02.01.2002'));
  });
  await step('while one import is worked no other change begins, and a restart in its middle goes on where it was', async () => {
    const MANY = 20000, text = `code,parent,level,kind,name\n78,,1,provinsi,Jauh\n${Array.from({ length: MANY }, (_, i) => `78.${i},78,2,kabupaten,Daerah ${i}`).join('\n')}\n`;
    const started = await sari.csv('/regions/import', text);
    await refused(sari.csv('/regions/changes', csv('renamed,15.02.01.2001,,X,,,')), 409, 'state');
    await refused(sari.csv('/regions/import', 'code,parent,level,kind,name\n79,,1,provinsi,Lain\n'), 409, 'state');
    await registry.pause();
    await registry.resume();
    const again = await new Client(registry.base).signIn('sari');
    const job = await worked(again, started);
    equal([job.state, job.done], ['done', MANY + 1]);
    equal((await again.get(`/regions/78.${MANY - 1}`)).path.length, 2);
  });
  await step('the console imports beside the server, in the same chunks', () => {
    const file = join(registry.folder, 'many.csv');
    writeFileSync(file, `code,parent,level,kind,name\n77,,1,provinsi,Luar\n${Array.from({ length: 1500 }, (_, i) => `77.${i},77,2,kabupaten,Daerah ${i}`).join('\n')}\n`);
    const result = spawnSync(binary, ['import', 'regions', file, '--db', registry.db], { encoding: 'utf8' });
    equal([result.status, result.stdout.trim()], [0, '1501 rows'], result.stderr);
  });
  await step('the registry verifies', () => { const result = spawnSync(binary, ['verify', '--db', registry.db], { encoding: 'utf8' }); equal(result.status, 0, result.stderr + result.stdout); });
} finally {
  await registry.stop();
}
close();
