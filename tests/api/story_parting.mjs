// story_parting.mjs: people move and households part: enrollments go where the person said, refusals leave everything as it was.
import { randomUUID } from 'node:crypto';
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, family } from './registry.mjs';

const registry = await startRegistry(process.argv[2]);
try {
  const rina = await new Client(registry.base).signIn('rina'), maya = await new Client(registry.base).signIn('maya'), audi = await new Client(registry.base).signIn('audi');
  const made = async (unit) => {
    const program = await maya.post('/programs', { name: `Bantuan ${unit}`, category: 'direct_aid', owner: 'Dinas', currency: 'IDR', unit, rule: 'true', entitlement: 'amount(1000)', budget_minor: 10 ** 10, starts_on: '2026-01-01' });
    await maya.post(`/programs/${program.id}/activate`);
    return program;
  };
  const shared = await made('household'), own = await made('member');
  const grown = (name) => ({ name, id_reason: 'no_card', sex: 'M', birth_date: '1990-01-01', relationship: 'child' });
  const registered = async (i) => {
    const form = family(i);
    form.members.push(grown(`Budi ${i}`));
    const household = await rina.post('/households', form);
    const budi = household.members[2].id;
    const ofHousehold = await maya.post(`/programs/${shared.id}/enrollments`, { household_id: household.id });
    const ofBudi = await maya.post(`/programs/${own.id}/enrollments`, { household_id: household.id, member_id: budi });
    equal([ofHousehold.state, ofBudi.state], ['enrolled', 'enrolled'], 'states');
    return { id: household.id, budi, ofHousehold: ofHousehold.id, ofBudi: ofBudi.id };
  };
  const enrolled = async (id) => (await rina.get(`/households/${id}/enrollments`)).items.map((item) => item.id).sort();
  const split = (house, more = {}) => rina.post(`/households/${house.id}/split`, { member_ids: [house.budi], new_household: { rt: '009' }, on: '2026-06-01', ...more });
  const other = async (answer, house) => (await rina.post('/households/search', { q: `Budi ${house.no}` })).items.find((hit) => hit.id !== house.id).id;

  await step('nothing chosen: the household keeps its enrollment, the member takes his own along', async () => {
    const house = { ...await registered(1), no: 1 };
    const fresh = await other(await split(house), house);
    equal(await enrolled(house.id), [house.ofHousehold], 'the old household');
    equal(await enrolled(fresh), [house.ofBudi], 'the new household');
  });
  await step('go: the enrollment of the household follows, in its state, and the log says so', async () => {
    const house = { ...await registered(2), no: 2 };
    const fresh = await other(await split(house, { enrollments: { [house.ofHousehold]: 'go' } }), house);
    equal(await enrolled(house.id), [], 'the old household');
    equal(await enrolled(fresh), [house.ofHousehold, house.ofBudi].sort(), 'the new household');
    equal((await maya.get(`/enrollments/${house.ofHousehold}`)).state, 'enrolled');
    const { items } = await audi.get('/audit/events?action=enrollment.follow');
    truth(items.length >= 2, `${items.length} entries`);
    const again = await maya.post(`/programs/${shared.id}/enrollments`, { household_id: house.id });
    equal(again.state, 'enrolled', 'the old household may be enrolled anew');
  });
  await step('stay is the same as saying nothing', async () => {
    const house = { ...await registered(3), no: 3 };
    await split(house, { enrollments: { [house.ofHousehold]: 'stay' } });
    equal(await enrolled(house.id), [house.ofHousehold]);
  });
  await step('what cannot be obeyed is refused by name, and nobody has moved', async () => {
    const house = { ...await registered(4), no: 4 }, neighbour = await registered(5);
    const cases = [
      [[], '/enrollments'], ['go', '/enrollments'], [{ [house.ofHousehold]: 'leave' }, `/enrollments/${house.ofHousehold}`], [{ [house.ofHousehold]: true }, `/enrollments/${house.ofHousehold}`],
      [{ [neighbour.ofHousehold]: 'go' }, `/enrollments/${neighbour.ofHousehold}`], [{ [house.ofBudi]: 'go' }, `/enrollments/${house.ofBudi}`], [{ x: 'go' }, '/enrollments/x'],
    ];
    for (const [enrollments, pointer] of cases) await refused(split(house, { enrollments }), 422, undefined, pointer);
    const gone = randomUUID();
    await refused(split(house, { enrollments: { [gone]: 'stay' } }), 422, undefined, `/enrollments/${gone}`);
    equal((await rina.get(`/households/${house.id}`)).members.length, 3, 'members');
    equal(await enrolled(house.id), [house.ofHousehold, house.ofBudi].sort());
  });
  await step('two families\' enrollments of one program cannot both go: the second is named, and nobody has moved', async () => {
    const program = await made('family'), form = family(8);
    form.members.push({ ...grown('Budi 8'), family_no: 2 });
    form.families = [{ no: 1 }, { no: 2 }];
    const house = await rina.post('/households', form), budi = house.members[2].id;
    const first = await maya.post(`/programs/${program.id}/enrollments`, { household_id: house.id, family_no: 1 });
    const second = await maya.post(`/programs/${program.id}/enrollments`, { household_id: house.id, family_no: 2 });
    await refused(split({ id: house.id, budi }, { enrollments: { [first.id]: 'go', [second.id]: 'go' } }), 422, undefined, `/enrollments/${second.id}`);
    equal((await rina.get(`/households/${house.id}`)).members.length, 3, 'members');
    const fresh = await other(await split({ id: house.id, budi }, { enrollments: { [second.id]: 'go' } }), { id: house.id, no: 8 });
    equal([await enrolled(house.id), await enrolled(fresh)], [[first.id], [second.id]], 'one of them goes');
  });
  await step('a move takes the member\'s own enrollment along and leaves the household\'s', async () => {
    const house = await registered(6), there = await registered(7);
    await refused(rina.post(`/members/${house.budi}/move`, { to_household_id: house.id, on: '2026-06-01' }), 422, undefined, '/to_household_id');
    await rina.post(`/members/${house.budi}/move`, { to_household_id: there.id, on: '2026-06-01' });
    equal(await enrolled(house.id), [house.ofHousehold], 'here');
    equal(await enrolled(there.id), [there.ofHousehold, there.ofBudi, house.ofBudi].sort(), 'there');
  });
  await step('who lives elsewhere now is paid for there', async () => {
    const cycle = await maya.post(`/programs/${own.id}/cycles`, { name: 'Tahap 1', starts_on: '2026-10-01', ends_on: '2026-12-31' });
    const batch = await maya.post(`/cycles/${cycle.id}/batches`);
    const locked = await maya.post(`/batches/${batch.id}/lock`);
    equal([locked.state, locked.count], ['locked', 7], 'state and lines');
  });
} finally {
  await registry.stop();
}
close();
