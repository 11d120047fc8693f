// story_flags.mjs: flags over HTTP: ours and the agency's, what is refused, a household's today, lists filtered by one, counts by region, and rules that ask for them.
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, family } from './registry.mjs';

const registry = await startRegistry(process.argv[2]);
const NOBODY = '01900000-0000-7000-8000-000000000001';
const LABEL = { id: 'Keluarga besar', en: 'Large family' };
const flag = (name, expression, more = {}) => ({ name, label: LABEL, expression, ...more });
const years = (count) => { const date = new Date(Date.now() + 7 * 3600000); date.setUTCFullYear(date.getUTCFullYear() - count); return date.toISOString().slice(0, 10); };
const person = (i, more) => ({ name: `Orang ${'abcdefghij'[i % 10]}${'klmnopqrst'[Math.floor(i / 10)]}`, id_reason: 'no_card', sex: 'M', relationship: 'head', ...more });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
try {
  const as = (name) => new Client(registry.base).signIn(name);
  const rina = await as('rina'), maya = await as('maya'), audi = await as('audi');
  const make = (i, village, members) => maya.post('/households', { ...family(i, village), members });
  const old = await make(0, '15.01.01.2001', [person(0, { birth_date: years(60) })]);
  const young = await make(1, '15.01.01.2001', [person(1, { birth_date: years(40) }), person(2, { relationship: 'child', birth_date: years(4) }), person(3, { relationship: 'child', birth_date: years(5) })]);
  const far = await make(2, '15.02.01.2001', [person(4, { birth_date: years(70) })]);
  const truths = async (client, id) => Object.fromEntries((await client.get(`/households/${id}/flags`)).items.map((entry) => [entry.name, entry.value]));
  const finished = async (job) => {
    for (let i = 0; i < 400; i++) {
      const found = await maya.get(`/jobs/${job}`);
      if (found.state !== 'open') return found;
      await pause(50);
    }
    throw new Error('the job does not end');
  };

  await step('ours hold on the day: sixty today is elderly, five today is not under five', async () => {
    const one = await truths(rina, old.id), other = await truths(rina, young.id);
    equal([one.elderly_alone, one.under_five, one.no_income, one.no_id], [true, false, null, true]);
    equal([other.elderly_alone, other.under_five, other.child_headed], [false, true, false]);
    await refused(rina.get(`/households/${far.id}/flags`), 404, 'not_found');
  });
  for (const [what, body, pointer] of [
    ['no name', { label: LABEL, expression: 'true' }, '/name'], ['a name with a blank', flag('keluarga besar', 'true'), '/name'], ['the name of one of ours', flag('disability', 'true'), '/name'],
    ['one language', { ...flag('a', 'true'), label: { id: 'a' } }, '/label/en'], ['no expression', { name: 'a', label: LABEL }, '/expression'], ['a number instead of yes or no', flag('a', 'size(household.members)'), '/expression'],
    ['a misspelt field', flag('a', 'household.memberz.size() > 3'), '/expression'], ['a flag that is not there', flag('a', "flag('gone')"), '/expression'], ['itself', flag('a', "flag('a')"), '/expression'],
    ['an unknown field', flag('a', 'true', { colour: 1 }), '/colour'],
  ]) await step(`refused with the field: ${what}`, () => refused(maya.post('/flags', body), 422, 'fields', pointer));
  await step('an officer defines none; what is not there cannot be retired', async () => {
    await refused(rina.post('/flags', flag('a', 'true')), 403, 'forbidden');
    await refused(rina.post('/flags/counts'), 403, 'forbidden');
    await refused(maya.post(`/flags/${NOBODY}/retire`), 404, 'not_found');
    equal((await rina.get('/flags')).items.map((entry) => entry.own), Array(10).fill(true));
  });
  await step('the agency\'s own hold at once, and a circle through another is refused', async () => {
    await maya.post('/flags', flag('large', 'size(household.members) >= 3'));
    await maya.post('/flags', flag('large_young', "flag('large') && flag('under_five')"));
    equal((await truths(rina, young.id)).large_young, true);
    equal((await rina.get(`/households/${young.id}/flags`)).items.find((entry) => entry.name === 'large').label, LABEL);
    await refused(maya.post('/flags', flag('large', "flag('large_young')")), 422, 'fields', '/expression');
    const next = await maya.post('/flags', flag('large', 'size(household.members) >= 4'));
    equal([next.version, (await truths(rina, young.id)).large_young], [2, false]);
  });
  await step('a list shows only who bears the flag, within the scope; an unknown flag gives nothing', async () => {
    const ids = async (client, query) => (await client.get(`/households?${query}`)).items.map((item) => item.id).sort();
    equal(await ids(maya, 'flag=elderly_alone'), [old.id, far.id].sort());
    equal(await ids(rina, 'flag=elderly_alone'), [old.id]);
    equal(await ids(maya, 'flag=elderly_alone&region=15.02'), [far.id]);
    equal(await ids(maya, 'flag=under_five&region=15'), [young.id]);
    equal(await ids(maya, 'flag=gone'), []);
    const page = await maya.get('/households?flag=elderly_alone&limit=1');
    equal(page.items.length, 1);
    equal((await maya.get(`/households?flag=elderly_alone&limit=1&after=${encodeURIComponent(page.next)}`)).items.length, 1);
  });
  await step('counts by region as of their day; before anybody counted there are none', async () => {
    equal(await maya.get('/flags/counts?region=15'), { on: null, counting: false, households: 0, items: [] });
    await refused(maya.get('/flags/counts'), 400, 'query');
    const { job_id } = await maya.post('/flags/counts');
    equal((await finished(job_id)).state, 'done');
    const all = await maya.get('/flags/counts?region=15'), own = await rina.get('/flags/counts?region=15.01');
    const of = (counts, name) => counts.items.find((entry) => entry.name === name);
    equal([all.households, of(all, 'elderly_alone').households, of(all, 'no_income').unknown, of(all, 'large').households], [3, 2, 3, 0]);
    equal([own.households, of(own, 'elderly_alone').households], [2, 1]);
    equal((await rina.get('/flags/counts?region=15')).households, 0, 'above the scope');
    equal((await maya.get('/flags/counts?region=99')).items, []);
    truth(/^\d{4}-\d\d-\d\d$/.test(all.on), all.on);
  });
  await step('rules ask for both kinds; a misspelt one is refused where it stands', async () => {
    const body = (rule) => ({ name: `Uji ${rule}`, category: 'direct_aid', owner: 'Dinas', currency: 'IDR', unit: 'household', rule, entitlement: 'amount(1000)', budget_minor: 100000, starts_on: '2026-01-01' });
    const program = await maya.post('/programs', body("flag('elderly_alone') || flag('large')"));
    equal((await maya.post(`/programs/${program.id}/eligibility`, { household_id: old.id })).outcome, 'eligible');
    equal((await maya.post(`/programs/${program.id}/eligibility`, { household_id: young.id })).outcome, 'not_eligible');
    await refused(maya.post('/programs', body("flag('elderly_alonee')")), 422, 'fields', '/rule');
  });
  await step('a retired flag is offered no more, and rules that name it still work', async () => {
    const { items } = await maya.get('/flags');
    const large = items.find((entry) => entry.name === 'large');
    equal((await maya.post(`/flags/${large.id}/retire`)).state, 'retired');
    await refused(maya.post(`/flags/${large.id}/retire`), 409, 'state');
    equal((await truths(rina, young.id)).large, undefined);
    equal((await truths(rina, young.id)).large_young, false);
  });
  await step('an auditor sees the flags of a household, not its people', async () => equal((await truths(audi, old.id)).elderly_alone, true));
} finally {
  await registry.stop();
}
close();
