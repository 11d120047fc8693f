// story_consent.mjs: the notice that people are told, its versions and languages, who writes them; and what stops within the same second when consent is withdrawn.
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, family } from './registry.mjs';

const registry = await startRegistry(process.argv[2]);
try {
  const as = (name) => new Client(registry.base).signIn(name);
  const [rina, maya, hendra, audi, sari] = await Promise.all(['rina', 'maya', 'hendra', 'audi', 'sari'].map(as));
  const text = (language, body = 'Kami mencatat data keluarga Anda.') => ({ language, title: `Judul ${language}`, text: body });
  const notice = (version, ...languages) => ({ version, texts: languages.map((language) => text(language)) });
  const patch = (client, version, body, headers) => client.call('PATCH', `/consent-notices/${version}`, body, headers);
  const publish = (client, version, headers) => client.post(`/consent-notices/${version}/publish`, {}, headers);
  const listed = async (client) => (await client.get('/consent-notices')).items.map((item) => [item.version, item.state, item.asked, item.languages.join()]);
  let number = 0;
  const registered = (consent = {}, client = rina) => { const form = family(number++); return client.post('/households', { ...form, consent: { ...form.consent, ...consent } }); };

  await step('a fresh registry has a notice in both languages that anybody signed in reads', async () => {
    for (const client of [rina, maya, hendra, audi, sari]) equal(await listed(client), [['1', 'published', true, 'en,id']]);
    const { texts, asked } = await rina.get('/consent-notices/1');
    truth(asked && texts.every((one) => one.title && one.text.length > 300), 'it says nothing');
    await refused(new Client(registry.base).get('/consent-notices'), 401, 'unauthenticated');
    await refused(rina.get('/consent-notices/2'), 404, 'not_found');
  });
  await step('only who writes programs writes one; a draft is seen by nobody else', async () => {
    for (const client of [rina, hendra, audi, sari]) await refused(client.post('/consent-notices', notice('2', 'id')), 403, 'forbidden');
    const made = await maya.post('/consent-notices', notice('2', 'id'));
    equal([made.state, made.asked, made.revision], ['draft', false, 1]);
    for (const client of [rina, hendra, audi, sari]) {
      equal((await listed(client)).length, 1);
      await refused(client.get('/consent-notices/2'), 404, 'not_found');
      await refused(patch(client, '2', { texts: [text('id')] }), 403, 'forbidden');
      await refused(publish(client, '2'), 403, 'forbidden');
    }
    equal(await listed(maya), [['1', 'published', true, 'en,id'], ['2', 'draft', false, 'id']]);
  });
  await step('drafts that say too little, too much or in no language are refused, field by field', async () => {
    for (const [body, pointer] of [[{ version: '3' }, '/texts'], [notice('3'), '/texts'], [notice('a/b', 'id'), '/version'], [notice('x'.repeat(41), 'id'), '/version'], [notice('3', 'id', 'id'), '/texts/1/language'],
      [notice('3', 'id', 'bahasa jawa'), '/texts/1/language'], [{ version: '3', texts: [text('id', 'x'.repeat(8001))] }, '/texts/0/text'], [{ version: '3', texts: [{ language: 'id', title: '', text: 'x' }] }, '/texts/0/title'],
      [{ version: '3', texts: Array(41).fill(text('id')) }, '/texts'], [{ ...notice('3', 'id'), state: 'published' }, '/state']])
      await refused(maya.post('/consent-notices', body), 422, 'fields', pointer);
    for (const version of ['1', '2']) await refused(maya.post('/consent-notices', notice(version, 'id')), 409, 'exists');
    await refused(patch(maya, '2', {}), 422, 'fields', '/texts');
    await refused(patch(maya, '2', { version: '4', texts: [text('id')] }), 422, 'fields', '/version');
    await refused(patch(maya, '2', { texts: [text('id')] }, { 'If-Match': '"9"' }), 412, 'stale');
    await refused(patch(maya, '9', { texts: [text('id')] }), 404, 'not_found');
    await refused(publish(maya, '9'), 404, 'not_found');
  });
  await step('a draft is asked of nobody, and is published only in both languages of the registry', async () => {
    await refused(registered({ notice_version: '2' }), 422, 'fields', '/consent/notice_version');
    const problem = await refused(publish(maya, '2'), 422, 'fields', '/texts');
    truth(problem.errors[0].detail.includes('en'), problem.errors[0].detail);
    await patch(maya, '2', { texts: [text('id'), text('EN'), text('ms-arab', 'كامي منچاتت داتا')] }, { 'If-Match': '"1"' });
    await refused(publish(maya, '2', { 'If-Match': '"1"' }), 412, 'stale');
    const shown = await publish(maya, '2', { 'If-Match': '"2"' });
    equal([shown.state, shown.asked, shown.texts.map((one) => one.language).join()], ['published', true, 'en,id,ms-Arab']);
  });
  await step('the newest published one is asked; it and the older ones never change again', async () => {
    equal(await listed(rina), [['1', 'published', false, 'en,id'], ['2', 'published', true, 'en,id,ms-Arab']]);
    await refused(publish(maya, '2'), 409, 'state');
    for (const version of ['1', '2']) await refused(patch(maya, version, { texts: [text('id')] }), 409, 'state');
    const acts = (await audi.get('/audit/events?limit=100')).items.map((item) => item.action);
    for (const action of ['notice.create', 'notice.change', 'notice.publish']) truth(acts.includes(action), `${action} is not in the log`);
  });
  await step('a consent names a notice that was published, in a language that it has; the refusal names those', async () => {
    for (const [consent, pointer, said] of [[{ notice_version: '3' }, '/consent/notice_version', '1, 2'], [{ notice_version: '2', language: 'jv' }, '/consent/language', 'en, id, ms-Arab'],
      [{ notice_version: '1', language: 'ms-Arab' }, '/consent/language', 'en, id'], [{ language: 'id-ID' }, '/consent/language', 'en, id'], [{ notice_version: '' }, '/consent/notice_version', '']]) {
      const problem = await refused(registered(consent), 422, 'fields', pointer);
      truth(problem.errors[0].detail.includes(said), problem.errors[0].detail);
    }
    const house = await registered({ notice_version: '2', language: 'ms-Arab' });
    equal([house.consents[0].notice_version, house.consents[0].language], ['2', 'ms-Arab']);
    const again = (consent) => rina.post(`/households/${house.id}/consents`, { notice_version: '1', language: 'id', basis: 'consent', given_by: 'Siti', ...consent });
    await refused(again({ notice_version: '9' }), 422, 'fields', '/notice_version');
    await refused(again({ language: 'ms-Arab' }), 422, 'fields', '/language');
    equal((await again({})).consents.length, 2);
  });

  // --- what rests on consent ---------------------------------------------------------------------------------------------------------------

  const village = '15.01.01.2002';
  const program = await maya.post('/programs', { name: 'Bantuan pangan', category: 'direct_aid', owner: 'Dinas Sosial', currency: 'IDR', unit: 'household', rule: 'true', entitlement: 'amount(1000)', budget_minor: 10 ** 12, starts_on: '2026-01-01' });
  await maya.post(`/programs/${program.id}/activate`);
  const cycle = await maya.post(`/programs/${program.id}/cycles`, { name: 'Tahap 1', starts_on: '2026-10-01', ends_on: '2026-12-31' });
  const household = (basis = 'consent') => { const form = family(number++, village); return maya.post('/households', { ...form, consent: { ...form.consent, basis } }); };
  const withdraw = (house, body = {}, client = maya) => client.post(`/consents/${house.consents[0].id}/withdraw`, { reason: 'tidak mau lagi', ...body });
  const enroll = (house) => maya.post(`/programs/${program.id}/enrollments`, { household_id: house.id });
  const people = async () => {
    for (let i = 0; ; i++) {
      try { return (await maya.get(`/needs?region=${village}`)).total.find((line) => line.category === 'food' && line.group === 'households').people; } catch (error) { if (error.status !== 503 || i > 100) throw error; }
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  const simulated = async () => (await maya.post(`/programs/${program.id}/simulations`, { region: village })).households;

  await step('withdrawn, nothing that rests on consent goes on in the same second: eligibility, enrollment, simulation, needs, new batches, what is open', async () => {
    const [stays, paid, newcomer] = [await household(), await household(), await household()];
    for (const house of [stays, paid]) equal((await enroll(house)).state, 'enrolled');
    const { id: open } = await maya.post(`/cycles/${cycle.id}/batches`);
    for (const act of ['lock', 'submit']) await maya.post(`/batches/${open}/${act}`);
    await hendra.post(`/batches/${open}/approve`, { digest: (await hendra.get(`/batches/${open}`)).digest });
    await hendra.post(`/batches/${open}/release`);
    equal([await people(), await simulated()], [3, 3]);

    for (const house of [paid, newcomer]) {
      await withdraw(house);
      const blocks = (await maya.post(`/programs/${program.id}/eligibility`, { household_id: house.id })).blocks.map((block) => block.code);
      truth(blocks.includes('consent'), `blocks are ${blocks}`);
    }
    equal([await people(), await simulated()], [1, 1], 'needs and simulation');
    const { job_id: job } = await maya.post('/flags/counts');
    while ((await maya.get(`/jobs/${job}`)).state === 'open') await new Promise((done) => setTimeout(done, 20));
    equal((await maya.get(`/flags/counts?region=${village}`)).households, 1, 'flags');
    equal((await refused(enroll(newcomer), 409)).code, 'state');
    const [line] = (await maya.get(`/disbursements?household=${paid.id}`)).items;
    equal([line.state, line.held_reason], ['held', 'consent']);
    const [other] = (await maya.get(`/disbursements?household=${stays.id}`)).items;
    equal(other.state, 'pending');
    const later = await maya.post(`/programs/${program.id}/cycles`, { name: 'Tahap 2', starts_on: '2027-01-01', ends_on: '2027-03-31' });
    const { id: next } = await maya.post(`/cycles/${later.id}/batches`);
    equal((await maya.get(`/batches/${next}/items`)).items.map((item) => item.household_id), [stays.id], 'the next batch');
  });
  await step('asked and given again, it goes on; a purpose alone stops alone', async () => {
    const house = await household();
    await withdraw(house);
    await refused(enroll(house), 409, 'state');
    await maya.post(`/households/${house.id}/consents`, { notice_version: '2', language: 'id', basis: 'consent', given_by: 'Siti' });
    equal((await enroll(house)).state, 'enrolled');
    const form = family(number++, village), partly = await maya.post('/households', { ...form, consent: { ...form.consent, purposes: ['aid', 'research'] } });
    await withdraw(partly, { purposes: ['research'] });
    equal((await enroll(partly)).state, 'enrolled');
  });
  await step('where the law is the basis it is an objection with a clock of 72 hours: nothing stops before a person decides', async () => {
    const house = await household('public_task'), before = [await people(), await simulated()];
    await withdraw(house, {}, rina);
    const item = (await maya.get('/objections')).items.find((one) => one.household_id === house.id);
    equal([new Date(item.due_at) - new Date(item.objected_at), item.overdue, item.may_decide], [72 * 3600000, false, true]);
    equal([await people(), await simulated()], before);
    await refused(withdraw(house), 409, 'state');
    await maya.post(`/consents/${house.consents[0].id}/objection`, { decision: 'accept', reason: 'keluarga keluar' });
    equal([await people(), await simulated()], before.map((count) => count - 1));
    await refused(enroll(house), 409, 'state');
  });
  await step('a withdrawal says why, for purposes that there are, by who may, of a consent that holds', async () => {
    const house = await household();
    await refused(withdraw(house, { reason: '' }), 422, 'fields', '/reason');
    await refused(withdraw(house, { purposes: ['advertising'] }), 422, 'fields', '/purposes/0');
    for (const client of [hendra, audi, sari]) await refused(withdraw(house, {}, client), 403, 'forbidden');
    await refused(maya.post('/consents/01900000-0000-7000-8000-000000000001/withdraw', { reason: 'x' }), 404, 'not_found');
    await withdraw(house);
    await refused(withdraw(house), 409, 'state');
  });
} finally {
  await registry.stop();
}
close();
