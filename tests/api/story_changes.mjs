// story_changes.mjs: changes of an enrolled household that another person agrees to: what waits, who may decide, and what every other way is refused with.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, addUser, family } from './registry.mjs';

const binary = process.argv[2];
const registry = await startRegistry(binary);
const NOBODY = '01900000-0000-7000-8000-000000000001';
const ACCOUNT = { provider: 'BRI', number: '1111222233', holder: 'Siti Aminah' };
try {
  for (const [name, role, region] of [['mira', 'manager', null], ['nadia', 'manager', '15.02'], ['doni', 'officer', '15.01']]) addUser(binary, registry.db, name, role, name, region);
  const as = (name) => new Client(registry.base).signIn(name);
  const [rina, maya, mira, nadia, doni, hendra, audi] = [await as('rina'), await as('maya'), await as('mira'), await as('nadia'), await as('doni'), await as('hendra'), await as('audi')];
  const program = await maya.post('/programs', { name: 'Keluarga Harapan', category: 'direct_aid', owner: 'Dinas Sosial', currency: 'IDR', unit: 'household', rule: 'true', entitlement: 'amount(1000)', budget_minor: 10 ** 12, starts_on: '2026-01-01' });
  await maya.post(`/programs/${program.id}/activate`);
  let number = 0;
  const registered = async ({ enroll = true, village, by = rina, ...more } = {}) => {
    const i = number++, form = family(i, village);
    form.members[0].nik = `1501014505870${String(i + 1).padStart(3, '0')}`;
    const household = await by.post('/households', { ...form, kk_number: `150101010120${String(i + 1).padStart(4, '0')}`, payee: { account: ACCOUNT }, ...more });
    if (enroll) await maya.post(`/programs/${program.id}/enrollments`, { household_id: household.id });
    return household;
  };
  const version = async (id) => (await maya.get(`/households/${id}`)).version;
  const patch = async (client, id, body) => client.call('PATCH', `/households/${id}`, body, { 'If-Match': `"${await version(id)}"` });
  const patchMember = async (client, household, who, body) => client.call('PATCH', `/members/${household.members[who].id}`, body, { 'If-Match': `"${await version(household.id)}"` });
  const account = (n) => ({ payee: { account: { ...ACCOUNT, number: `99990000${n}` } } });
  const asked = async (promise) => {
    const answer = await promise;
    equal(Object.keys(answer), ['change_request_id'], 'the answer of what waits');
    return answer.change_request_id;
  };
  const holderOf = async (id) => (await maya.get(`/households/${id}`)).payee.account.number.slice(-4);

  await step('before it is enrolled a household is corrected directly by anyone who may', async () => {
    const house = await registered({ enroll: false });
    equal((await patch(maya, house.id, account(1))).id, house.id);
    equal((await patchMember(maya, house, 0, { nik: '1501014505870999' })).id, house.id);
    equal((await maya.post(`/members/${house.members[1].id}/death`, { on: '2026-06-01' })).members.length, 1, 'live members');
  });
  await step('once it is enrolled head, known numbers, account, guardian and death wait, and nothing differs', async () => {
    const house = await registered(), before = await maya.get(`/households/${house.id}`);
    const guardian = { payee: { member_id: null, guardian: { name: 'Pak Darto', relationship: 'paman' } } };
    for (const body of [account(2), { kk_number: '1501010101209999' }, { kk_number: null }, { rt: '009', ...account(3) }, guardian]) await asked(patch(maya, house.id, body));
    await asked(patchMember(maya, house, 0, { nik: '1501014505870998' }));
    await asked(patchMember(maya, house, 0, { nik: null, id_reason: 'lost' }));
    await asked(patchMember(maya, house, 0, { relationship: 'wife' }));
    await asked(maya.post(`/members/${house.members[1].id}/death`, { on: '2026-06-01' }));
    equal(await maya.get(`/households/${house.id}`), before, 'the household');
    equal((await maya.get(`/change-requests?household=${house.id}`)).items.length, 9, 'requests');
  });
  await step('what is none of these stays direct, and so does a number that was missing', async () => {
    const house = await registered();
    for (const body of [{ rt: '009' }, { phone: '081234567890' }, { payee: { member_id: house.members[0].id } }, { payee: { account: ACCOUNT } }]) equal((await patch(maya, house.id, body)).id, house.id, JSON.stringify(body));
    equal((await patchMember(maya, house, 1, { nik: '1501010202220001' })).members[1].id, house.members[1].id, 'a missing number');
    equal((await maya.get(`/change-requests?household=${house.id}`)).items, []);
  });
  await step('who registered it corrects directly for 72 hours', async () => {
    const house = await registered();
    equal((await patch(rina, house.id, account(4))).id, house.id);
    await asked(patch(doni, house.id, account(5)));
  });
  await step('a bad change is refused before it can wait', async () => {
    const house = await registered();
    await refused(patch(maya, house.id, { kk_number: '12' }), 422, undefined, '/kk_number');
    await refused(patch(maya, house.id, { payee: { member_id: NOBODY, account: ACCOUNT } }), 422, undefined, '/payee/member_id');
    await refused(patchMember(maya, house, 0, { nik: '1111111111111111' }), 422, undefined, '/nik');
    await refused(patchMember(maya, house, 1, { relationship: 'head' }), 422, 'fields');
    await refused(maya.post(`/members/${house.members[0].id}/death`, { on: '1980-01-01' }), 422, undefined, '/on');
    await refused(maya.post(`/members/${house.members[0].id}/death`, { on: '2999-01-01' }), 422, undefined, '/on');
    await refused(maya.call('PATCH', `/households/${house.id}`, account(6), { 'If-Match': '"77"' }), 412, 'stale');
    await refused(maya.call('PATCH', `/households/${house.id}`, account(6)), 428, 'version_required');
    equal((await maya.get(`/change-requests?household=${house.id}`)).items, []);
  });
  await step('a resend is the same request', async () => {
    const house = await registered(), key = { 'Idempotency-Key': `"${randomUUID()}"`, 'If-Match': `"${house.version}"` };
    const first = await asked(maya.call('PATCH', `/households/${house.id}`, account(7), key));
    equal(await asked(maya.call('PATCH', `/households/${house.id}`, account(7), key)), first);
    equal((await maya.get(`/change-requests?household=${house.id}`)).items.length, 1);
  });

  await step('before and after are shown, masked, and in full to who may reveal', async () => {
    const house = await registered(), id = await asked(patchMember(maya, house, 0, { nik: '1501014505870997', name: 'Siti Aminah B' }));
    const shown = await mira.get(`/change-requests/${id}`);
    equal([shown.kind, shown.state, shown.made_by, shown.outdated, shown.may], ['member', 'open', 'Maya Lestari', false, ['approve', 'reject']]);
    equal(shown.changes.map((change) => change.pointer.split('/').pop()).sort(), ['name', 'nik']);
    const nik = (request) => request.changes.find((change) => change.pointer.endsWith('/nik'));
    equal([nik(shown).before, nik(shown).after], [`${'*'.repeat(10)}${house.members[0].nik.slice(-4)}`, `${'*'.repeat(10)}0997`]);
    equal(nik(await mira.get(`/change-requests/${id}?reveal=true`)).after, '1501014505870997');
    equal((await maya.get(`/change-requests/${id}`)).may, ['withdraw'], 'who asked');
    const seen = JSON.stringify(await audi.get(`/change-requests/${id}`));
    truth(!/Siti|5870997/.test(seen), `an auditor reads ${seen}`);
    await refused(audi.get(`/change-requests/${id}?reveal=true`), 403, 'forbidden');
  });
  await step('nobody approves his own, and not everybody approves', async () => {
    const house = await registered(), id = await asked(patch(maya, house.id, account(8)));
    await refused(maya.post(`/change-requests/${id}/approve`), 403, 'own_request');
    await refused(maya.post(`/change-requests/${id}/reject`, { reason: 'sendiri saja' }), 403, 'own_request');
    for (const client of [rina, hendra, audi]) await refused(client.post(`/change-requests/${id}/approve`), 403, 'forbidden');
    await refused(new Client(registry.base).post(`/change-requests/${id}/approve`), 401);
    await refused(mira.post(`/change-requests/${id}/withdraw`), 403, 'forbidden');
    equal(await holderOf(house.id), '2233', 'the account');
  });
  await step('another person approves: it is made, once, and the history tells who asked and who agreed', async () => {
    const house = await registered(), id = await asked(patch(maya, house.id, { hamlet: 'Dusun Baru', ...account(9) }));
    const done = await mira.post(`/change-requests/${id}/approve`, { reason: 'buku tabungan dilihat' });
    equal([done.state, done.decided_by, done.reason, done.may], ['approved', 'mira', 'buku tabungan dilihat', []]);
    const now = await maya.get(`/households/${house.id}`);
    equal([now.hamlet, now.payee.account.number], ['Dusun Baru', `${'*'.repeat(10)}0009`]);
    const { items } = await maya.get(`/households/${house.id}/history`);
    equal(items.slice(-3).map((item) => [item.action, item.by]), [['change.request', 'maya'], ['change.approve', 'mira'], ['household.account_change', 'mira']]);
    await refused(mira.post(`/change-requests/${id}/approve`), 409, 'state');
    await refused(mira.post(`/change-requests/${id}/reject`, { reason: 'terlambat' }), 409, 'state');
    await refused(maya.post(`/change-requests/${id}/withdraw`), 409, 'state');
  });
  await step('two who decide at once: one is heard', async () => {
    const house = await registered(), id = await asked(patch(doni, house.id, account(10)));
    const answers = await Promise.allSettled([mira.post(`/change-requests/${id}/approve`), maya.post(`/change-requests/${id}/reject`, { reason: 'tidak ada bukti' })]);
    equal(answers.map((answer) => answer.status).sort(), ['fulfilled', 'rejected']);
    equal(answers.find((answer) => answer.status === 'rejected').reason.data.code, 'state');
  });
  await step('a rejected request waits for whoever asked until he has opened it', async () => {
    const house = await registered(), id = await asked(patch(maya, house.id, account(31))), other = await asked(patch(maya, house.id, account(32)));
    const unseen = async (client) => (await client.get('/change-requests?unseen=true')).items.map((item) => item.id);
    const before = await unseen(maya);
    await refused(maya.post(`/change-requests/${id}/seen`), 409, 'state');
    await mira.post(`/change-requests/${id}/reject`, { reason: 'nama pemilik lain' });
    await maya.post(`/change-requests/${other}/withdraw`);
    equal(await unseen(maya), [...before, id]);
    const [item] = (await maya.get(`/change-requests?unseen=true&limit=200`)).items.slice(-1);
    equal([item.unseen, item.reason, item.decided_by, item.changes[0].pointer, item.may], [true, 'nama pemilik lain', 'mira', '/payee', []]);
    equal([(await unseen(mira)).includes(id), (await mira.get(`/change-requests/${id}`)).unseen], [false, false], 'for another it is not new');
    for (const client of [mira, rina]) await refused(client.post(`/change-requests/${id}/seen`), 403, 'forbidden');
    await refused(hendra.post(`/change-requests/${id}/seen`), 403, 'forbidden');
    await refused(maya.post(`/change-requests/${other}/seen`), 409, 'state');
    await refused(maya.post('/change-requests/01900000-0000-7000-8000-000000000001/seen'), 404, 'not_found');
    for (const more of ['state=open', `household=${house.id}`]) await refused(maya.get(`/change-requests?unseen=true&${more}`), 400, 'query');
    equal((await maya.post(`/change-requests/${id}/seen`)).unseen, false);
    equal((await maya.post(`/change-requests/${id}/seen`)).unseen, false, 'twice is no fault');
    equal(await unseen(maya), before);
    equal((await maya.get(`/households/${house.id}/history`)).items.at(-1).action, 'change.see');
  });
  await step('rejected, with a reason, or taken back: nothing differs', async () => {
    const house = await registered(), first = await asked(patch(maya, house.id, account(11))), second = await asked(patch(maya, house.id, account(12)));
    await refused(mira.post(`/change-requests/${first}/reject`), 422, 'fields', '/reason');
    await refused(mira.post(`/change-requests/${first}/reject`, { reason: 'x' }), 422, 'fields', '/reason');
    equal((await mira.post(`/change-requests/${first}/reject`, { reason: 'nama pemilik lain' })).reason, 'nama pemilik lain');
    equal((await maya.post(`/change-requests/${second}/withdraw`)).state, 'withdrawn');
    equal(await holderOf(house.id), '2233');
    equal((await maya.get(`/change-requests?household=${house.id}&state=rejected`)).items.map((item) => item.id), [first]);
    equal((await maya.get('/change-requests?state=no_such_state')).items, []);
  });
  await step('what was changed meanwhile is not overwritten: 412 with the request as it stands', async () => {
    const house = await registered(), id = await asked(patch(maya, house.id, account(13)));
    await patch(rina, house.id, account(14));
    const problem = await refused(mira.post(`/change-requests/${id}/approve`), 412, 'stale');
    equal([problem.current.id, problem.current.outdated, problem.current.may], [id, true, ['reject']]);
    equal(await holderOf(house.id), '0014');
    const other = await asked(patch(maya, house.id, { kk_number: '1501010101207777' }));
    await patch(rina, house.id, { rt: '005' });
    equal((await mira.post(`/change-requests/${other}/approve`)).state, 'approved', 'another field is no obstacle');
    equal((await mira.post(`/change-requests/${id}/reject`, { reason: 'sudah berubah' })).state, 'rejected');
  });
  await step('a household that ended meanwhile is not changed', async () => {
    const house = await registered(), id = await asked(patch(maya, house.id, account(15)));
    await rina.post(`/households/${house.id}/dissolve`, { reason: 'pindah' });
    await refused(mira.post(`/change-requests/${id}/approve`), 412, 'stale');
  });
  await step('evidence: a paper and words of who asked; the version rises, so that nobody decides on an older sight', async () => {
    const house = await registered(), id = await asked(patch(maya, house.id, account(16)));
    const { version: seen } = await mira.get(`/change-requests/${id}`);
    const jpeg = Buffer.from('/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z', 'base64');
    const upload = async (client) => (await (await fetch(`${registry.base}/api/v1/attachments`, { method: 'POST', body: jpeg, headers: { Cookie: client.cookie, 'Content-Type': 'image/jpeg', 'X-Requested-With': 'lumbung', 'Sec-Fetch-Site': 'same-origin' } })).json()).id;
    const paper = await upload(maya);
    await refused(maya.post(`/change-requests/${id}/evidence`), 422, 'fields', '/evidence_id');
    await refused(maya.post(`/change-requests/${id}/evidence`, { evidence_id: NOBODY }), 422, 'fields', '/evidence_id');
    await refused(maya.post(`/change-requests/${id}/evidence`, { evidence_id: await upload(rina) }), 422, 'fields', '/evidence_id');
    await refused(rina.post(`/change-requests/${id}/evidence`, { note: 'bukan saya' }), 403, 'forbidden');
    const proved = await maya.post(`/change-requests/${id}/evidence`, { evidence_id: paper, note: 'rekening lama ditutup bank' });
    equal([proved.evidence_id, proved.note, proved.version], [paper, 'rekening lama ditutup bank', seen + 1]);
    equal((await audi.get(`/change-requests/${id}`)).note, null, 'what an auditor reads');
    const sight = await fetch(`${registry.base}/api/v1/attachments/${paper}`, { headers: { Cookie: mira.cookie, 'Sec-Fetch-Site': 'same-origin' } });
    equal(sight.status, 200, 'the approver sees the paper');
    await refused(mira.post(`/change-requests/${id}/approve`, {}, { 'If-Match': `"${seen}"` }), 412, 'stale');
    equal((await mira.post(`/change-requests/${id}/approve`, {}, { 'If-Match': `"${seen + 1}"` })).state, 'approved');
    await refused(maya.post(`/change-requests/${id}/evidence`, { note: 'terlambat' }), 409, 'state');
  });
  await step('another area is nothing at all', async () => {
    const house = await registered(), id = await asked(patch(maya, house.id, account(17)));
    for (const path of [id, NOBODY]) {
      await refused(nadia.get(`/change-requests/${path}`), 404, 'not_found');
      await refused(nadia.post(`/change-requests/${path}/approve`), 404, 'not_found');
      await refused(nadia.post(`/change-requests/${path}/reject`, { reason: 'di luar' }), 404, 'not_found');
    }
    equal((await nadia.get('/change-requests')).items, []);
    equal((await nadia.get(`/change-requests?household=${house.id}`)).items, []);
    const there = await registered({ village: '15.02.01.2001', by: nadia });
    const far = await asked(patch(maya, there.id, account(18)));
    await refused(rina.get(`/change-requests/${far}`), 404, 'not_found');
    equal((await nadia.post(`/change-requests/${far}/approve`)).state, 'approved');
  });
  await step('the duplicates page is no way around', async () => {
    const one = await registered(), two = await rina.post('/households', { ...family(90), members: [{ ...family(90).members[0], nik: (await rina.get(`/households/${one.id}?reveal=true`)).members[0].nik }] });
    const { case_id: id } = two.possible_duplicates.find((pair) => pair.kind === 'nik');
    await refused(maya.post(`/duplicates/${id}/decide`, { decision: 'same', keep_id: one.id, fields: account(19), reason: 'satu orang' }), 422, 'fields', '/fields');
    equal(await holderOf(one.id), '2233');
  });

  const paidHouse = async () => {
    const house = await registered();
    const cycle = await maya.post(`/programs/${program.id}/cycles`, { name: `Tahap ${number}`, starts_on: '2026-10-01', ends_on: '2026-12-31' });
    const { id } = await maya.post(`/cycles/${cycle.id}/batches`);
    for (const act of ['lock', 'submit']) await maya.post(`/batches/${id}/${act}`);
    await hendra.post(`/batches/${id}/approve`, { digest: (await hendra.get(`/batches/${id}`)).digest });
    await hendra.post(`/batches/${id}/release`);
    return { ...house, line: async () => (await maya.get(`/disbursements?batch=${id}&household=${house.id}`)).items[0] };
  };
  await step('a reported death holds the open payment at once; rejected, it is open again', async () => {
    const house = await paidHouse(), line = await house.line();
    const id = await asked(maya.post(`/members/${house.members[0].id}/death`, { on: '2026-06-01', note: 'kabar tetangga' }));
    equal([(await house.line()).state, (await house.line()).held_reason], ['held', 'death_reported']);
    await refused(rina.post(`/disbursements/${line.id}/receipt`, { received_by: 'payee', method: 'cash', at: new Date().toISOString() }), 409, 'state');
    await refused(maya.post(`/members/${house.members[0].id}/death`, { on: '2026-06-02' }), 409, 'exists');
    equal((await mira.get(`/change-requests/${id}`)).note, 'kabar tetangga');
    await mira.post(`/change-requests/${id}/reject`, { reason: 'orangnya datang sendiri' });
    equal((await house.line()).state, 'pending');
    equal((await maya.get(`/households/${house.id}`)).members.length, 2, 'live members');
    await rina.post(`/disbursements/${line.id}/receipt`, { received_by: 'payee', method: 'cash', at: new Date().toISOString() });
  });
  await step('a child\'s reported death does not hold what the mother receives', async () => {
    const house = await paidHouse();
    await asked(maya.post(`/members/${house.members[1].id}/death`, { on: '2026-06-01' }));
    equal((await house.line()).state, 'pending');
  });
  await step('approved, the death is recorded and the payment stays held for it', async () => {
    const house = await paidHouse();
    const id = await asked(maya.post(`/members/${house.members[0].id}/death`, { on: '2026-06-01' }));
    await mira.post(`/change-requests/${id}/approve`);
    const { former_members: gone, warnings } = await maya.get(`/households/${house.id}`);
    equal([gone[0].state, gone[0].left_on], ['died', '2026-06-01']);
    equal((await house.line()).held_reason, 'payee_died');
    truth(warnings.some((warning) => warning.code === 'no_head'), 'no warning of a household without head');
  });
  await step('a new head: the old one steps down, then another steps up, each agreed to', async () => {
    const form = family(number);
    const house = await registered({ members: [{ ...form.members[0], nik: '1501014505870555' }, { name: 'Wahyu', id_reason: 'lost', sex: 'M', birth_date: '1980-01-01', relationship: 'husband' }] });
    await mira.post(`/change-requests/${await asked(patchMember(maya, house, 0, { relationship: 'wife' }))}/approve`);
    await mira.post(`/change-requests/${await asked(patchMember(maya, house, 1, { relationship: 'head' }))}/approve`);
    equal((await maya.get(`/households/${house.id}`)).head_member_id, house.members[1].id);
  });

  await step('several at once: what cannot be decided is told and left', async () => {
    const houses = [await registered(), await registered(), await registered()];
    const ids = [await asked(patch(doni, houses[0].id, account(20))), await asked(patch(doni, houses[1].id, account(21))), await asked(patch(mira, houses[2].id, account(22)))];
    await refused(mira.post('/change-requests/bulk', { decision: 'approve', ids: [] }), 422, 'fields', '/ids');
    await refused(mira.post('/change-requests/bulk', { decision: 'shred', ids }), 422, 'fields', '/decision');
    await refused(mira.post('/change-requests/bulk', { decision: 'reject', ids }), 422, 'fields', '/reason');
    await refused(rina.post('/change-requests/bulk', { decision: 'approve', ids }), 403, 'forbidden');
    await refused(mira.post('/change-requests/bulk', { decision: 'approve', ids: [ids[2], NOBODY] }), 422, 'fields', '/ids');
    const answer = await mira.post('/change-requests/bulk', { decision: 'approve', ids: [...ids, NOBODY] });
    equal(answer.decided, ids.slice(0, 2));
    equal(answer.skipped.map((item) => [item.id, item.code]), [[ids[2], 'own_request'], [NOBODY, 'not_found']]);
    equal(await holderOf(houses[1].id), '0021');
    const rejected = await maya.post('/change-requests/bulk', { decision: 'reject', ids: [ids[0], ids[2]], reason: 'tanpa bukti' });
    equal([rejected.decided, rejected.skipped[0].code], [[ids[2]], 'state']);
  });
  await step('waiting work is on the page of who may decide, not of who asked', async () => {
    const changes = async (client) => (await client.get('/me/tasks')).items.find((item) => item.kind === 'changes');
    const open = (await mira.get('/change-requests?limit=200')).items.filter((item) => item.may.includes('reject')).length;
    equal([(await changes(mira)).count, (await changes(mira)).link], [open, '/perubahan']);
    equal(await changes(nadia), undefined, 'another area');
    equal(await changes(rina), undefined, 'an officer');
  });
  await step('pages miss nothing and show each once, in a scope too', async () => {
    for (const client of [mira, rina]) {
      const ids = [];
      let after;
      do {
        const page = await client.get(`/change-requests?limit=2${after ? `&after=${after}` : ''}`);
        ids.push(...page.items.map((item) => item.id));
        after = page.next;
      } while (after);
      equal([...new Set(ids)].sort(), (await client.get('/change-requests?limit=200')).items.map((item) => item.id).sort());
      truth(ids.length > 5, `${ids.length} requests`);
    }
  });
  await step('nothing personal lies open in the file', async () => {
    await registry.pause();
    const { readFileSync } = await import('node:fs');
    for (const name of ['', '-wal']) {
      let bytes;
      try { bytes = readFileSync(registry.db + name).toString('latin1'); } catch { continue; }
      for (const word of ['9999000017', 'kabar tetangga', 'orangnya datang sendiri', 'rekening lama ditutup bank']) truth(!bytes.includes(word), `${word} lies open`);
    }
    equal(spawnSync(binary, ['verify', '--db', registry.db]).status, 0, 'verify');
  });
} finally {
  await registry.stop();
}
close();
