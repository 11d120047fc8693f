// flag_test.mjs: a manager defines a flag, is refused at its fields, counts by region, opens the households that bear one; their page shows it in words.
import { startRegistry, fill, Client } from './registry.mjs';
import { launch, open, signIn, visit, look } from './browser.mjs';
import { makeSteps, truth, equal } from './steps.mjs';

const faults = [];
const { step, end } = makeSteps(faults);
const registry = await startRegistry(process.argv[2]);
const browser = await launch();
try {
  const { households } = await fill(registry.base);
  const maya = await new Client(registry.base).signIn('maya');
  const page = await open(browser, registry.base, { width: 360, language: 'id', faults });
  page.setDefaultTimeout(10000);
  const press = (name) => page.getByRole('button', { name }).first().click();
  const put = (pointer, value) => page.fill(`[id="f${pointer}"]`, value);
  const faultOf = (pointer, text) => page.locator('.field.faulty', { has: page.locator(`[id="f${pointer}"]`) }).locator('.fault', { hasText: text });
  await signIn(page, 'maya');

  await step('empty fields and a misspelt expression are refused at their place', async () => {
    page.expected.add(422);
    await visit(page, '/tanda');
    await press('Tanda baru');
    await press('Simpan dan pakai');
    for (const pointer of ['/name', '/label/id', '/label/en', '/expression']) await faultOf(pointer, /./).waitFor();
    await put('/name', 'dua_orang');
    await put('/label/id', 'Keluarga dua orang');
    await put('/label/en', 'Household of two');
    await put('/expression', 'size(household.memberz) == 2');
    await press('Simpan dan pakai');
    await faultOf('/expression', 'memberz').waitFor();
    page.expected.delete(422);
  });
  await step('a flag is in use at once, and the household shows it in words', async () => {
    await put('/expression', 'size(household.members) == 2');
    await press('Simpan dan pakai');
    await page.locator('code', { hasText: 'size(household.members) == 2' }).waitFor();
    const rina = await open(browser, registry.base, { width: 360, language: 'id', faults });
    await signIn(rina, 'rina');
    await visit(rina, `/keluarga/${households[0].id}`);
    await rina.locator('.flags').getByText('Keluarga dua orang').waitFor();
    await rina.locator('.flags').getByText('Kepala keluarga perempuan').waitFor();
    await rina.locator('.flags').getByRole('link', { name: 'Keluarga dua orang' }).click(); // an officer comes to the list of his village from here
    await rina.getByText('Keluarga yang bertanda ini hari ini.').waitFor();
    await rina.waitForFunction(() => document.querySelectorAll('main .list a.item').length > 0);
    await look(rina, '/tanda/:name', faults);
    await rina.context().close();
  });
  await step('counted by region with the day, and opened as a list', async () => {
    await visit(page, '/tanda?wilayah=15.01');
    await page.getByText('Belum pernah dihitung.').waitFor();
    await press('Hitung sekarang');
    await page.getByText(/^Dihitung .*: 8 keluarga\./).waitFor();
    const row = page.locator('tr', { hasText: 'Keluarga dua orang' });
    equal(await row.locator('td').nth(1).innerText().then((text) => text.replace(/\D/g, '')), '8', 'count');
    await look(page, '/tanda', faults);
    await row.getByRole('link').click();
    await page.getByText('Keluarga yang bertanda ini hari ini.').waitFor();
    await page.waitForFunction(() => document.querySelectorAll('main .list a.item').length === 8);
    await look(page, '/tanda/:name', faults);
  });
  await step('a region without such households says so', async () => {
    await visit(page, '/tanda/elderly_alone?wilayah=15.02');
    await page.getByText('Tidak ada yang cocok dengan saringan').waitFor();
  });
  await step('changed it is the next version; retired it is shown no more', async () => {
    await visit(page, '/tanda');
    await press(/^Ubah Keluarga dua orang/);
    await put('/expression', 'size(household.members) == 3');
    await press('Simpan dan pakai');
    await page.locator('code', { hasText: '== 3' }).waitFor();
    equal((await maya.get('/flags')).items.filter((flag) => !flag.own).map((flag) => [flag.version, flag.state]), [[2, 'active']], 'versions');
    await press(/^Hentikan Keluarga dua orang/);
    await page.locator('form.confirm').getByRole('button', { name: 'Hentikan' }).click();
    await page.getByText('Dihentikan', { exact: true }).waitFor();
    truth((await maya.get(`/households/${households[0].id}/flags`)).items.every((flag) => flag.name !== 'dua_orang'), 'still shown');
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
