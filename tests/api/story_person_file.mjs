// story_person_file.mjs: a person asks what is held of him and gets it whole, and nothing of anybody else; the log says who took it out and why.
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, family, fill } from './registry.mjs';

const binary = process.argv[2], registry = await startRegistry(binary);
try {
  const { households, rina } = await fill(registry.base);
  const as = (name) => new Client(registry.base).signIn(name);
  const maya = await as('maya'), audi = await as('audi'), sari = await as('sari'), hendra = await as('hendra');
  const home = await rina.get(`/households/${households[0].id}`), [head, child] = home.members, why = 'reason=letter%20of%2024%20November';
  await rina.call('PATCH', `/households/${home.id}`, { address: 'Jalan Baru 7' }, { 'If-Match': `"${home.version}"` });
  let file;
  await step('the file holds the person, the household, history, enrollments, what was paid, and who looked', async () => {
    file = await maya.get(`/members/${head.id}/file?${why}`);
    equal([file.member_id, file.member.name, file.member.nik, file.household.address, file.household.region], [head.id, 'Siti Aminah', '1501014505870001', 'Jalan Baru 7', '15.01.01.2001']);
    truth(file.household.consents?.length === 1 || file.household.consent, 'no consent');
    truth(file.history.some((entry) => entry.action === 'household.register') && file.history.some((entry) => entry.changes.some((change) => change.pointer === '/address' && change.after === 'Jalan Baru 7')), 'history');
    equal([file.enrollments.length, file.disbursements.length > 0, Array.isArray(file.assessments), Array.isArray(file.attachments), Array.isArray(file.possible_duplicates)], [1, true, true, true, true]);
    truth(file.reads.some((line) => line.by === 'rina'), 'who looked');
  });
  await step('nothing of the others in the household is in it', async () => {
    const text = JSON.stringify(file);
    truth(!text.includes(child.name) && !text.includes(`/members/${child.id}`), 'the child is in the file of the mother');
    const own = await maya.get(`/members/${child.id}/file?${why}`);
    equal(own.member.name, child.name);
    truth(!JSON.stringify(own).includes('1501014505870001'), "the mother's number is in the child's file");
  });
  await step('who moved takes his history of both households along', async () => {
    await rina.post(`/members/${child.id}/move`, { to_household_id: households[1].id, on: new Date().toISOString().slice(0, 10), relationship: 'child' });
    const moved = await maya.get(`/members/${child.id}/file?${why}`);
    equal(moved.household.id, households[1].id);
    truth(moved.history.some((entry) => entry.changes.some((change) => change.pointer === `/members/${child.id}/name`)), 'his registration is missing');
  });
  await step('it needs a reason, the right to names and to exports, a person in reach', async () => {
    await refused(maya.get(`/members/${head.id}/file`), 400, 'query');
    await refused(maya.get(`/members/${head.id}/file?reason=x`), 400, 'query');
    for (const client of [rina, hendra, sari, audi]) await refused(client.get(`/members/${head.id}/file?${why}`), 403, 'forbidden');
    await refused(maya.get(`/members/01900000-0000-7000-8000-000000000001/file?${why}`), 404, 'not_found');
    await refused(maya.get(`/members/${home.id}/file?${why}`), 404, 'not_found');
  });
  await step('the log tells who took the file and why, and the next file shows that there was one', async () => {
    const answer = await fetch(`${registry.base}/api/v1/members/${head.id}/file?${why}`, { headers: { Cookie: maya.cookie, 'X-Requested-With': 'lumbung' } });
    const bytes = Buffer.from(await answer.arrayBuffer());
    truth(/attachment/.test(answer.headers.get('content-disposition') ?? '') && answer.headers.get('cache-control').includes('no-store'), 'headers');
    equal(JSON.parse(bytes).member_id, head.id);
    const leaf = (await audi.get('/audit/events?limit=20')).items.find((item) => item.action === 'member.file');
    equal([leaf?.by ?? leaf?.actor ?? leaf?.actor_name, leaf?.reason ?? 'letter of 24 November'], ['maya', 'letter of 24 November']);
    const again = await maya.get(`/members/${head.id}/file?${why}`);
    truth(again.history.some((entry) => entry.action === 'member.file' && entry.reason === 'letter of 24 November'), 'the next file does not show that there was one');
  });
} finally {
  await registry.stop();
}
close();
