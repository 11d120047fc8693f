// story_merge.mjs: one family registered twice becomes one, field by field: what is chosen is kept, what is given up stays readable, and both come back as they were.
import { spawnSync } from 'node:child_process';
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, addUser, family } from './registry.mjs';

const binary = process.argv[2];
const registry = await startRegistry(binary);
const NOBODY = '01900000-0000-7000-8000-000000000001', HERE = '15.01.01.2001', NEAR = '15.01.01.2002';
try {
  addUser(binary, registry.db, 'bima', 'officer', 'Bima', '15.02');
  const as = (name) => new Client(registry.base).signIn(name);
  const [rina, maya, hendra, bima, audi] = [await as('rina'), await as('maya'), await as('hendra'), await as('bima'), await as('audi')];
  let number = 0;
  const nikOf = (n) => `1501014505870${String(n).padStart(3, '0')}`;
  const registered = async (name, more = {}, head = {}, people = []) => {
    const n = ++number;
    return rina.post('/households', { ...family(n, HERE), ...more, members: [{ name, nik: nikOf(n), sex: 'F', birth_date: '1987-05-05', relationship: 'head', ...head }, ...people] });
  };
  const child = (name, birth = '2015-03-04') => ({ name, id_reason: 'no_card', sex: 'M', birth_date: birth, relationship: 'child' });
  // The same woman twice: once with her card, once by hearsay.
  const twice = async (more = {}) => {
    const name = `Halimah ${'abcdefghijklmnopqrstuvwxyz'[number % 26]}${'abcdefghijklmnopqrstuvwxyz'[Math.trunc(number / 26)]}ningsih`;
    const nik = nikOf(++number);
    const keep = await registered(name, { region: HERE, address: 'Jalan Lama 1', phone: '081200000001', kk_number: '1501011210100011', housing: { floor: 'earth', wall: 'wood', rooms: 2 } }, { nik, birth_date: '1987-05-05', education: 'primary' }, [child('Anak Sulung')]);
    const other = await registered(name, { region: NEAR, hamlet: 'Dusun Baru', address: 'Jalan Baru 9', phone: '081200000002', kk_number: '1501011210100012', housing: { floor: 'tile', wall: 'wood', water: 'pump' }, ...more }, { nik, birth_date: '1988-06-06', education: 'primary', occupation: 'Petani' }, [child('Anak Sulung'), child('Anak Bungsu', '2019-01-02')]);
    const [id] = other.possible_duplicates.filter((pair) => pair.kind === 'nik').map((pair) => pair.case_id);
    return { keep, other, id, pair: [keep.members[0].id, other.members[0].id], children: [keep.members[1].id, other.members[1].id], bungsu: other.members[2].id };
  };
  const members = (both, chosen = {}) => [{ keep_id: both.pair[0], other_id: both.pair[1], ...chosen }, { keep_id: both.children[0], other_id: both.children[1] }];
  const plain = async (id) => { const { version, changed_at, warnings, ...rest } = await maya.get(`/households/${id}`); return rest; };
  const decide = (both, choices, more = {}, client = maya) => client.post(`/duplicates/${both.id}/decide`, { decision: 'same', keep_id: both.keep.id, choices, reason: 'satu keluarga, terdaftar dua kali', ...more });
  const merge = (both, choices, more = {}, headers, client = maya) => client.post(`/households/${both.keep.id}/merge`, { other_id: both.other.id, choices, reason: 'satu keluarga', ...more }, headers);
  const undo = (both, client = maya) => client.post(`/households/${both.other.id}/unmerge`, { reason: 'ternyata dua keluarga' });

  await step('side by side: what differs, what is equal, who is one person, and who is of one household alone', async () => {
    const both = await twice();
    const told = await maya.get(`/households/${both.keep.id}/comparison?other=${both.other.id}`);
    equal([told.keep.id, told.keep.version, told.other.id, told.other.version], [both.keep.id, both.keep.version, both.other.id, both.other.version]);
    const field = (list, pointer) => list.find((item) => item.pointer === pointer);
    equal(field(told.fields, '/address'), { pointer: '/address', equal: false, keep: { address: 'Jalan Lama 1' }, other: { address: 'Jalan Baru 9' } });
    equal(field(told.fields, '/kk_number').equal, false);
    equal(field(told.fields, '/housing/floor'), { pointer: '/housing/floor', equal: false, keep: { floor: 'earth' }, other: { floor: 'tile' } });
    equal(field(told.fields, '/housing/wall').equal, true);
    equal(field(told.fields, '/housing/water'), { pointer: '/housing/water', equal: false, keep: {}, other: { water: 'pump' } });
    equal(field(told.fields, '/housing/roof'), undefined, 'what neither says');
    equal(told.members.map((pair) => [pair.keep_id, pair.other_id]), [both.pair, both.children]);
    equal(field(told.members[0].fields, '/nik'), { pointer: '/nik', equal: true, keep: { nik: `${'*'.repeat(10)}${nikOf(number - 2).slice(-4)}` }, other: { nik: `${'*'.repeat(10)}${nikOf(number - 2).slice(-4)}` } });
    equal(field(told.members[0].fields, '/birth_date').other, { birth_date: '1988-06-06' });
    equal([told.keep_only, told.other_only.map((one) => one.name)], [[], ['Anak Bungsu']]);
    const apart = await maya.get(`/households/${both.keep.id}/comparison?other=${both.other.id}&pairs=none`);
    equal([apart.members.length, apart.keep_only.length, apart.other_only.length], [0, 2, 3]);
    const crossed = await maya.get(`/households/${both.keep.id}/comparison?other=${both.other.id}&pairs=${both.children[0]}.${both.bungsu}`);
    equal(crossed.members.map((pair) => [pair.keep_id, pair.other_id]), [[both.children[0], both.bungsu]]);
  });
  await step('numbers whose shown ends are alike are told apart all the same', async () => {
    const one = await registered('Sumarni Wati', {}, { nik: '1501014505871234' }), two = await registered('Sumarni Wati', {}, { nik: '1501024505871234' });
    const nik = (await maya.get(`/households/${one.id}/comparison?other=${two.id}`)).members[0].fields.find((item) => item.pointer === '/nik');
    equal([nik.equal, nik.keep, nik.other], [false, { nik: `${'*'.repeat(10)}1234` }, { nik: `${'*'.repeat(10)}1234` }]);
  });
  await step('a comparison is refused for another area, oneself, an unknown one, who may not write, and pairs that are none', async () => {
    const both = await twice(), path = `/households/${both.keep.id}/comparison`;
    await refused(maya.get(path), 400, 'query');
    await refused(maya.get(`${path}?other=x`), 400, 'query');
    const itself = await refused(maya.get(`${path}?other=${both.keep.id}`), 400, 'query');
    truth(!itself.detail.includes('/'), `two languages at once: ${itself.detail}`);
    await refused(maya.get(`${path}?other=${NOBODY}`), 404, 'not_found');
    await refused(bima.get(`${path}?other=${both.other.id}`), 404, 'not_found');
    for (const client of [hendra, audi]) await refused(client.get(`${path}?other=${both.other.id}`), 403, 'forbidden');
    for (const pairs of ['x', both.pair[0], `${both.pair[0]}.${NOBODY}`, `${both.pair[1]}.${both.pair[0]}`, `${both.pair.join('.')},${both.pair[0]}.${both.bungsu}`, `${both.pair.join('.')};`])
      await refused(maya.get(`${path}?other=${both.other.id}&pairs=${pairs}`), 400, 'query');
  });

  await step('chosen field by field: the kept household takes them, those twice in it are one, the rest come along', async () => {
    const both = await twice();
    const answer = await decide(both, { household: { region: 'other', hamlet: 'other', address: 'other', phone: 'keep', kk_number: 'other', housing: { floor: 'other', water: 'other' } }, members: members(both, { birth_date: 'other', occupation: 'other', education: 'other' }) });
    equal(answer.state, 'same');
    const now = await rina.get(`/households/${both.keep.id}?reveal=true`);
    equal([now.region, now.hamlet, now.address, now.phone, now.kk_number], [NEAR, 'Dusun Baru', 'Jalan Baru 9', '081200000001', '1501011210100012']);
    equal(now.housing, { floor: 'tile', wall: 'wood', water: 'pump', rooms: 2 });
    equal(now.members.map((member) => [member.name, member.birth_date, member.occupation]), [[both.keep.members[0].name, '1988-06-06', 'Petani'], ['Anak Sulung', '2015-03-04', undefined], ['Anak Bungsu', '2019-01-02', undefined]]);
    const gone = await rina.get(`/households/${both.other.id}`);
    equal([gone.state, gone.merged_into, gone.members.length], ['merged', both.keep.id, 0]);
    equal((await rina.post('/households/search', { phone: '081200000002' })).items.some((hit) => hit.id === both.keep.id), false, 'the phone that was given up');
  });
  await step('what was given up stays readable in the history of the household that stays', async () => {
    const both = await twice();
    await decide(both, { household: { address: 'other' }, members: members(both, { birth_date: 'other' }) });
    const last = (await maya.get(`/households/${both.keep.id}/history`)).items.at(-1);
    equal([last.action, last.by, last.reason], ['household.merge', 'maya', 'satu keluarga, terdaftar dua kali']);
    const change = (pointer) => last.changes.find((item) => item.pointer === pointer);
    equal([change('/address').before, change('/address').after], ['Jalan Lama 1', 'Jalan Baru 9']);
    equal([change(`/members/${both.pair[0]}/birth_date`).before, change(`/members/${both.pair[0]}/birth_date`).after], ['1987-05-05', '1988-06-06']);
    const lost = Object.fromEntries(last.lost.map((item) => [item.pointer, item.value]));
    equal([lost['/phone'], lost['/region'], lost['/housing'].floor, lost[`/members/${both.pair[0]}/occupation`]], ['081200000002', NEAR, 'tile', 'Petani']);
    equal([lost['/address'], lost['/kk_number']], [undefined, `${'*'.repeat(10)}0012`]);
    const ended = (await maya.get(`/households/${both.other.id}?as_of=${encodeURIComponent(new Date(Date.parse(both.other.created_at)).toISOString())}`));
    equal(ended.address, 'Jalan Baru 9', 'the other as it was');
  });
  await step('taken back: both are what they were, values, people and region', async () => {
    const both = await twice();
    const before = [await plain(both.keep.id), await plain(both.other.id)];
    await decide(both, { household: { region: 'other', address: 'other', phone: 'other', kk_number: 'other', location: 'other', housing: { floor: 'other', water: 'other', rooms: 'other' } }, members: members(both, { birth_date: 'other', occupation: 'other' }) });
    truth((await plain(both.keep.id)).region === NEAR, 'nothing was chosen');
    await undo(both);
    equal(await plain(both.keep.id), before[0], 'the household that stayed');
    equal(await plain(both.other.id), before[1], 'the household that had ended');
    truth((await maya.get('/duplicates?limit=200')).items.some((item) => item.id === both.id), 'the case is still decided');
    await decide(both, { members: members(both) });
    await undo(both);
    equal([await plain(both.keep.id), await plain(both.other.id)], before, 'merged without a choice and taken back');
  });
  await step('taken back: people stand in their old order, also where some came over and some did not', async () => {
    const name = 'Rohana Setiawati', nik = nikOf(++number);
    const keep = await registered(name, {}, { nik }, [child('Anak Sulung')]);
    const other = await registered(name, {}, { nik }, [child('Anak Bungsu', '2019-01-02'), child('Anak Sulung'), child('Anak Tengah', '2017-01-02')]);
    const both = { keep, other, id: other.possible_duplicates.find((pair) => pair.kind === 'nik').case_id };
    const before = [await plain(keep.id), await plain(other.id)];
    await decide(both, { members: [{ keep_id: keep.members[0].id, other_id: other.members[0].id }, { keep_id: keep.members[1].id, other_id: other.members[2].id }] });
    equal((await plain(keep.id)).members.map((member) => member.name), [name, 'Anak Sulung', 'Anak Tengah', 'Anak Bungsu']);
    await undo(both);
    equal([await plain(keep.id), await plain(other.id)], before);
  });
  await step('not taken back when what was chosen has been changed since', async () => {
    const both = await twice();
    await decide(both, { household: { phone: 'other' }, members: members(both) });
    const { version } = await maya.get(`/households/${both.keep.id}`);
    await maya.call('PATCH', `/households/${both.keep.id}`, { phone: '081200000099' }, { 'If-Match': `"${version}"` });
    truth(/chosen at the merge changed/.test((await refused(undo(both), 409, 'unmerge')).detail), 'no reason');
    const other = await twice();
    await decide(other, { household: { phone: 'other' }, members: members(other) });
    const seen = await maya.get(`/households/${other.keep.id}`);
    await maya.call('PATCH', `/households/${other.keep.id}`, { rt: '009' }, { 'If-Match': `"${seen.version}"` });
    await undo(other);
    const now = await maya.get(`/households/${other.keep.id}`);
    equal([now.rt, now.phone], ['009', '081200000001'], 'a correction of another field is kept');
  });
  await step('a choice for a field that is equal is harmless; without a choice each keeps its own', async () => {
    const both = await twice(), before = await plain(both.keep.id);
    await merge(both, { household: { housing: { wall: 'other' }, rw: 'other', location: 'other' }, members: members(both, { sex: 'other', nik: 'other', education: 'other' }) });
    const { members: people, ...own } = await plain(both.keep.id), { members: then, ...kept } = before;
    equal([{ ...own, member_count: 0 }, people.slice(0, 2)], [{ ...kept, member_count: 0 }, then]);
  });
  await step('a number is chosen with its reason, and one that neither pair bears is free to take', async () => {
    const keep = await registered('Rukmini Asih', {}, { nik: undefined, id_reason: 'no_card' }), other = await registered('Rukmini Asih');
    const id = other.possible_duplicates.find((pair) => pair.kind === 'name').case_id, both = { keep, other, id };
    await decide(both, { members: [{ keep_id: keep.members[0].id, other_id: other.members[0].id, nik: 'other' }] });
    const [head] = (await rina.get(`/households/${keep.id}?reveal=true`)).members;
    equal([head.nik, head.id_reason], [nikOf(number), undefined]);
    equal((await maya.post(`/members/${head.id}/confirm-nik`, { nik: nikOf(number) })).match, true);
    await undo(both);
    const [back] = (await rina.get(`/households/${keep.id}?reveal=true`)).members;
    equal([back.nik, back.id_reason], [undefined, 'no_card']);
  });
  await step('a number that a third person bears is refused at its field', async () => {
    const keep = await registered('Sukarsih Tri', {}, { nik: undefined, id_reason: 'no_card' }), other = await registered('Sukarsih Tri');
    await registered('Orang Ketiga', {}, { nik: nikOf(number) });
    const both = { keep, other, id: other.possible_duplicates[0].case_id }, pair = { keep_id: keep.members[0].id, other_id: other.members[0].id };
    truth(/Another person/.test((await refused(decide(both, { members: [{ ...pair, nik: 'other' }] }), 422, 'fields', '/choices/members/0/nik')).errors[0].detail), 'no reason');
    equal((await maya.get(`/households/${other.id}`)).state, 'active', 'nothing was done');
    await decide(both, { members: [{ ...pair, nik: 'keep' }] });
  });
  await step('a number of a household in a program waits for a second person: not changed by a merge', async () => {
    const program = await maya.post('/programs', { name: 'Bantuan', category: 'direct_aid', owner: 'Dinas', currency: 'IDR', unit: 'household', rule: 'true', entitlement: 'amount(1000)', budget_minor: 10 ** 9, starts_on: '2026-01-01' });
    await maya.post(`/programs/${program.id}/activate`);
    const both = await twice();
    const { id: going } = await maya.post(`/programs/${program.id}/enrollments`, { household_id: both.keep.id });
    await refused(decide(both, { household: { kk_number: 'other' }, members: members(both) }), 422, 'fields', '/choices/household/kk_number');
    equal((await maya.get('/change-requests?state=open')).items.length, 0, 'nothing waits');
    const turned = { id: both.id, keep: both.other, other: both.keep, pair: [...both.pair].reverse(), children: [...both.children].reverse() };
    await refused(decide(turned, { members: members(turned) }, { enrollments: { [NOBODY]: 'go' } }), 422, 'fields', `/enrollments/${NOBODY}`);
    await refused(decide(turned, { members: members(turned) }, { enrollments: { [going]: 'stay' } }), 422, 'fields', `/enrollments/${going}`);
    await decide(turned, { household: { kk_number: 'other' }, members: members(turned) }, { enrollments: { [going]: 'go' } });
    equal((await maya.get(`/households/${turned.keep.id}/enrollments`)).items.map((item) => [item.id, item.state]), [[going, 'enrolled']]);
    await undo(turned);
    equal((await maya.get(`/households/${turned.other.id}/enrollments`)).items.map((item) => [item.id, item.state]), [[going, 'enrolled']]);
  });

  await step('refused by name: unknown fields, unknown sides, people who are not there, and choices without a merge', async () => {
    const both = await twice(), pair = members(both), fields = (choices, pointer, more) => refused(decide(both, choices, more), 422, 'fields', pointer);
    await fields({ household: { payee: 'other' }, members: pair }, '/choices/household/payee');
    await fields({ household: { housing: { garden: 'other' } }, members: pair }, '/choices/household/housing/garden');
    await fields({ household: { phone: 'mine' }, members: pair }, '/choices/household/phone');
    await fields({ households: {}, members: pair }, '/choices/households');
    await fields({ members: [{ ...pair[0], relationship: 'other' }] }, '/choices/members/0/relationship');
    await fields({ members: [{ keep_id: both.pair[0] }] }, '/choices/members/0/other_id');
    await fields({ members: [pair[0], { keep_id: NOBODY, other_id: both.bungsu }] }, '/choices/members/1/keep_id');
    await fields({ members: [pair[0], { keep_id: both.children[0], other_id: both.children[0] }] }, '/choices/members/1/other_id');
    await fields({ members: [pair[0], { keep_id: both.pair[0], other_id: both.bungsu }] }, '/choices/members/1/keep_id');
    await fields({ members: [pair[0], { keep_id: both.children[0], other_id: both.pair[1] }] }, '/choices/members/1/other_id');
    await fields({ members: [pair[1]] }, '/choices/members');
    await fields({}, '/choices/members');
    await fields([], '/choices');
    await fields({ members: pair }, '/fields', { fields: { rt: '002' } });
    await fields({ members: pair }, '/enrollments', { enrollments: [] });
    await fields({ members: pair }, '/choices', { decision: 'different', keep_id: undefined });
    await fields({ members: pair }, '/choices', { keep_id: undefined });
    await fields({ members: pair }, '/keep_id', { keep_id: NOBODY });
    await fields(undefined, '/enrollments', { enrollments: {} });
    equal((await maya.get(`/households/${both.other.id}`)).state, 'active', 'nothing was done');
  });
  await step('refused: what was seen is stale, oneself, who is dissolved, moved away or merged, another area, who may not', async () => {
    const both = await twice(), pair = members(both);
    await refused(decide(both, { keep_version: both.keep.version + 1, members: pair }), 412, 'stale');
    await refused(decide(both, { other_version: both.other.version + 1, members: pair }), 412, 'stale');
    await refused(merge(both, { members: pair }, {}, { 'If-Match': `"${both.keep.version + 1}"` }), 412, 'stale');
    truth((await refused(merge(both, { other_version: 99, members: pair }), 412, 'stale')).current.id === both.other.id, 'not the present other');
    await refused(merge({ keep: both.keep, other: both.keep }, { members: [] }), 422, 'fields', '/other_id');
    await refused(merge(both, { members: pair }, {}, {}, bima), 404, 'not_found');
    await refused(merge(both, { members: pair }, {}, {}, hendra), 403, 'forbidden');
    await refused(merge({ keep: both.keep, other: { id: NOBODY } }, {}), 404, 'not_found');
    const ended = await twice();
    await maya.post(`/households/${ended.other.id}/dissolve`, { reason: 'bubar' });
    await refused(decide(ended, { members: members(ended) }), 409, 'state');
    await refused(merge({ keep: ended.other, other: ended.keep }, { members: [] }), 409, 'state');
    const away = await twice(), sent = await maya.post(`/households/${away.other.id}/move`, { to_region: '15.02.01.2001' });
    await bima.post(`/moves/${sent.id}/accept`);
    await refused(rina.post(`/duplicates/${away.id}/decide`, { decision: 'same', keep_id: away.keep.id, choices: { members: members(away) }, reason: 'pindah' }), 404, 'not_found');
    await decide(both, { keep_version: both.keep.version, other_version: both.other.version, members: pair });
    await refused(merge(both, { members: pair }), 409, 'state');
  });
  await step('log, sums and counts hold after all of it', async () => {
    await registry.pause();
    const told = spawnSync(binary, ['verify', '--db', registry.db], { encoding: 'utf8' });
    truth(told.status === 0, told.stdout + told.stderr);
  });
} finally {
  await registry.stop();
}
close();
