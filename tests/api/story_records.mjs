// story_records.mjs: disbursement records by program, cycle, batch, region, days and state: pages that miss nothing, sums of the whole filter, and the same filter in the export.
import { spawnSync } from 'node:child_process';
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, family, secretOf, PASSWORD } from './registry.mjs';

const binary = process.argv[2];
const registry = await startRegistry(binary);
const NOBODY = '01900000-0000-7000-8000-000000000001';
const DAY = 86400000;
const dayFrom = (days) => new Date(Date.now() + 7 * 3600000 + days * DAY).toISOString().slice(0, 10); // programs count their days at UTC+7
try {
  const as = (name) => new Client(registry.base).signIn(name);
  const rina = await as('rina'), maya = await as('maya'), hendra = await as('hendra'), audi = await as('audi');
  const villages = ['15.01.01.2001', '15.01.01.2001', '15.01.01.2001', '15.01.01.2002', '15.01.01.2002', '15.02.01.2001', '15.02.01.2001'];
  const households = [];
  for (const [i, village] of villages.entries()) households.push(await maya.post('/households', family(i, village)));
  const makeProgram = async (name, rupiah) => {
    const program = await maya.post('/programs', { name, category: 'direct_aid', owner: 'Dinas', currency: 'IDR', unit: 'household', rule: 'true', entitlement: `amount(${rupiah})`, budget_minor: 10 ** 12, starts_on: '2026-01-01' });
    await maya.post(`/programs/${program.id}/activate`);
    for (const household of households) await maya.post(`/programs/${program.id}/enrollments`, { household_id: household.id });
    return program.id;
  };
  const release = async (program, name) => {
    const cycle = await maya.post(`/programs/${program}/cycles`, { name, starts_on: '2026-10-01', ends_on: '2026-12-31' });
    const { id } = await maya.post(`/cycles/${cycle.id}/batches`);
    for (const act of ['lock', 'submit']) await maya.post(`/batches/${id}/${act}`);
    await hendra.post(`/batches/${id}/approve`, { digest: (await hendra.get(`/batches/${id}`)).digest });
    await hendra.post(`/batches/${id}/release`);
    return { cycle: cycle.id, batch: id };
  };
  const food = await makeProgram('Bantuan pangan', 1000), school = await makeProgram('Beasiswa', 2000);
  const first = await release(food, 'Tahap 1'), second = await release(food, 'Tahap 2'), year = await release(school, 'Tahun ini');
  const { items: [paid] } = await rina.get(`/disbursements?batch=${first.batch}`);
  await rina.post(`/disbursements/${paid.id}/receipt`, { received_by: 'payee', method: 'cash', at: new Date().toISOString() });
  const text = (query) => new URLSearchParams(query).toString();
  const pagesOf = async (client, query, limit) => {
    const ids = [];
    let after;
    do {
      const page = await client.get(`/disbursements?${text({ ...query, limit, ...(after ? { after } : {}) })}`);
      truth(page.items.length <= limit, 'more than the limit');
      ids.push(...page.items.map((item) => item.id));
      after = page.next;
    } while (after);
    return ids;
  };

  // [filter, lines for who sees all, lines for the officer of 15.01]
  const TABLE = [
    [{}, 21, 15], [{ program: food }, 14, 10], [{ program: school }, 7, 5], [{ cycle: second.cycle }, 7, 5], [{ batch: year.batch }, 7, 5],
    [{ region: '15' }, 21, 0], [{ region: '15.01' }, 15, 15], [{ region: '15.01.01.2002' }, 6, 6], [{ region: '15.02.01' }, 6, 0],
    [{ region: '15.01', program: food }, 10, 10], [{ region: '15.01.01.2001', cycle: first.cycle }, 3, 3], [{ state: 'paid' }, 1, 1], [{ state: 'pending', program: food }, 13, 9],
    [{ from: dayFrom(-1), to: dayFrom(1) }, 21, 15], [{ from: dayFrom(-40), to: dayFrom(-30) }, 0, 0], [{ from: dayFrom(2) }, 0, 0], [{ to: dayFrom(-2) }, 0, 0],
    [{ household: households[0].id }, 3, 3], [{ household: households[0].id, batch: second.batch }, 1, 1], [{ household: households[6].id }, 3, 0], [{ batch: first.batch, program: school }, 0, 0], [{ cycle: year.cycle, program: food }, 0, 0],
    [{ program: NOBODY }, 0, 0], [{ cycle: NOBODY }, 0, 0], [{ batch: NOBODY }, 0, 0], [{ region: '99' }, 0, 0], [{ state: 'no_such_state' }, 0, 0],
  ];
  for (const [filter, all, own] of TABLE) {
    const name = Object.entries(filter).map(([key, value]) => `${key}=${value.length > 12 ? '…' : value}`).join(' ') || 'no filter';
    await step(`${name}: pages of any size and the sums tell the same`, async () => {
      for (const [client, wanted] of [[maya, all], [rina, own]]) {
        const ids = await pagesOf(client, filter, 2);
        equal(ids.length, wanted, 'lines');
        equal(new Set(ids).size, wanted, 'lines seen once');
        equal([...await pagesOf(client, filter, 200)].sort(), [...ids].sort(), 'another page size');
        const sums = await client.get(`/disbursements/sums?${text(filter)}`);
        equal(sums.states.reduce((sum, row) => sum + row.count, 0), wanted, 'sum of counts');
        equal(sums.totals.length, wanted ? 1 : 0, 'a total for each currency');
        if (wanted) for (const part of ['count', 'amount_minor', 'received_minor', 'open_minor', 'given_back_minor']) equal(sums.totals[0][part], sums.states.reduce((sum, row) => sum + row[part], 0), part);
      }
    });
  }
  await step('the sums are exact, state by state', async () => {
    const { states, totals } = await maya.get(`/disbursements/sums?program=${food}`);
    equal(states.map((row) => [row.state, row.count, row.amount_minor, row.received_minor, row.open_minor]), [['paid', 1, 100000, 100000, 0], ['pending', 13, 1300000, 0, 1300000]]);
    equal([totals[0].currency, totals[0].count, totals[0].amount_minor], ['IDR', 14, 1400000]);
  });
  await step('who is bound to one program sees none of another', async () => {
    const added = spawnSync(binary, ['user', 'add', 'niko', '--role', 'manager', '--program', school, '--name', 'Niko', '--password-stdin', '--totp-secret', secretOf('niko'), '--db', registry.db], { input: `${PASSWORD}\n`, encoding: 'utf8' });
    equal(added.status, 0, added.stderr);
    const niko = await as('niko');
    equal((await pagesOf(niko, {}, 3)).length, 7);
    equal((await pagesOf(niko, { program: food }, 3)).length, 0);
    equal((await pagesOf(niko, { cycle: first.cycle }, 3)).length, 0);
    equal((await pagesOf(niko, { batch: first.batch }, 3)).length, 0);
    equal(await niko.get(`/disbursements/sums?program=${food}`), { states: [], totals: [] });
    equal((await niko.get('/disbursements/sums')).totals[0].count, 7);
  });
  await step('a place of one filter is no way around another', async () => {
    const { next } = await maya.get('/disbursements?region=15.02&limit=1');
    equal((await rina.get(`/disbursements?region=15.01&after=${next}`)).items, []);
    for (const item of (await maya.get(`/disbursements?program=${school}&after=${next}&limit=200`)).items) equal(item.program_id, school);
  });
  for (const path of ['/disbursements', '/disbursements/sums', '/exports/disbursements.csv'])
    await step(`${path}: refusals name the parameter`, async () => {
      for (const [query, word] of [['from=2026-13-01', 'from'], ['from=2026-02-30', 'from'], ['to=kemarin', 'to'], ['to=01-02-2026', 'to'], ['from=2026-05-02&to=2026-05-01', 'to'],
        ['program=abc', 'program'], ['cycle=1', 'cycle'], ['batch=%27', 'batch'], ['colour=red', 'colour'], [`region=${'1'.repeat(41)}`, 'region'], [`state=${'x'.repeat(41)}`, 'state']]) {
        const problem = await refused(audi.get(`${path}?${query}`), 400, 'query');
        truth(problem.detail.includes(`parameter ${word} `), `${query}: ${problem.detail}`);
      }
      await refused(new Client(registry.base).get(path), 401);
    });
  await step('the refusal of days speaks the language of the caller, and one day is a period', async () => {
    const answer = await fetch(`${registry.base}/api/v1/disbursements?from=2026-05-02&to=2026-05-01`, { headers: { Cookie: audi.cookie, 'Sec-Fetch-Site': 'same-origin', 'Accept-Language': 'id' } });
    truth((await answer.json()).detail.includes('Tidak boleh sebelum from'), 'not in Indonesian');
    equal((await pagesOf(audi, { from: dayFrom(0), to: dayFrom(0) }, 50)).length, 21);
  });
  await step('the export takes the same filter, and its manifest says so', async () => {
    for (const filter of [{ batch: second.batch }, { cycle: first.cycle, region: '15.01.01.2002' }, { program: food, state: 'pending', from: dayFrom(-1), to: dayFrom(1) }]) {
      const answer = await fetch(`${registry.base}/api/v1/exports/disbursements.csv?${text(filter)}`, { headers: { Cookie: audi.cookie, 'Sec-Fetch-Site': 'same-origin' } });
      const lines = (await answer.text()).trim().split('\r\n').length - 1;
      equal(lines, (await audi.get(`/disbursements/sums?${text(filter)}`)).totals[0].count, JSON.stringify(filter));
      const { filters } = await audi.get(answer.headers.get('lumbung-manifest').replace('/api/v1', ''));
      for (const [key, value] of Object.entries(filter)) equal(filters[key], value, key);
    }
  });
} finally {
  await registry.stop();
}
close();
