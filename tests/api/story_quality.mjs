// story_quality.mjs: how good the data are by check, area and officer; each figure opens its households; corrections handed out, shown as tasks, closed; what is refused.
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, family } from './registry.mjs';

const registry = await startRegistry(process.argv[2]);
const village = '15.01.01.2001', other = '15.01.01.2002', far = '15.02.01.2001';
try {
  const as = (name) => new Client(registry.base).signIn(name);
  const rina = await as('rina'), maya = await as('maya'), audi = await as('audi'), hendra = await as('hendra'), sari = await as('sari');
  const ask = async (client, path) => {
    for (let i = 0; ; i++) {
      try { return await client.get(path); } catch (error) { if (error.status !== 503 || i > 100) throw error; }
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  const households = [];
  for (let i = 0; i < 9; i++) households.push(await (i < 6 ? rina : maya).post('/households', family(i, i < 4 ? village : i < 7 ? other : far)));
  const countOf = (data, check) => data.checks.find((row) => row.check === check).households;

  await step('figures by check, area and officer are of the same households', async () => {
    const data = await ask(maya, '/quality');
    equal([data.total.households, countOf(data, 'no_assessment'), countOf(data, 'no_card'), countOf(data, 'stale')], [9, 9, 9, 0]);
    equal(data.items.map((row) => [row.code, row.households, row.dimensions.completeness]), [['15.01', 7, 7], ['15.02', 2, 2]]);
    equal(data.officers.map((row) => [row.name, row.households]).sort(), [['Maya Lestari', 3], ['Rina Marlina', 6]]);
    equal((await ask(maya, '/quality?region=15.01.01')).items.map((row) => [row.code, row.households]), [[village, 4], [other, 3]]);
  });
  await step('what is corrected is gone from the figures at once', async () => {
    const id = households[0].id, { version } = await maya.get(`/households/${id}`);
    await maya.call('PATCH', `/households/${id}`, { kk_number: '1501010101200001' }, { 'If-Match': `"${version}"` });
    equal(countOf(await ask(maya, '/quality'), 'no_card'), 8);
  });
  await step('each figure opens its households, page by page, none twice', async () => {
    const rows = [];
    let after = '';
    do {
      const page = await ask(maya, `/quality/households?check=no_card&limit=3${after}`);
      rows.push(...page.items);
      after = page.next ? `&after=${encodeURIComponent(page.next)}` : '';
    } while (after);
    equal(rows.map((row) => row.household_id).sort(), households.slice(1).map((row) => row.id).sort());
    truth(rows.every((row) => row.checks.includes('no_card') && row.head), 'names and findings');
    const { id } = (await ask(maya, '/quality')).officers.find((row) => row.name === 'Maya Lestari');
    equal((await ask(maya, `/quality/households?check=no_card&officer=${id}`)).items.length, 3);
    equal((await ask(maya, `/quality/households?check=completeness&region=${other}`)).items.length, 3);
    equal((await ask(maya, '/quality/households?check=shoes')).items, []);
  });
  await step('two records of one number are a finding of both', async () => {
    const twin = { ...family(0, other), members: [{ ...family(0).members[0] }] };
    await maya.post('/households', twin);
    equal((await ask(maya, '/quality/households?check=duplicate')).items.length, 2);
  });
  await step('an officer sees his district only', async () => {
    const data = await ask(rina, '/quality');
    equal([data.region, data.total.households], ['15.01', 8]);
    equal((await ask(rina, '/quality?region=15.02')).total.households, 0);
    equal((await ask(rina, `/quality/households?region=${far}`)).items, []);
  });
  await step('an auditor sees codes instead of names; who sees no households sees nothing', async () => {
    const { items } = await ask(audi, '/quality/households?check=no_card');
    truth(items.length > 0 && items.every((row) => /^P-/.test(row.head)), JSON.stringify(items[0]));
    await refused(sari.get('/quality'), 403);
    await refused(sari.get('/quality/households'), 403);
  });
  await step('corrections are handed to who can make them, once', async () => {
    const body = { household_ids: [households[1].id, households[2].id], check: 'no_card', user: 'rina', due_on: '2027-01-31' };
    await refused(rina.post('/quality/tasks', body), 403);
    await refused(maya.post('/quality/tasks', { ...body, check: 'completeness' }), 422, 'fields', '/check');
    await refused(maya.post('/quality/tasks', { ...body, user: 'nobody' }), 422, 'fields', '/user');
    await refused(maya.post('/quality/tasks', { ...body, user: 'hendra' }), 422, 'fields', '/user');
    await refused(maya.post('/quality/tasks', { ...body, household_ids: [households[1].id, households[8].id] }), 422, 'fields', '/household_ids/1');
    await refused(maya.post('/quality/tasks', { ...body, household_ids: ['01900000-0000-7000-8000-000000000001'] }), 404);
    await refused(maya.post('/quality/tasks', { ...body, household_ids: [] }), 422);
    equal((await ask(rina, '/quality/tasks')).items, []);
    equal((await maya.post('/quality/tasks', body)).made, 2);
    equal((await maya.post('/quality/tasks', { ...body, household_ids: [households[2].id, households[3].id] })).made, 1);
    await refused(maya.post('/quality/tasks', body), 409, 'exists');
  });
  await step('they show as a task on the home page, and in a list with the household', async () => {
    const task = (await rina.get('/me/tasks')).items.find(({ kind }) => kind === 'correct');
    equal([task.count, task.link], [3, '/mutu/tugas']);
    const { items } = await rina.get('/quality/tasks');
    equal(items.map((row) => [row.check, row.due_on, row.by]), Array(3).fill(['no_card', '2027-01-31', 'Maya Lestari']));
    truth(!(await maya.get('/me/tasks')).items.some(({ kind }) => kind === 'correct'), 'another one has none');
  });
  await step('who has it, or hands out, closes it, once', async () => {
    const { items } = await rina.get('/quality/tasks');
    await refused(hendra.post(`/quality/tasks/${items[0].id}/close`, { state: 'done' }), 403);
    await refused(rina.post(`/quality/tasks/${items[0].id}/close`, { state: 'eaten' }), 422);
    await rina.post(`/quality/tasks/${items[0].id}/close`, { state: 'done' });
    await refused(rina.post(`/quality/tasks/${items[0].id}/close`, { state: 'done' }), 409, 'state');
    await maya.post(`/quality/tasks/${items[1].id}/close`, { state: 'dropped' });
    equal((await rina.get('/quality/tasks')).items.map((row) => row.id), [items[2].id]);
  });
} finally {
  await registry.stop();
}
close();
