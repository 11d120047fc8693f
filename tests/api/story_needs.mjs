// story_needs.mjs: need, coverage and gap by region, category and group: the table, the file, what changed since, who sees small cells, and what is refused.
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, family } from './registry.mjs';

const registry = await startRegistry(process.argv[2]);
const village = '15.01.01.2001', other = '15.01.01.2002', far = '15.02.01.2001';
try {
  const as = (name) => new Client(registry.base).signIn(name);
  const rina = await as('rina'), maya = await as('maya'), audi = await as('audi'), sari = await as('sari');
  const ask = async (client, query) => {
    for (let i = 0; ; i++) {
      try { return await client.get(`/needs?${new URLSearchParams(query)}`); } catch (error) { if (error.status !== 503 || i > 100) throw error; }
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  const total = (answer, category, group) => answer.total.find((line) => line.category === category && line.group === group);
  const row = (answer, code) => answer.items.find((line) => line.region.code === code);
  const figures = ({ people, assessed, need, covered, gap }) => [people, assessed, need, covered, gap];
  const form = (await rina.get('/forms')).items[0];
  const answers = (hungry) => ({ floor: 'tile', wall: 'brick', roof: 'concrete', people: 2, rooms: 2, tenure: 'own', damage: 'no', water: 'piped', toilet: 'own', light: 'grid', food_worry: hungry ? 'yes' : 'no',
    food_skip: hungry ? 'yes' : 'no', ...(hungry ? { food_day: 'no' } : {}), meals: 3, ill: 'no', insured: 'all', school_age: 'no', earner: 'regular', land: 'yes', debt: 'no', shocks: ['none'] });
  const assess = (client, household, hungry, assessed_on) => client.post(`/households/${household.id}/assessments`, { form_id: form.id, assessed_on, answers: answers(hungry) });
  const households = [];

  await step('a household counts as soon as it is registered and assessed, in its village and in all above it', async () => {
    equal(figures(total(await ask(maya, {}), 'food', 'households')), [0, 0, 0, 0, 0]);
    for (let i = 0; i < 12; i++) households.push(await maya.post('/households', family(i, i < 8 ? village : i < 11 ? other : far)));
    for (const [i, household] of households.entries()) await assess(maya, household, i % 2 === 0, '2026-06-01');
    const nation = await ask(maya, {});
    equal(nation.region.code, '15');
    equal(figures(total(nation, 'food', 'households')), [12, 12, 6, 0, 6]);
    equal(figures(total(nation, 'food', 'all')), [24, 24, 12, 0, 12]);
    equal(nation.items.filter((line) => line.category === 'food').map((line) => [line.region.code, line.need]), [['15.01', 12], ['15.02', 0]]);
    const villages = await ask(maya, { region: '15.01.01', category: 'food', group: 'households' });
    equal(villages.items.map((line) => [line.region.code, line.people, line.need]), [[village, 8, 4], [other, 3, 2]]);
  });
  await step('groups of sex, age and disability each add up to all', async () => {
    const answer = await ask(maya, { category: 'food' });
    const sum = (...groups) => groups.reduce((value, group) => value + total(answer, 'food', group).need, 0);
    for (const groups of [['female', 'male', 'other_sex'], ['age_0_4', 'age_5_17', 'age_18_59', 'age_60_up'], ['disability', 'no_disability']]) equal(sum(...groups), 12, groups.join());
  });
  await step('what is enrolled is covered, and the gap is what is left', async () => {
    const program = await maya.post('/programs', { name: 'Beras', category: 'direct_aid', owner: 'Dinas', currency: 'IDR', unit: 'household', rule: 'true', entitlement: 'amount(1000)', budget_minor: 10 ** 12, starts_on: '2026-01-01' });
    await maya.post(`/programs/${program.id}/activate`);
    for (const i of [0, 1, 2]) await maya.post(`/programs/${program.id}/enrollments`, { household_id: households[i].id });
    equal(figures(total(await ask(maya, { region: village }), 'food', 'households')), [8, 8, 4, 2, 2]);
  });
  await step('as of an earlier day nobody was covered; the change is in the same answer', async () => {
    const answer = await ask(maya, { since: '2026-06-02', category: 'food' });
    equal(total(answer, 'food', 'households').before, { people: 12, assessed: 12, need: 6, covered: 0, gap: 6 });
    equal((await ask(maya, { as_of: '2026-06-02' })).as_of, '2026-06-02');
    equal(figures(total(await ask(maya, { as_of: '2026-05-31' }), 'food', 'households')), [0, 0, 0, 0, 0]);
    await assess(maya, households[4], false, '2026-06-20');
    equal(total(await ask(maya, { since: '2026-06-02' }), 'food', 'households').need, 5);
  });
  await step('the file holds the figures of the table', async () => {
    const answer = await ask(maya, { region: '15.01.01', category: 'food', group: 'female', since: '2026-06-02' });
    const [head, ...lines] = (await maya.get('/exports/needs.csv?region=15.01.01&category=food&group=female&since=2026-06-02')).trim().split('\r\n').map((line) => line.split(','));
    const records = lines.map((cells) => Object.fromEntries(cells.map((cell, i) => [head[i], cell])));
    const table = [...answer.total, ...answer.items];
    equal(records.length, table.length);
    for (const [i, line] of table.entries()) {
      equal([records[i].region_code, records[i].category, records[i].group], [line.region.code, line.category, line.group]);
      for (const name of ['people', 'assessed', 'need', 'covered', 'gap']) equal([records[i][name], records[i][`${name}_before`]], [String(line[name]), String(line.before[name])]);
    }
  });
  await step('an officer sees his district only, and another one is like none', async () => {
    const own = await ask(rina, {});
    equal(own.region.code, '15.01');
    equal(total(own, 'food', 'households').people, 11);
    equal(await ask(rina, { region: '15.02' }), await ask(rina, { region: '99' }));
    equal((await ask(rina, { region: '15.02' })).total, []);
    equal([(await ask(maya, { category: 'shoes' })).total, (await ask(maya, { group: 'giants' })).items], [[], []]);
  });
  await step('whoever sees no persons sees no figure of one to four, and none that sums give away', async () => {
    const answer = await ask(audi, { region: '15.01.01', category: 'food', group: 'households' });
    truth(answer.small_hidden && !(await ask(maya, {})).small_hidden);
    for (const line of [...answer.total, ...answer.items])
      for (const name of ['people', 'assessed', 'need', 'covered', 'gap']) truth(line[name] === null || line[name] === 0 || line[name] >= 5, `${line.region.code} ${line.group} ${name} ${line[name]}`);
    equal(row(answer, other).people, null);
    equal(row(answer, village).people, null, 'eleven less eight is three');
    equal((await audi.get('/exports/needs.csv?region=15.01.01&category=food&group=households')).includes(',*'), true);
    equal(total(await ask(audi, { region: other }), 'food', 'households').people, null, 'by another way down');
  });
  await step('who may neither see households nor export figures is refused; so are days that are none', async () => {
    await refused(sari.get('/needs'), 403);
    await refused(sari.get('/exports/needs.csv'), 403);
    for (const query of ['as_of=2026-13-01', 'as_of=2999-01-01', 'since=2999-01-01', 'as_of=2026-01-01&since=2026-01-01', 'as_of=2026-01-01&since=2026-02-01', 'colour=red']) await refused(maya.get(`/needs?${query}`), 400);
  });
  await step('definitions are data: a manager writes others, everything is counted anew, the old rule is in the log', async () => {
    equal((await rina.get('/needs/definitions')).version, 0);
    const definition = { needs: [{ category: 'food', household: "household.needs.meals >= 3", covered_by: {} }] };
    await refused(rina.post('/needs/definitions', definition), 403);
    await refused(maya.post('/needs/definitions', { needs: [{ category: 'food', household: 'household.x' }] }), 422);
    equal((await maya.post('/needs/definitions', definition)).version, 1);
    const answer = await ask(maya, {});
    equal([answer.definition_version, answer.total.filter((line) => line.group === 'households').map((line) => line.category)], [1, ['food']]);
    equal(figures(total(answer, 'food', 'households')), [12, 12, 12, 0, 12]);
  });
  await step('after a restart the figures are the same', async () => {
    const before = await ask(maya, { since: '2026-06-02' });
    await registry.pause();
    await registry.resume();
    equal(await ask(maya, { since: '2026-06-02' }), before);
  });
} finally {
  await registry.stop();
}
close();
