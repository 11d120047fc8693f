// story_population.mjs: people by age and sex of a day: within the caller's area, of any past day, never of one who is not there.
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, addUser, family } from './registry.mjs';

const registry = await startRegistry(process.argv[2]);
try {
  addUser(process.argv[2], registry.db, 'bima', 'officer', 'Bima', '15.02');
  const as = (name) => new Client(registry.base).signIn(name);
  const [rina, maya, bima, audi, sari] = [await as('rina'), await as('maya'), await as('bima'), await as('audi'), await as('sari')];
  const ask = (client, query = {}) => client.get(`/reports/population?${new URLSearchParams(query)}`);
  const sum = async (client, query) => (await ask(client, query)).sum;
  const today = new Date(Date.now() + 9 * 3600000).toISOString().slice(0, 10);
  const back = (days) => new Date(Date.now() + 9 * 3600000 - days * 86400000).toISOString().slice(0, 10);
  const born = (years) => `${Number(today.slice(0, 4)) - years}-01-01`;
  const people = [['F', 70, 'head'], ['M', 34, 'child'], ['F', 4, 'grandchild'], ['X', 0, 'other_family']];
  const form = (village) => ({ ...family(0, village), members: people.map(([sex, years, relationship], i) => ({ name: `Orang ${i}`, id_reason: 'no_card', sex, birth_date: born(years), relationship })) });
  const house = await rina.post('/households', form('15.01.01.2001'));
  await rina.post('/households', form('15.01.01.2002'));
  const far = await bima.post('/households', form('15.02.01.2001'));

  await step('by age and sex, in five-year groups that add up', async () => {
    const { groups, sum: all, as_of } = await ask(rina, { region: '15.01.01.2001' });
    equal([as_of, all], [today, { F: 2, M: 1, X: 1, total: 4 }]);
    equal(groups.filter((group) => group.total).map((group) => [group.from, group.to, group.F, group.M, group.X]), [[0, 4, 1, 0, 1], [30, 34, 0, 1, 0], [70, 74, 1, 0, 0]]);
    for (const sex of ['F', 'M', 'X', 'total']) equal(groups.reduce((total, group) => total + group[sex], 0), all[sex], sex);
  });
  await step('nobody older than asked', async () => {
    equal(await sum(rina, { region: '15.01.01.2001', max_age: 4 }), { F: 1, M: 0, X: 1, total: 2 });
    equal(await sum(rina, { region: '15.01.01.2001', max_age: 3 }), { F: 0, M: 0, X: 1, total: 1 });
    equal((await ask(rina, { max_age: 33 })).groups.at(-1).to, 33);
  });
  await step('each sees his own area and no other', async () => {
    equal([(await sum(rina)).total, (await sum(bima)).total, (await sum(maya)).total, (await sum(audi)).total], [8, 4, 12, 12]);
    equal([(await sum(rina, { region: '15' })).total, (await sum(rina, { region: '15.02.01.2001' })).total, (await sum(maya, { region: '15.02' })).total], [0, 0, 4]);
    equal((await sum(maya, { region: '99' })).total, 0, 'an unknown region');
    truth(!JSON.stringify(await ask(audi)).includes('Orang'), 'a name');
  });
  await step('what happens today is not true of yesterday, and what happened earlier is', async () => {
    equal((await sum(maya, { as_of: back(1) })).total, 0, 'before anybody was registered');
    await rina.post(`/members/${house.members[0].id}/death`, { on: today });
    equal(await sum(rina, { region: '15.01.01.2001' }), { F: 1, M: 1, X: 1, total: 3 });
    const { id } = await bima.post(`/households/${far.id}/move`, { to_region: '15.01.01.2001' });
    await rina.post(`/moves/${id}/accept`);
    equal([(await sum(rina, { region: '15.01.01.2001' })).total, (await sum(bima)).total, (await sum(maya)).total], [7, 0, 11]);
    await rina.post(`/households/${far.id}/dissolve`, { reason: 'bubar' });
    equal((await sum(maya)).total, 7);
  });
  await step('refusals name the parameter', async () => {
    for (const [query, word] of [[{ as_of: '2026-02-30' }, 'as_of'], [{ as_of: '2999-01-01' }, 'as_of'], [{ max_age: '-1' }, 'max_age'], [{ max_age: '151' }, 'max_age'], [{ max_age: 'tua' }, 'max_age'], [{ colour: 'red' }, 'colour'], [{ region: '1'.repeat(41) }, 'region']])
      truth((await refused(ask(rina, query), 400, 'query')).detail.includes(word), word);
    await refused(ask(sari), 403, 'forbidden');
    await refused(ask(new Client(registry.base)), 401);
  });
} finally {
  await registry.stop();
}
close();
