// story_batch_lists.mjs: batches by cycle, month and region; their lines by place, beside the payee's last amount, at drawn positions; by pages that miss nothing.
import { spawnSync } from 'node:child_process';
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, family, secretOf, PASSWORD } from './registry.mjs';

const binary = process.argv[2];
const registry = await startRegistry(binary);
try {
  const as = (name) => new Client(registry.base).signIn(name);
  const maya = await as('maya'), hendra = await as('hendra'), audi = await as('audi');
  const villages = ['15.01.01.2001', '15.01.01.2001', '15.01.01.2001', '15.01.01.2001', '15.01.01.2002', '15.02.01.2001'];
  const households = [];
  for (const [i, village] of villages.entries()) households.push(await maya.post('/households', family(i, village)));
  const program = await maya.post('/programs', { name: 'Menurut anggota', category: 'direct_aid', owner: 'Dinas', currency: 'IDR', unit: 'household', rule: 'true', entitlement: 'amount(1000) * household.members.size()', budget_minor: 10 ** 12, starts_on: '2026-01-01' });
  await maya.post(`/programs/${program.id}/activate`);
  for (const household of households) await maya.post(`/programs/${program.id}/enrollments`, { household_id: household.id });
  const tomorrow = new Date(Date.now() + 86400000).toISOString().slice(0, 10); // who joined today is a member then
  const make = async (name, starts_on, ends_on, region) => {
    const cycle = await maya.post(`/programs/${program.id}/cycles`, { name, starts_on, ends_on, reference_date: tomorrow });
    return { ...(await maya.post(`/cycles/${cycle.id}/batches`, region ? { region } : {})), cycle: cycle.id };
  };
  const release = async ({ id }) => {
    for (const act of ['lock', 'submit']) await maya.post(`/batches/${id}/${act}`);
    await hendra.post(`/batches/${id}/approve`, { digest: (await hendra.get(`/batches/${id}`)).digest });
    await hendra.post(`/batches/${id}/release`);
  };
  const grow = async (household, names) => {
    for (const name of names) {
      const { version } = await maya.get(`/households/${household.id}`);
      await maya.post(`/households/${household.id}/members`, { name, id_reason: 'no_card', sex: 'F', birth_date: '2020-03-04', relationship: 'child' }, { 'If-Match': `"${version}"` });
    }
  };
  await grow(households[1], ['Ani', 'Budi']); // four members: one more will be 25 per cent
  const first = await make('Tahap 1', '2026-10-01', '2026-10-31');
  await release(first);
  await grow(households[0], ['Cici', 'Dodi']);
  await grow(households[1], ['Euis']);
  const second = await make('Tahap 2', '2026-11-15', '2026-12-14'), village = await make('Desa saja', '2026-12-01', '2026-12-31', '15.01.01.2002');
  const lines = (id, query = '', client = maya) => client.get(`/batches/${id}/items?limit=200&${query}`).then(({ items }) => items);
  const idsOf = (items) => items.map((item) => item.id);

  for (const [query, wanted] of [['', [village, second, first]], [`cycle=${second.cycle}`, [second]], [`program=${program.id}&cycle=${first.cycle}`, [first]], ['month=2026-10', [first]], ['month=2026-11', [second]],
    ['month=2026-12', [village, second]], ['month=2026-09', []], ['month=2027-01', []], [`month=2026-12&cycle=${first.cycle}`, []], ['month=2026-12&state=released', []], ['region=15.01', [village]],
    ['region=15.01.01.2002', [village]], ['region=15.02', []], ['region=77', []], ['cycle=01900000-0000-7000-8000-000000000001', []]])
    await step(`batches ${query || 'without a filter'}`, async () => {
      equal(idsOf((await maya.get(`/batches?${query}`)).items), idsOf(wanted));
      const paged = [];
      let after = '';
      do {
        const page = await maya.get(`/batches?limit=1&${query}${after && `&after=${after}`}`);
        paged.push(...idsOf(page.items));
        after = page.next;
      } while (after);
      equal(paged, idsOf(wanted), 'one a page');
    });
  await step('a month that is none, and lines asked for wrongly, are refused by name', async () => {
    for (const month of ['2026-13', '2026-00', '2026-1', '10-2026', 'oktober']) await refused(maya.get(`/batches?month=${month}`), 400, 'query');
    for (const query of ['changed=-1', 'changed=1001', 'changed=lots', 'positions=1,,2', 'positions=-1', 'positions=a', 'positions=1,2,3,4,5,6,7,8,9,10,11', 'positions=1;2', 'positions=1,', 'version=0', 'rt=12345678901', 'colour=red'])
      await refused(maya.get(`/batches/${second.id}/items?${query}`), 400, 'query');
    for (const path of ['items', 'places']) await refused(maya.get(`/batches/01900000-0000-7000-8000-000000000001/${path}`), 404, 'not_found');
    await refused(maya.get(`/batches/${second.id}/places?colour=red`), 400, 'query');
  });

  await step('the first batch has no last amount; the next one tells it and the change', async () => {
    truth((await lines(first.id)).every((item) => item.last_amount_minor === null && item.change_minor === undefined), 'an amount before the first');
    const items = await lines(second.id);
    const of = (household) => items.find((item) => item.household_id === household.id);
    equal([of(households[0]).amount_minor, of(households[0]).last_amount_minor, of(households[0]).change_minor], [400000, 200000, 200000]);
    equal([of(households[1]).amount_minor, of(households[1]).last_amount_minor, of(households[1]).change_minor], [500000, 400000, 100000]);
    equal([of(households[2]).change_minor, of(households[2]).last_batch_id], [0, first.id]);
  });
  for (const [percent, wanted] of [[0, [0, 1]], [24, [0, 1]], [25, [0]], [99, [0]], [100, []]])
    await step(`changed by more than ${percent} per cent`, async () => {
      equal((await lines(second.id, `changed=${percent}`)).map((item) => item.household_id).sort(), wanted.map((i) => households[i].id).sort());
    });
  await step('what is not released is nobody\'s last amount, and what came later is not the last of an earlier batch', async () => {
    equal((await lines(village.id)).map((item) => item.last_batch_id), [first.id]);
    await release(second);
    equal((await lines(village.id)).map((item) => item.last_batch_id), [second.id]);
    truth((await lines(first.id)).every((item) => item.last_amount_minor === null), 'a later batch counts');
    truth((await lines(second.id)).every((item) => item.last_batch_id === first.id), 'its own release counts');
  });

  await step('places count the lines, by village and then by hamlet and RT, and each count is what its filter finds', async () => {
    const { items: regions } = await maya.get(`/batches/${second.id}/places`);
    equal(regions.map((place) => [place.region, place.count]), [['15.01.01.2001', 4], ['15.01.01.2002', 1], ['15.02.01.2001', 1]]);
    equal(regions.reduce((sum, place) => sum + place.amount_minor, 0), (await maya.get(`/batches/${second.id}`)).total_minor);
    for (const { region, count } of regions) {
      const { items: places } = await maya.get(`/batches/${second.id}/places?region=${region}`);
      equal(places.reduce((sum, place) => sum + place.count, 0), count, region);
      for (const place of places) equal((await lines(second.id, new URLSearchParams({ region, hamlet: place.hamlet, rw: place.rw, rt: place.rt }))).length, place.count, JSON.stringify(place));
    }
    equal((await maya.get(`/batches/${second.id}/places?region=99`)).items, []);
    for (const query of ['rt=099', 'hamlet=Dusun%20Lain', 'region=99', 'region=15.03']) equal(await lines(second.id, query), [], query);
    equal((await lines(second.id, 'region=15.01')).length, 5);
    equal((await lines(second.id, 'region=15.01.01&hamlet=Dusun%20Hulu&rt=003')).length, 1);
  });
  await step('pages of one and two lines miss nothing, with and without a filter', async () => {
    for (const filter of ['', 'region=15.01', 'changed=0']) {
      const whole = idsOf(await lines(second.id, filter));
      for (const limit of [1, 2]) {
        const ids = [];
        let after = '';
        do {
          const page = await maya.get(`/batches/${second.id}/items?limit=${limit}&${filter}${after && `&after=${after}`}`);
          ids.push(...idsOf(page.items));
          after = page.next;
        } while (after);
        equal(ids, whole, `${filter} ${limit}`);
      }
    }
  });
  await step('every step tells who took it and when; what a recall undid is not there', async () => {
    const taken = (batch) => batch.steps.map(({ step: name, by }) => [name, by]);
    const done = await maya.get(`/batches/${second.id}`);
    equal(taken(done), [['made', 'Maya Lestari'], ['locked', 'Maya Lestari'], ['submitted', 'Maya Lestari'], ['released', 'Hendra Wijaya']]);
    truth(done.steps.every((entry, i) => i === 0 || entry.at >= done.steps[i - 1].at), 'out of order');
    equal(done.steps.find((entry) => entry.step === 'locked').at, done.locked_at);
    await maya.post(`/batches/${village.id}/lock`);
    equal(taken(await maya.post(`/batches/${village.id}/submit`)), [['made', 'Maya Lestari'], ['locked', 'Maya Lestari'], ['submitted', 'Maya Lestari']]);
    equal(taken(await maya.post(`/batches/${village.id}/recall`, { reason: 'angka keliru' })), [['made', 'Maya Lestari']]);
    equal(taken(await maya.post(`/batches/${village.id}/cancel`, { reason: 'tidak jadi' })), [['made', 'Maya Lestari'], ['cancelled', 'Maya Lestari']]);
  });
  await step('positions name lines of the whole list; beyond its end there is none', async () => {
    const whole = idsOf(await lines(second.id));
    equal(idsOf(await lines(second.id, 'positions=5,0,3')), [whole[0], whole[3], whole[5]]);
    equal(idsOf(await lines(second.id, 'positions=2,2')), [whole[2]]);
    equal(await lines(second.id, 'positions=6,70000'), []);
    const third = await make('Tahap 3', '2026-12-15', '2026-12-31');
    const drafted = idsOf(await lines(third.id));
    await maya.post(`/batches/${third.id}/items/${drafted[1]}/exclude`, { reason: 'pindah rumah' });
    equal(idsOf(await lines(third.id, 'positions=0,1')), [drafted[0], drafted[2]], 'an excluded line takes no place');
  });
  await step('an approver of one area sees its lines, places and draws, and no others', async () => {
    const added = spawnSync(binary, ['user', 'add', 'nina', '--role', 'approver', '--region', '15.02', '--name', 'Nina', '--password-stdin', '--totp-secret', secretOf('nina'), '--db', registry.db], { input: `${PASSWORD}\n`, encoding: 'utf8' });
    equal(added.status, 0, added.stderr);
    const nina = await as('nina');
    equal((await lines(second.id, '', nina)).map((item) => item.household_id), [households[5].id]);
    equal((await lines(second.id, 'positions=0,1,2,3,4', nina)).length, 0);
    equal((await nina.get(`/batches/${second.id}/places`)).items.map((place) => place.region), ['15.02.01.2001']);
    equal((await nina.get(`/batches/${second.id}/places?region=15.01.01.2001`)).items, []);
    await refused(nina.get(`/batches/${village.id}/items`), 404, 'not_found');
    await refused(new Client(registry.base).get(`/batches/${second.id}/items`), 401);
    truth((await lines(second.id, '', audi)).every((item) => item.payee.startsWith('P-') && !item.account), 'the auditor reads names');
  });
} finally {
  await registry.stop();
}
close();
