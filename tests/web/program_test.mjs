// program_test.mjs: the manager's program by its buttons: every template saves, a change is refused at its field, a rule is tried while it is typed.
import { startRegistry, fill, Client } from './registry.mjs';
import { launch, open, signIn, visit, look } from './browser.mjs';
import { makeSteps, truth } from './steps.mjs';

const TEMPLATES = ['cash', 'scholarship', 'insurance', 'housing', 'food'];
const faults = [];
const { step, end } = makeSteps(faults);
const registry = await startRegistry(process.argv[2]);
const browser = await launch();
try {
  const { program } = await fill(registry.base);
  const maya = await new Client(registry.base).signIn('maya');
  const page = await open(browser, registry.base, { width: 360, language: 'en', faults });
  page.setDefaultTimeout(30000);
  const press = (name) => page.getByRole('button', { name, exact: true }).first().click();
  const put = (pointer, value) => page.fill(`[id="f${pointer}"]`, value);
  const now = () => maya.get(`/programs/${program.id}`);
  const faultOf = (pointer, text) => page.locator('.field.faulty', { has: page.locator(`[id="f${pointer}"]`) }).locator('.fault', { hasText: text });
  await signIn(page, 'maya');

  await step('the form offers the templates that are saved here', async () => {
    await visit(page, '/program/baru');
    const offered = await page.locator('[id="f/template"] option').evaluateAll((options) => options.map((option) => option.value).filter(Boolean));
    truth(offered.join() === TEMPLATES.join(), offered.join());
  });
  for (const name of TEMPLATES) await step(`the template ${name} passes the rule checker and is saved`, async () => {
    await visit(page, '/program/baru');
    await put('/name', `Contoh ${name}`);
    await put('/owner', 'Dinas Sosial');
    await page.selectOption('[id="f/category"]', 'direct_aid');
    await put('/budget_minor', '1000000');
    await page.selectOption('[id="f/template"]', name);
    await press('Make the draft');
    await page.getByRole('button', { name: 'Activate program', exact: true }).first().waitFor();
    const { items } = await maya.get('/programs?limit=200');
    const made = items.find((one) => one.name === `Contoh ${name}`);
    truth(made && made.state === 'draft' && made.rule.length > 5, JSON.stringify(made));
  });
  await step('a budget below what is claimed is refused at its field with the sum', async () => {
    page.expected.add(422);
    await visit(page, `/program/${program.id}`);
    await press('Change the program');
    await look(page, '/program/:id', faults);
    await put('/budget_minor', '100');
    await press('Save');
    await faultOf('/budget_minor', 'Rp12,000,000 is already claimed or paid').waitFor();
    truth((await now()).budget_minor === 5000000000, 'the budget moved');
    page.expected.delete(422);
  });
  await step('name, owner, budget and end are saved; the unit of an active program stands', async () => {
    await put('/budget_minor', '60000000');
    await put('/name', 'Keluarga Harapan Baru 2026');
    await put('/owner', 'Dinas Sosial Kabupaten');
    for (const [at, value] of ['31', '12', '2027'].entries()) await page.fill(at ? `[id="f/ends_on-${at}"]` : '[id="f/ends_on"]', value);
    truth(await page.locator('[id="f/unit"]').count() === 0, 'the unit is offered though it stands');
    await press('Save');
    await page.getByRole('heading', { name: 'Keluarga Harapan Baru 2026' }).waitFor();
    const saved = await now();
    const answer = await maya.call('PATCH', `/programs/${program.id}`, { unit: 'member' }, { 'If-Match': `"${saved.version}"` }).catch((error) => error);
    truth(answer.status === 422 && answer.data.errors[0].pointer === '/unit', String(answer.status));
    truth(saved.budget_minor === 6000000000 && saved.ends_on === '2027-12-31' && saved.owner === 'Dinas Sosial Kabupaten', JSON.stringify(saved));
  });
  await step('someone else saved first: what stands now is shown before mine is saved', async () => {
    page.expected.add(412);
    await press('Change the program');
    await maya.call('PATCH', `/programs/${program.id}`, { owner: 'Bappeda' }, { 'If-Match': `"${(await now()).version}"` });
    await put('/owner', 'Dinas Sosial Provinsi');
    await press('Save');
    await page.getByText('Someone else has just changed this program').waitFor();
    await page.getByText('Bappeda').first().waitFor();
    await press('Save mine');
    await page.getByText('Dinas Sosial Provinsi').first().waitFor();
    truth((await now()).owner === 'Dinas Sosial Provinsi', 'not saved');
    page.expected.delete(412);
  });
  await step('a rule is tried once the typing rests, and the older request is dropped', async () => {
    await press('Change the rule');
    await page.fill('input[type=search]', 'Siti Aminah');
    await press('Search');
    await page.getByRole('button', { name: 'Choose', exact: true }).first().click();
    await page.getByText('Tried on the household of Siti Aminah').waitFor();
    await page.locator('.clause').first().waitFor();
    let asked = 0;
    page.on('request', (request) => { if (request.url().endsWith('/eligibility')) asked++; });
    await page.locator('[id="f/rule"]').fill('');
    await page.locator('[id="f/rule"]').pressSequentially('size(household.members) > 9', { delay: 20 });
    await page.getByText('Not eligible', { exact: true }).first().waitFor();
    truth(asked <= 2, `${asked} requests for one sentence typed`);
  });
  await step('a faulty rule is told at its character while it is typed', async () => {
    page.expected.add(422);
    await page.locator('[id="f/rule"]').fill('household.wealth > 9');
    await faultOf('/rule', /character \d+/).waitFor();
    await page.locator('.field pre', { hasText: '^' }).waitFor();
    page.expected.delete(422);
    await press('Cancel');
  });
  await step('a closed program has nothing to change, and the server refuses too', async () => {
    await press('Close program');
    await page.locator('form.confirm button[type=submit]').click();
    await page.getByText('closed', { exact: true }).first().waitFor();
    truth(await page.getByRole('button', { name: 'Change', exact: false }).count() === 0, 'there is a button');
    const answer = await maya.call('PATCH', `/programs/${program.id}`, { owner: 'X Y' }, { 'If-Match': `"${(await now()).version}"` }).catch((error) => error);
    truth(answer.status === 409 && answer.data.code === 'state', String(answer.status));
  });
  await step('filtered lists without a hit offer to clear the filter', async () => {
    for (const path of ['/daftar-bayar?state=cancelled', '/catatan?state=failed', `/kepesertaan?program=${program.id}&state=exited`, '/duplikat?keadaan=merged']) {
      await visit(page, path);
      await page.getByText('Nothing matches the filter').waitFor();
      await press('Clear the filter');
      await page.getByText('Nothing matches the filter').waitFor({ state: 'detached' });
    }
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
