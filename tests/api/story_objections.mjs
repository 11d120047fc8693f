// story_objections.mjs: an objection to processing that rests on law or public task: its clock, who decides it, and what stops.
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, addUser, family } from './registry.mjs';

const registry = await startRegistry(process.argv[2]);
const NOBODY = '01900000-0000-7000-8000-000000000001';
try {
  for (const [name, role, region] of [['mira', 'manager', null], ['nadia', 'manager', '15.02']]) addUser(process.argv[2], registry.db, name, role, name, region);
  const as = (name) => new Client(registry.base).signIn(name);
  const [rina, maya, mira, nadia, hendra, audi] = [await as('rina'), await as('maya'), await as('mira'), await as('nadia'), await as('hendra'), await as('audi')];
  const program = await maya.post('/programs', { name: 'Bantuan pangan', category: 'direct_aid', owner: 'Dinas Sosial', currency: 'IDR', unit: 'household', rule: 'true', entitlement: 'amount(1000)', budget_minor: 10 ** 12, starts_on: '2026-01-01' });
  await maya.post(`/programs/${program.id}/activate`);
  let number = 0;
  const registered = async (basis = 'public_task') => { const form = family(number++); return rina.post('/households', { ...form, consent: { ...form.consent, basis } }); };
  const object = async (house, client = rina) => { await client.post(`/consents/${house.consents[0].id}/withdraw`, { reason: 'tidak mau didata' }); return house.consents[0].id; };
  const decide = (client, id, decision, reason = 'dasar hukumnya jelas') => client.post(`/consents/${id}/objection`, { decision, reason });
  const withdrawal = async (house) => (await maya.get(`/households/${house.id}`)).consents[0].withdrawal;
  const open = async (client) => (await client.get('/objections')).items;

  await step('an objection waits with its clock of 72 hours; processing goes on meanwhile', async () => {
    const house = await registered(), id = await object(house);
    const [item] = (await open(mira)).filter((one) => one.consent_id === id);
    equal([item.household_id, item.basis, item.overdue, item.may_decide], [house.id, 'public_task', false, true]);
    equal(new Date(item.due_at) - new Date(item.objected_at), 72 * 3600000);
    equal(await withdrawal(house), 'objection');
    equal((await mira.get('/me/tasks')).items.find((task) => task.kind === 'objections').link, '/keberatan');
    equal((await maya.post(`/programs/${program.id}/enrollments`, { household_id: house.id })).state, 'enrolled', 'still processed');
    truth(!JSON.stringify(await open(audi)).includes(house.members[0].name), 'an auditor reads a name');
  });
  await step('a consent that ends at once is no objection', async () => {
    const house = await registered('consent'), id = await object(house);
    equal((await open(mira)).filter((one) => one.consent_id === id), []);
    equal(await withdrawal(house), 'ended');
    await refused(decide(mira, id, 'accept'), 409, 'state');
  });
  await step('dismissed, processing goes on and the reason stays in the history', async () => {
    const house = await registered(), id = await object(house);
    equal((await decide(mira, id, 'dismiss')).consents[0].withdrawal, 'dismissed');
    equal((await maya.get(`/households/${house.id}/history`)).items.at(-1).reason, 'dasar hukumnya jelas');
    equal((await maya.post(`/programs/${program.id}/enrollments`, { household_id: house.id })).state, 'enrolled');
    await refused(decide(mira, id, 'accept'), 409, 'state');
  });
  await step('accepted, processing ends and what is open is held', async () => {
    const house = await registered();
    await maya.post(`/programs/${program.id}/enrollments`, { household_id: house.id });
    const cycle = await maya.post(`/programs/${program.id}/cycles`, { name: 'Tahap 1', starts_on: '2026-10-01', ends_on: '2026-12-31' });
    const { id: batch } = await maya.post(`/cycles/${cycle.id}/batches`);
    for (const act of ['lock', 'submit']) await maya.post(`/batches/${batch}/${act}`);
    await hendra.post(`/batches/${batch}/approve`, { digest: (await hendra.get(`/batches/${batch}`)).digest });
    await hendra.post(`/batches/${batch}/release`);
    const id = await object(house), line = async () => (await maya.get(`/disbursements?household=${house.id}`)).items[0];
    equal((await line()).state, 'pending', 'while it waits');
    await decide(mira, id, 'accept', 'keluarga keluar dari program');
    equal([await withdrawal(house), (await line()).state, (await line()).held_reason], ['ended', 'held', 'consent']);
    equal((await open(mira)).filter((one) => one.consent_id === id), []);
  });
  await step('who wrote it down does not decide it, two do not decide it both, and another area sees nothing', async () => {
    const house = await registered(), id = await object(house, maya);
    await refused(decide(maya, id, 'dismiss'), 403, 'own_request');
    equal((await open(maya)).find((one) => one.consent_id === id).may_decide, false);
    for (const client of [rina, hendra, audi]) await refused(decide(client, id, 'dismiss'), 403, 'forbidden');
    await refused(decide(nadia, id, 'dismiss'), 404, 'not_found');
    equal(await open(nadia), []);
    await refused(decide(mira, NOBODY, 'dismiss'), 404, 'not_found');
    await refused(decide(mira, id, 'forget'), 422, 'fields', '/decision');
    await refused(decide(mira, id, 'accept', 'x'), 422, 'fields', '/reason');
    await refused(mira.post(`/consents/${id}/objection`, {}), 422, 'fields', '/reason');
    await refused(mira.post(`/consents/${id}/objection`, { decision: 'dismiss', reason: 'usang' }, { 'If-Match': '"1"' }), 412, 'stale');
    const answers = await Promise.allSettled([decide(mira, id, 'accept'), decide(mira, id, 'dismiss')]);
    equal(answers.map((answer) => answer.status).sort(), ['fulfilled', 'rejected']);
  });
} finally {
  await registry.stop();
}
close();
