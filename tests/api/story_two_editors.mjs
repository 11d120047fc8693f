// story_two_editors.mjs: two people edit one record: the second is told what stands there now, and what gives way stays in the history.
import { readFileSync } from 'node:fs';
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, addUser, family } from './registry.mjs';

const registry = await startRegistry(process.argv[2]);
const NOBODY = '01900000-0000-7000-8000-000000000001';
try {
  addUser(process.argv[2], registry.db, 'bima', 'officer', 'Bima', '15.02');
  const as = (name) => new Client(registry.base).signIn(name);
  const [rina, maya, bima, audi, hendra] = [await as('rina'), await as('maya'), await as('bima'), await as('audi'), await as('hendra')];
  let number = 0;
  const registered = () => rina.post('/households', family(number++));
  const patch = (client, household, body, version) => client.call('PATCH', `/households/${household.id}`, body, { 'If-Match': `"${version}"` });
  const lose = (client, household, values, member_id) => client.post(`/households/${household.id}/conflicts`, { values, member_id });
  const last = async (client, id) => (await client.get(`/households/${id}/history`)).items.at(-1);

  await step('the second editor gets the present record with the refusal, and both values are kept whichever wins', async () => {
    const house = await registered();
    await patch(rina, house, { rt: '007', address: 'Jalan Baru 1' }, house.version);
    const { current } = await refused(patch(maya, house, { rt: '008', hamlet: 'Dusun Tengah' }, house.version), 412, 'stale');
    equal([current.rt, current.version], ['007', house.version + 1]);
    await lose(maya, house, { rt: '008' });
    await patch(maya, house, { hamlet: 'Dusun Tengah' }, current.version);
    const { items } = await rina.get(`/households/${house.id}/history`);
    const kept = items.at(-2);
    equal([kept.action, kept.by, kept.changes, kept.lost], ['household.conflict', 'maya', [], [{ pointer: '/rt', value: '008' }]]);
    equal((await rina.get(`/households/${house.id}`)).rt, '007');
  });
  await step('nothing else changes: version, record and past stay', async () => {
    const house = await registered(), before = await maya.get(`/households/${house.id}`);
    await lose(rina, house, { rt: '009', phone: '081234567890', payee: { account: { provider: 'BRI', number: '55556666', holder: 'Siti' } } });
    equal(await maya.get(`/households/${house.id}`), before);
    equal((await rina.get(`/households/${house.id}?as_of=${new Date().toISOString()}`)).rt, before.rt, 'the past');
  });
  await step('a member\'s values are kept under the member, masked, and not for an auditor\'s eyes', async () => {
    const house = await registered(), who = house.members[0].id;
    await lose(rina, house, { name: 'Siti Aminah Lubis', nik: '1501014505870099' }, who);
    const { lost } = await last(maya, house.id);
    equal(lost.map((entry) => [entry.pointer, entry.value]), [[`/members/${who}/name`, 'Siti Aminah Lubis'], [`/members/${who}/nik`, `${'*'.repeat(10)}0099`]]);
    truth(!/Lubis|0099/.test(JSON.stringify(await last(audi, house.id))), 'an auditor reads it');
  });
  await step('what cannot be is refused by name, and who may not change may not say so either', async () => {
    const house = await registered(), neighbour = await registered();
    for (const [values, pointer] of [[{}, '/values'], [[], '/values'], ['rt', '/values'], [{ colour: 'red' }, '/values/colour'], [{ version: 9 }, '/values/version'], [{ kk_number: '12' }, '/values/kk_number']])
      await refused(lose(rina, house, values), 422, 'fields', pointer);
    await refused(rina.post(`/households/${house.id}/conflicts`, {}), 422, 'fields', '/values');
    await refused(lose(rina, house, { nik: '12' }, house.members[0].id), 422, 'fields', '/values/nik');
    for (const member of [NOBODY, neighbour.members[0].id]) await refused(lose(rina, house, { name: 'Siti' }, member), 422, 'fields', '/member_id');
    await refused(lose(bima, house, { rt: '001' }), 404, 'not_found');
    await refused(lose(rina, { id: NOBODY }, { rt: '001' }), 404, 'not_found');
    for (const client of [hendra, audi]) await refused(lose(client, house, { rt: '001' }), 403, 'forbidden');
    await rina.post(`/households/${house.id}/dissolve`, { reason: 'bubar' });
    await refused(lose(rina, house, { rt: '001' }), 409, 'state');
  });
  await step('nothing of it lies open in the file', async () => {
    await registry.pause();
    for (const name of ['', '-wal']) {
      let bytes;
      try { bytes = readFileSync(registry.db + name).toString('latin1'); } catch { continue; }
      for (const word of ['Siti Aminah Lubis', '1501014505870099', '55556666']) truth(!bytes.includes(word), `${word} lies open`);
    }
  });
} finally {
  await registry.stop();
}
close();
