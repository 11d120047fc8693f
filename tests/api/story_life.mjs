// story_life.mjs: what an event touches is shown before; a household goes to another region by sending and accepting; a merge is taken back while nothing contradicts.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, addUser, family } from './registry.mjs';

const binary = process.argv[2];
const registry = await startRegistry(binary);
const NOBODY = '01900000-0000-7000-8000-000000000001', HERE = '15.01.01.2001', THERE = '15.02.01.2001';
try {
  for (const [name, role, region] of [['bima', 'officer', '15.02'], ['wati', 'officer', '15.02.01.2001'], ['mira', 'manager', null]]) addUser(binary, registry.db, name, role, name, region);
  const as = (name) => new Client(registry.base).signIn(name);
  const [rina, maya, mira, bima, wati, hendra, audi] = [await as('rina'), await as('maya'), await as('mira'), await as('bima'), await as('wati'), await as('hendra'), await as('audi')];
  const makeProgram = async (unit) => {
    const program = await maya.post('/programs', { name: `Bantuan ${unit}`, category: 'direct_aid', owner: 'Dinas Sosial', currency: 'IDR', unit, rule: 'true', entitlement: 'amount(1000)', budget_minor: 10 ** 12, starts_on: '2026-01-01' });
    await maya.post(`/programs/${program.id}/activate`);
    return program.id;
  };
  const shared = await makeProgram('household'), own = await makeProgram('member');
  let number = 0;
  const registered = async (more = {}) => {
    const form = family(number++);
    form.members[0].nik = `1501014505870${String(number).padStart(3, '0')}`;
    form.members.push({ name: `Budi ${number}`, id_reason: 'no_card', sex: 'M', birth_date: '1990-01-01', relationship: 'child' });
    return rina.post('/households', { ...form, ...more });
  };
  const enroll = async (household, { member } = {}) => (await maya.post(`/programs/${member ? own : shared}/enrollments`, { household_id: household.id, ...(member ? { member_id: member } : {}) })).id;
  const release = async (program) => {
    const cycle = await maya.post(`/programs/${program}/cycles`, { name: `Tahap ${randomUUID().slice(0, 4)}`, starts_on: '2026-10-01', ends_on: '2026-12-31' });
    const { id } = await maya.post(`/cycles/${cycle.id}/batches`);
    for (const act of ['lock', 'submit']) await maya.post(`/batches/${id}/${act}`);
    await hendra.post(`/batches/${id}/approve`, { digest: (await hendra.get(`/batches/${id}`)).digest });
    await hendra.post(`/batches/${id}/release`);
  };
  const enrolled = async (id) => (await maya.get(`/households/${id}/enrollments`)).items.map((item) => [item.id, item.state]).sort();
  const preview = (id, event, member) => rina.get(`/households/${id}/preview?event=${event}${member ? `&member=${member}` : ''}`);

  await step('before it happens: which enrollments, payments and cases an event touches, and what becomes of each', async () => {
    const house = await registered(), budi = house.members[2].id, head = house.members[0].id;
    const ofHouse = await enroll(house), ofBudi = await enroll(house, { member: budi });
    await release(shared);
    await maya.call('PATCH', `/households/${house.id}`, { payee: { account: { provider: 'BRI', number: '99990000', holder: 'x' } } }, { 'If-Match': `"${house.version}"` });
    const effects = async (event, member) => {
      const { enrollments, payments, cases } = await preview(house.id, event, member);
      return [Object.fromEntries(enrollments.map((item) => [item.id === ofHouse ? 'house' : 'budi', item.effect])), payments.map((item) => item.effect), cases.map((item) => item.case)];
    };
    const waiting = ['change_request'];
    equal(await effects('leave', budi), [{ house: 'judged', budi: 'judged' }, ['stays'], waiting]);
    equal(await effects('death', budi), [{ house: 'judged', budi: 'ends' }, ['stays'], waiting]);
    equal(await effects('death', head), [{ house: 'judged', budi: 'stays' }, ['held'], waiting]);
    equal(await effects('move', budi), [{ house: 'judged', budi: 'follows' }, ['stays'], waiting]);
    equal(await effects('split'), [{ house: 'choose', budi: 'follows' }, ['stays'], waiting]);
    equal(await effects('merge'), [{ house: 'choose', budi: 'follows' }, ['held'], waiting]);
    equal(await effects('dissolve'), [{ house: 'ends', budi: 'ends' }, ['held'], waiting]);
    equal(await effects('relocate'), [{ house: 'stays', budi: 'stays' }, ['stays'], waiting]);
    equal(await effects('join'), [{ house: 'judged', budi: 'stays' }, ['stays'], waiting]);
    const told = await preview(house.id, 'death', head);
    equal([told.is_head, told.is_payee, told.is_last, told.payments[0].open_minor], [true, true, false, 100000]);
    equal((await enrolled(house.id)).length, 2, 'nothing was touched');
  });
  await step('what was shown is what happens: a death ends his own and holds what he receives', async () => {
    const house = await registered(), head = house.members[0].id;
    const ofHouse = await enroll(house), ofHead = await enroll(house, { member: head });
    await release(shared);
    const shown = await preview(house.id, 'death', head);
    await rina.post(`/members/${head}/death`, { on: '2026-06-01' });
    const after = Object.fromEntries((await maya.get(`/households/${house.id}/enrollments`)).items.map((item) => [item.id, item.state]));
    equal([after[ofHouse], after[ofHead]], ['enrolled', 'exited']);
    equal(shown.enrollments.map((item) => [item.id === ofHead, item.effect]).sort(), [[false, 'judged'], [true, 'ends']]);
    equal((await maya.get(`/disbursements?household=${house.id}`)).items[0].state, 'held');
    equal((await preview(house.id, 'leave', house.members[1].id)).payments[0].effect, 'held', 'what is held stays so');
  });
  await step('a preview is refused for another area, another\'s member, who is gone, and an unknown event', async () => {
    const house = await registered(), neighbour = await registered();
    await refused(bima.get(`/households/${house.id}/preview?event=dissolve`), 404, 'not_found');
    await refused(rina.get(`/households/${NOBODY}/preview?event=dissolve`), 404, 'not_found');
    await refused(rina.get(`/households/${house.id}/preview`), 400, 'query');
    await refused(rina.get(`/households/${house.id}/preview?event=explode`), 400, 'query');
    for (const member of ['', NOBODY, neighbour.members[1].id]) await refused(preview(house.id, 'leave', member), 400, 'query');
    await rina.post(`/members/${house.members[2].id}/leave`, { reason: 'moved', on: '2026-06-01' });
    await refused(preview(house.id, 'death', house.members[2].id), 400, 'query');
  });

  const send = (house, to = THERE, client = rina) => client.post(`/households/${house.id}/move`, { to_region: to, note: 'ikut suami' });
  await step('sent to another region: nothing changes until the other side accepts from its inbox', async () => {
    const house = await registered(), enrollment = await enroll(house);
    const sent = await send(house);
    equal([sent.state, sent.from_region, sent.to_region, sent.note, sent.may], ['sent', HERE, THERE, 'ikut suami', ['withdraw']]);
    equal((await rina.get(`/households/${house.id}`)).region, HERE);
    await refused(bima.get(`/households/${house.id}`), 404, 'not_found');
    const inbox = (await bima.get('/moves')).items;
    equal(inbox.map((item) => [item.id, item.head, item.member_count, item.may]), [[sent.id, house.members[0].name, 3, ['accept', 'refuse']]]);
    equal((await rina.get('/moves')).items, [], 'the inbox of who sent it');
    equal((await rina.get('/moves?direction=out')).items.map((item) => item.id), [sent.id]);
    equal((await bima.get('/me/tasks')).items.filter((item) => item.kind === 'moves').map((item) => [item.count, item.link]), [[1, '/pindah']]);
    const done = await bima.post(`/moves/${sent.id}/accept`, { hamlet: 'Dusun Baru', rt: '004' });
    equal([done.state, done.decided_by], ['accepted', 'bima']);
    const now = await bima.get(`/households/${house.id}`);
    equal([now.region, now.hamlet, now.rt, now.rw, now.address], [THERE, 'Dusun Baru', '004', undefined, undefined]);
    await refused(rina.get(`/households/${house.id}`), 404, 'not_found');
    equal(await enrolled(house.id), [[enrollment, 'enrolled']], 'the enrollment goes along');
    equal((await maya.get(`/households/${house.id}/history`)).items.slice(-3).map((item) => [item.action, item.by]), [['household.move_send', 'rina'], ['household.move_accept', 'bima'], ['household.move', 'bima']]);
  });
  await step('refused with a reason, or taken back, it stays where it was and may be sent again', async () => {
    const house = await registered(), first = await send(house);
    await refused(bima.post(`/moves/${first.id}/refuse`), 422, 'fields', '/reason');
    equal((await bima.post(`/moves/${first.id}/refuse`, { reason: 'tidak dikenal di sini' })).state, 'refused');
    equal((await rina.get('/moves?direction=out&state=refused')).items[0].reason, 'tidak dikenal di sini');
    const second = await send(house);
    equal((await rina.post(`/moves/${second.id}/withdraw`)).state, 'withdrawn');
    await refused(bima.post(`/moves/${second.id}/accept`), 409, 'state');
    equal((await send(house)).state, 'sent');
    equal((await rina.get(`/households/${house.id}`)).region, HERE);
  });
  await step('what cannot be sent is refused by name', async () => {
    const house = await registered();
    await refused(send(house, '15.99'), 422, 'fields', '/to_region');
    await refused(send(house, HERE), 422, 'fields', '/to_region');
    await refused(rina.post(`/households/${house.id}/move`, {}), 422, 'fields', '/to_region');
    await refused(send(house, THERE, bima), 404, 'not_found');
    await refused(send(house, THERE, hendra), 403, 'forbidden');
    await refused(send({ id: NOBODY }), 404, 'not_found');
    await send(house);
    await refused(send(house), 409, 'exists');
    const ended = await registered();
    await rina.post(`/households/${ended.id}/dissolve`, { reason: 'bubar' });
    await refused(send(ended), 409, 'state');
  });
  await step('only the receiving side accepts, once, and never who sent it', async () => {
    const house = await registered(), sent = await send(house, THERE, maya);
    for (const act of ['accept', 'refuse']) await refused(maya.post(`/moves/${sent.id}/${act}`, act === 'refuse' ? { reason: 'sendiri' } : {}), 403, 'own_request');
    await refused(rina.post(`/moves/${sent.id}/accept`), 403, 'forbidden');
    await refused(bima.post(`/moves/${sent.id}/withdraw`), 403, 'forbidden');
    await refused(audi.post(`/moves/${sent.id}/accept`), 403, 'forbidden');
    await refused(wati.get(`/moves/${NOBODY}`), 404, 'not_found');
    await refused(bima.post(`/moves/${sent.id}/accept`, {}, { 'If-Match': '"9"' }), 412, 'stale');
    truth(!JSON.stringify(await audi.get(`/moves/${sent.id}`)).includes('ikut suami'), 'an auditor reads the note');
    const answers = await Promise.allSettled([bima.post(`/moves/${sent.id}/accept`), wati.post(`/moves/${sent.id}/accept`)]);
    equal(answers.map((answer) => answer.status).sort(), ['fulfilled', 'rejected']);
    equal(answers.find((answer) => answer.status === 'rejected').reason.data.code, 'state');
    const here = await registered(), inside = await send(here, '15.01.01.2002');
    await refused(bima.get(`/moves/${inside.id}`), 404, 'not_found');
    await refused(bima.post(`/moves/${inside.id}/accept`), 404, 'not_found');
  });
  await step('a household that moved or ended meanwhile is not accepted', async () => {
    const moved = await registered(), first = await send(moved), ended = await registered(), second = await send(ended);
    await rina.call('PATCH', `/households/${moved.id}`, { region: '15.01.01.2002' }, { 'If-Match': `"${moved.version}"` });
    await rina.post(`/households/${ended.id}/dissolve`, { reason: 'bubar' });
    for (const { id } of [first, second]) await refused(bima.post(`/moves/${id}/accept`), 409, 'state');
  });

  const merge = (house, other, more = {}) => rina.post(`/households/${house.id}/merge`, { other_id: other.id, reason: 'serumah lagi', ...more });
  const undo = (other, client = rina) => client.post(`/households/${other.id}/unmerge`, { reason: 'ternyata dua rumah' });
  const plain = async (id) => { const { version, changed_at, warnings, ...rest } = await maya.get(`/households/${id}`); return rest; };
  await step('a merge: members and their own enrollments go along, the household\'s by choice', async () => {
    const house = await registered(), other = await registered(), third = await registered();
    const going = await enroll(other), ofBudi = await enroll(other, { member: other.members[2].id }), ending = await enroll(third);
    await refused(merge(house, house), 422, 'fields', '/other_id');
    await refused(merge(house, other, { enrollments: { [going]: 'stay' } }), 422, 'fields', `/enrollments/${going}`);
    await refused(merge(house, other, { enrollments: { [NOBODY]: 'go' } }), 422, 'fields', `/enrollments/${NOBODY}`);
    await refused(merge(house, other, { enrollments: [] }), 422, 'fields', '/enrollments');
    await merge(house, other, { enrollments: { [going]: 'go' } });
    await merge(house, third);
    equal(await enrolled(house.id), [[going, 'enrolled'], [ofBudi, 'enrolled']].sort());
    equal(await enrolled(third.id), [[ending, 'exited']]);
    const rival = await registered(), another = await enroll(rival);
    await refused(merge(house, rival, { enrollments: { [another]: 'go' } }), 422, 'fields', `/enrollments/${another}`);
  });
  await step('taken back: both are what they were, enrollments and all', async () => {
    const house = await registered(), other = await registered(), going = await enroll(other), ofBudi = await enroll(other, { member: other.members[2].id });
    const [first, second] = [await plain(house.id), await plain(other.id)];
    await merge(house, other, { enrollments: { [going]: 'go' } });
    equal([(await maya.get(`/households/${house.id}`)).members.length, (await maya.get(`/households/${other.id}`)).state], [6, 'merged']);
    const back = await undo(other);
    equal([back.state, back.merged_into, back.members.length], ['active', undefined, 3]);
    equal(await plain(house.id), first, 'the household that they joined');
    equal(await plain(other.id), second, 'the household that had ended');
    equal(await enrolled(other.id), [[going, 'enrolled'], [ofBudi, 'enrolled']].sort());
    equal((await rina.post('/households/search', { q: other.members[2].name })).items.some((hit) => hit.id === other.id), true, 'found again');
    equal((await merge(house, other)).members.length, 6, 'and merged again');
    equal((await undo(other)).members.length, 3);
  });
  await step('one household registered twice, taken back: the pair is open again', async () => {
    const house = await registered(), twin = await rina.post('/households', { ...family(80), members: [{ ...family(80).members[0], name: house.members[0].name, nik: (await rina.get(`/households/${house.id}?reveal=true`)).members[0].nik }] });
    const { case_id: id } = twin.possible_duplicates.find((pair) => pair.kind === 'nik');
    const before = await plain(twin.id);
    await maya.post(`/duplicates/${id}/decide`, { decision: 'same', keep_id: house.id, reason: 'satu orang' });
    equal((await maya.get(`/households/${twin.id}`)).state, 'merged');
    await undo(twin);
    equal(await plain(twin.id), before);
    truth((await maya.get('/duplicates?limit=200')).items.some((item) => item.id === id), 'the case is still decided');
  });
  await step('a merge is not taken back when something contradicts, twice, or from another area', async () => {
    const pair = async () => { const house = await registered(), other = await registered(); await merge(house, other); return [house, other]; };
    const [house, other] = await pair();
    await refused(undo(house), 409, 'state');
    await refused(undo(other, bima), 404, 'not_found');
    await refused(undo({ id: NOBODY }), 404, 'not_found');
    await refused(undo(other, hendra), 403, 'forbidden');
    await refused(rina.post(`/households/${other.id}/unmerge`), 422, 'fields', '/reason');
    await refused(rina.post(`/households/${other.id}/unmerge`, { reason: 'usang' }, { 'If-Match': '"1"' }), 412, 'stale');
    const leaves = await pair();
    await rina.post(`/members/${leaves[1].members[2].id}/leave`, { reason: 'moved', on: (await rina.get(`/households/${leaves[0].id}`)).members.at(-1).joined_on });
    truth(/changed since/.test((await refused(undo(leaves[1]), 409, 'unmerge')).detail), 'no reason');
    const ends = await pair();
    await rina.post(`/households/${ends[0].id}/dissolve`, { reason: 'bubar' });
    truth(/no longer active/.test((await refused(undo(ends[1]), 409, 'unmerge')).detail), 'no reason');
    const corrected = await pair();
    const { version } = await rina.get(`/households/${corrected[0].id}`);
    await rina.call('PATCH', `/members/${corrected[1].members[2].id}`, { name: 'Budi Hartono' }, { 'If-Match': `"${version}"` });
    equal((await undo(corrected[1])).members.find((member) => member.id === corrected[1].members[2].id).name, 'Budi Hartono', 'a correction since then is kept');
    await refused(undo(corrected[1]), 409, 'state');
  });
  await step('a change of account, guardian, payee or head is an event of its own in the history', async () => {
    const house = await registered(), [head, , budi] = house.members;
    const last = async () => (await maya.get(`/households/${house.id}/history`)).items.at(-1);
    const version = async () => (await rina.get(`/households/${house.id}`)).version;
    const account = { provider: 'BRI', number: '77778888', holder: 'Siti' };
    for (const [path, body, action] of [
      [`/households/${house.id}`, { payee: { account } }, 'household.account_change'], [`/households/${house.id}`, { payee: { account } }, 'household.change'],
      [`/households/${house.id}`, { payee: { member_id: budi.id } }, 'household.payee_change'],
      [`/households/${house.id}`, { payee: { member_id: null, guardian: { name: 'Pak Darto', relationship: 'paman' } } }, 'household.guardian_change'],
      [`/households/${house.id}`, { payee: { guardian: null } }, 'household.payee_change'], [`/households/${house.id}`, { rt: '009' }, 'household.change'],
      [`/members/${head.id}`, { relationship: 'wife' }, 'household.head_change'], [`/members/${budi.id}`, { relationship: 'head' }, 'household.head_change'], [`/members/${budi.id}`, { name: 'Budi H' }, 'household.member_change']]) {
      await rina.call('PATCH', path, body, { 'If-Match': `"${await version()}"` });
      equal([(await last()).action, (await last()).by], [action, 'rina'], JSON.stringify(body));
    }
    truth((await maya.get(`/households/${house.id}/history`)).items.some((item) => item.action === 'household.account_change' && item.changes.some((change) => change.pointer === '/payee' && change.after.account.number === `${'*'.repeat(10)}8888`)), 'before and after of the account');
    await refused(rina.call('PATCH', `/households/${house.id}`, { payee: { member_id: NOBODY } }, { 'If-Match': `"${await version()}"` }), 422, 'fields', '/payee/member_id');
    await refused(rina.call('PATCH', `/households/${house.id}`, { payee: { guardian: { name: 'Pak Darto' } } }, { 'If-Match': `"${await version()}"` }), 422, 'fields', '/payee/guardian/relationship');
    await refused(rina.call('PATCH', `/households/${house.id}`, { payee: { account: { holder: null } } }, { 'If-Match': `"${await version()}"` }), 422, 'fields', '/payee/account/holder');
    await refused(rina.call('PATCH', `/members/${budi.id}`, { name: null }, { 'If-Match': `"${await version()}"` }), 422, 'fields', '/name');
  });
  await step('events that cannot be are refused by name', async () => {
    const house = await registered(), ids = house.members.map((member) => member.id);
    await refused(rina.post(`/members/${ids[1]}/death`, { on: '2001-01-01' }), 422, 'fields', '/on');
    await refused(rina.post(`/households/${house.id}/split`, { member_ids: ids, new_household: {}, on: '2026-06-01' }), 409, 'last_member');
    await refused(rina.call('PATCH', `/households/${house.id}`, { region: '15.01.99.9999' }, { 'If-Match': `"${house.version}"` }), 422, 'fields', '/region');
  });
  await step('the registry verifies', async () => {
    await registry.pause();
    const { status, stderr } = spawnSync(binary, ['verify', '--db', registry.db], { encoding: 'utf8' });
    equal(status, 0, stderr);
  });
} finally {
  await registry.stop();
}
close();
