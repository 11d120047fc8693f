// admin_test.mjs: the administrator's pages by their buttons: accounts changed within what the rules allow, each refusal at its field.
import { startRegistry, fill, Client } from './registry.mjs';
import { launch, open, signIn, visit, look, axe } from './browser.mjs';
import { makeSteps, truth } from './steps.mjs';

const faults = [];
const { step, end } = makeSteps(faults);
const registry = await startRegistry(process.argv[2]);
const browser = await launch();
try {
  const { program, households } = await fill(registry.base);
  const sari = await new Client(registry.base).signIn('sari');
  const page = await open(browser, registry.base, { width: 360, language: 'en', faults });
  page.setDefaultTimeout(30000);
  const press = (name) => page.getByRole('button', { name, exact: true }).first().click();
  const row = (name) => page.locator('main li', { has: page.locator('b', { hasText: name }) }).first();
  const account = async (name) => (await sari.get('/users?limit=200')).items.find((user) => user.username === name);
  const chooseRegion = async (...names) => { for (const [depth, label] of names.entries()) await page.selectOption(depth ? `[id="f/regions-${depth}"]` : '[id="f/regions"]', { label }); };
  await signIn(page, 'sari');

  await step('at home: what waits for an administrator, and who signed in today', async () => {
    await visit(page, '/');
    for (const text of ['Given a role by one person alone: 4', 'There is only one administrator', 'Signed in today']) await page.getByText(text, { exact: true }).waitFor();
    for (const name of ['Sari Dewi', 'Rina Marlina', 'Maya Lestari', 'Hendra Wijaya']) truth(await page.locator('main li', { hasText: name }).filter({ hasText: /\d\d\.\d\d/ }).count() === 1, name);
    truth(await page.locator('main li', { hasText: 'Audi' }).count() === 0, 'somebody who did not sign in');
    await look(page, '/', faults);
    await axe(page, '/', faults);
  });
  await step('nobody changes his own account: no button, and why', async () => {
    await visit(page, '/pengguna');
    await page.getByText('This is your own account').waitFor();
    truth(await row('Sari Dewi').getByRole('button').count() === 0, 'the own row has buttons');
  });
  await step('a second region and a program are added to an officer, at 360 px', async () => {
    await row('Rina Marlina').getByRole('button', { name: 'Change', exact: true }).click();
    await chooseRegion('Jambi', 'Kabupaten Merangin');
    await press('Add Kabupaten Merangin');
    await page.getByLabel('Keluarga Harapan Baru').check();
    await look(page, '/pengguna', faults);
    await press('Save');
    await page.getByText('Kabupaten Kerinci, Kabupaten Merangin').waitFor();
    const rina = await account('rina');
    truth(rina.regions.join() === '15.01,15.02' && rina.programs.join() === program.id, JSON.stringify(rina));
  });
  await step('a region inside another is refused at its field, and what was chosen stays', async () => {
    page.expected.add(422);
    await row('Rina Marlina').getByRole('button', { name: 'Change', exact: true }).click();
    await chooseRegion('Jambi', 'Kabupaten Kerinci', 'Danau Kerinci');
    await press('Add Danau Kerinci');
    await press('Save');
    await page.locator('.field.region .fault', { hasText: '15.01.01 already lies in 15.01' }).waitFor();
    await page.getByRole('button', { name: 'Remove Danau Kerinci' }).click();
    await press('Save');
    await page.locator('main li form').waitFor({ state: 'detached' });
    page.expected.delete(422);
  });
  await step('a region that was chosen but not added is not forgotten', async () => {
    await row('Rina Marlina').getByRole('button', { name: 'Change', exact: true }).click();
    await chooseRegion('Jambi', 'Kabupaten Kerinci', 'Danau Kerinci', 'Seleman');
    await press('Save');
    await page.locator('.field.region .fault', { hasText: 'Seleman is chosen but not added' }).waitFor();
    await press('Cancel');
  });
  await step('an auditor with another role is refused at the roles', async () => {
    page.expected.add(422);
    await row('Audi Pratama').getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByLabel('Field officer').check();
    await press('Save');
    await page.locator('fieldset.faulty .fault', { hasText: 'An auditor holds no other role' }).waitFor();
    await press('Cancel');
    page.expected.delete(422);
  });
  await step('someone else saved first: what stands now is shown, saving again is a choice', async () => {
    page.expected.add(412);
    await row('Tuti Rahayu').getByRole('button', { name: 'Change', exact: true }).click();
    const tuti = await account('tuti');
    await sari.call('PATCH', `/users/${tuti.id}`, { display_name: 'Tuti R.' }, { 'If-Match': `"${tuti.version}"` });
    await page.fill('[id="f/display_name"]', 'Tuti Rahayu Sari');
    await press('Save');
    await page.getByText('Someone else has just changed this account').waitFor();
    await press('Save mine');
    await page.getByText('Tuti Rahayu Sari').waitFor();
    page.expected.delete(412);
  });
  await step('a new account with a taken name is refused at the name; with another it gets its link', async () => {
    page.expected.add(409);
    await press('Add a user');
    await page.fill('[id="f/username"]', 'rina');
    await page.fill('[id="f/display_name"]', 'Wawan Setiawan');
    await page.locator('form button[type=submit]').first().click();
    await page.locator('.field.faulty .fault', { hasText: 'rina' }).waitFor();
    await page.fill('[id="f/username"]', 'wawan');
    await page.locator('form button[type=submit]').first().click();
    await page.getByText('/mulai/').waitFor();
    page.expected.delete(409);
  });
  await step('an account is disabled and enabled again, each after saying what follows', async () => {
    for (const [act, state] of [['Disable', 'disabled'], ['Enable', 'active']]) {
      await row('Rina Marlina').getByRole('button', { name: act, exact: true }).click();
      await page.locator('form.confirm button[type=submit]').click();
      await page.locator('form.confirm').waitFor({ state: 'detached' });
      await row('Rina Marlina').getByText(state, { exact: true }).waitFor();
    }
  });
  await step('a role that matters waits for a second person, says so, and is withdrawn when it is unticked', async () => {
    await sari.post('/users', { username: 'wati', display_name: 'Wati Kusuma', roles: ['admin'] });
    await visit(page, '/pengguna');
    await row('Tuti Rahayu').getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByLabel('Program manager').check();
    await press('Save');
    await row('Tuti Rahayu').getByText('Program manager (waits for confirmation)').waitFor();
    await page.getByText('tuti: Program manager').waitFor();
    truth(!(await account('tuti')).roles.includes('manager'), 'it took effect at once');
    await row('Tuti Rahayu').getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByLabel('Program manager').uncheck();
    await press('Save');
    await page.getByText('tuti: Program manager').waitFor({ state: 'detached' });
    truth((await account('tuti')).pending.length === 0, 'it still waits');
  });
  await step('who read whom: a malformed id is told at its field in plain words, and nothing raw is shown', async () => {
    await visit(page, '/akses?household=123');
    await page.getByText('This address holds an id that cannot be read').waitFor();
    truth(!/query parameter|UUID|400/.test(await page.innerText('main')), 'a raw refusal shows');
    await press('Clear the filter');
    await page.locator('main table').waitFor();
    await page.locator('summary', { hasText: 'Filter' }).click();
    await page.fill('[id="f/household"]', 'keluarga Siti');
    await press('Apply the filter');
    await page.locator('.field.faulty .fault', { hasText: 'not the id of a household' }).waitFor();
    await page.fill('[id="f/household"]', `${registry.base}/keluarga/${households[0].id}`);
    await press('Apply the filter');
    await page.waitForURL((url) => url.searchParams.get('household') === households[0].id);
    await page.locator('main table').getByText(households[0].id.slice(-8)).first().waitFor();
    await axe(page, '/akses', faults);
  });
  await step('a filtered list without a hit offers to clear the filter, and the fields are empty again', async () => {
    await visit(page, '/akses?user=nobody');
    await page.getByText('Nothing matches the filter').waitFor();
    await press('Clear the filter');
    await page.locator('main table').waitFor();
    truth(await page.inputValue('[id="f/user"]') === '', 'the field keeps the old filter');
    await visit(page, '/audit?actor=nobody');
    await page.getByText('Nothing matches the filter').waitFor();
    await press('Clear the filter');
    await page.locator('main table').waitFor();
    await visit(page, '/wilayah?q=zzzz');
    await press('Clear the filter');
    await page.getByText('Jambi').first().waitFor();
  });
  await step('at home: an invitation and a role that another administrator confirms', async () => {
    await sari.post('/users', { username: 'dewi', display_name: 'Dewi Anggraini', roles: ['manager'], regions: [], programs: [] });
    await visit(page, '/');
    await page.locator('main li', { hasText: 'Waiting for another administrator: 1' }).getByText('dewi').waitFor();
    await page.locator('main li', { hasText: 'Invitations not used yet' }).getByText('Dewi Anggraini').waitFor();
  });
  const csv = (...rows) => ({ name: 'regions.csv', mimeType: 'text/csv', buffer: Buffer.from(['code,parent,level,kind,name', ...rows].join('\n')) });
  const regionName = async (code) => (await sari.get(`/regions/${code}`)).name;
  await step('a file of regions is compared first: added, renamed and left out are shown, nothing is changed yet', async () => {
    await visit(page, '/wilayah');
    await page.setInputFiles('#regions', csv('15.01,15,2,kabupaten,Kabupaten Kerinci Raya', '15.01.02,15.01,3,kecamatan,Gunung Raya'));
    for (const text of ['1 added', '1 renamed', '2 not in the file']) await page.getByText(text, { exact: true }).first().waitFor();
    await look(page, '/wilayah', faults);
    truth(await regionName('15.01') === 'Kabupaten Kerinci', 'it was applied');
  });
  await step('an unknown parent is told by row and column, and nothing can be applied', async () => {
    page.expected.add(422);
    await page.setInputFiles('#regions', csv('15.01,15,2,kabupaten,Kabupaten Kerinci Raya', '99.01.01,99.01,3,kecamatan,Entah'));
    await page.getByText('Row 3, column parent').waitFor();
    truth(await page.getByRole('button', { name: /^Apply/ }).count() === 0, 'it can be applied');
    page.expected.delete(422);
  });
  await step('what was shown is applied, and comparing again finds nothing', async () => {
    const file = csv('15.01,15,2,kabupaten,Kabupaten Kerinci Raya', '15.01.02,15.01,3,kecamatan,Gunung Raya');
    await page.setInputFiles('#regions', file);
    await press('Apply 2 changes');
    await page.getByText('2 regions applied').waitFor();
    truth(await regionName('15.01') === 'Kabupaten Kerinci Raya', 'not applied');
    await page.setInputFiles('#regions', file);
    await page.getByText('2 rows equal what is stored').waitFor();
  });
  const changes = (...rows) => ({ name: 'changes.csv', mimeType: 'text/csv', buffer: Buffer.from(['change,code,to,name,hamlet,rw,rt', ...rows].join('\n')) });
  await step('a village is divided in two: the list says which households go and which stay, then they have gone', async () => {
    await visit(page, '/wilayah');
    await page.setInputFiles('#regions', changes('split,15.01.01.2001,15.01.01.2009,Seleman Hilir,Dusun Hilir,,', 'renamed,15.02.01.2001,,Muara Madras Baru,,,'));
    await page.getByText(/^\d+ households move$/).first().waitFor();
    await page.getByText(/^\d+ households stay$/).first().waitFor();
    await look(page, '/wilayah', faults);
    truth(await regionName('15.02.01.2001') === 'Muara Madras', 'it was applied');
    await press('Apply 2 changes');
    await page.getByText(/^2 changes applied; \d+ households moved$/).waitFor();
    truth(await regionName('15.01.01.2009') === 'Seleman Hilir', 'not applied');
  });
  await step('a region that still holds households cannot be ended', async () => {
    await page.setInputFiles('#regions', changes('abolished,15.01.01.2009,,,,,'));
    await page.getByText('Households still live in a region that ends').waitFor();
    truth(await page.getByRole('button', { name: /^Apply/ }).count() === 0, 'it can be applied');
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
