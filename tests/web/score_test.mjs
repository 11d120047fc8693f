// score_test.mjs: a manager writes a score by its fields, is refused at them, tries it on a household, takes it into use; the household's page tells what made it.
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
  page.setDefaultTimeout(30000);
  const press = (name) => page.getByRole('button', { name, exact: true }).first().click();
  const put = (pointer, value) => page.fill(`[id="f${pointer}"]`, value);
  const faultOf = (pointer, text) => page.locator('.field.faulty', { has: page.locator(`[id="f${pointer}"]`) }).locator('.fault', { hasText: text });
  const tryOnSiti = async () => { await page.fill('[type=search]', 'Siti Aminah'); await page.keyboard.press('Enter'); await press('Pilih'); };
  await signIn(page, 'maya');

  await step('every empty field is refused at its place', async () => {
    page.expected.add(422);
    await visit(page, '/skor/baru');
    await press('Simpan rancangan');
    for (const pointer of ['/name', '/label/id', '/indicators/0/input', '/indicators/0/coefficient']) await faultOf(pointer, /./).waitFor();
    await look(page, '/skor/baru', []);
  });
  await step('a misspelt field of the household is told at the input, a word as a number at the coefficient', async () => {
    await put('/name', 'PMT');
    await put('/label/id', 'Uji kemiskinan');
    await put('/label/en', 'Poverty test');
    await put('/constant', '39,84');
    await put('/indicators/0/label/id', 'Jumlah anggota');
    await put('/indicators/0/label/en', 'Household size');
    await put('/indicators/0/input', 'size(household.membres)');
    await put('/indicators/0/coefficient', 'dua');
    await press('Simpan rancangan');
    await faultOf('/indicators/0/input', 'membres').waitFor();
    await faultOf('/indicators/0/coefficient', 'Bukan bilangan').waitFor();
    await put('/indicators/0/input', 'size(household.members)');
    await put('/indicators/0/coefficient', '-2,85');
  });
  await step('ranges with a gap are told at their lines, and the fields keep what was typed', async () => {
    await press('Tambah indikator');
    await put('/indicators/1/label/id', 'Anak');
    await put('/indicators/1/label/en', 'Children');
    await put('/indicators/1/input', 'size(household.members.filter(m, age(m.birth_date) < 7))');
    await page.selectOption('[id="f/indicators/1/kind"]', 'ranges');
    await put('/indicators/1/ranges', '..0 = 0\n2.. = -9,76');
    await press('Simpan rancangan');
    await faultOf('/indicators/1/ranges', 'celah antara 0 dan 2').waitFor();
    equal(await page.inputValue('[id="f/indicators/1/ranges"]'), '..0 = 0\n2.. = -9,76', 'ranges');
    await put('/indicators/1/ranges', '..0 = 0\n1.. = -9,76');
    await put('/lookup', 'score,nl100\n..20 = 1');
    await press('Simpan rancangan');
    await faultOf('/lookup', /./).waitFor();
    await put('/lookup', '"score","nl100"\n0..100,88.3926469480588');
    page.expected.delete(422);
  });
  await step('a trial shows the value and what made it, and stores nothing', async () => {
    await tryOnSiti();
    await page.getByText('24,38', { exact: true }).waitFor(); // 39.84 - 2 x 2.85 - 9.76
    await page.getByText('−9,76', { exact: true }).waitFor();
    equal((await maya.get('/scores')).items.length, 0, 'definitions');
  });
  await step('saved as a draft, computed for everybody, in use', async () => {
    await press('Simpan rancangan');
    await press('Hitung semua keluarga, lalu pakai');
    await page.locator('form.confirm').getByRole('button', { name: 'Hitung semua keluarga, lalu pakai' }).click();
    await page.getByText('Dipakai', { exact: true }).waitFor();
    await page.getByText('Mendapat skor').waitFor();
    equal((await maya.get('/scores')).items.map((score) => score.state), ['active'], 'states');
    await look(page, '/skor/:id', faults);
  });
  await step('the household page tells the value, its parts in words and its lines', async () => {
    const rina = await open(browser, registry.base, { width: 360, language: 'id', faults });
    await signIn(rina, 'rina');
    await visit(rina, `/keluarga/${households[0].id}`);
    const card = rina.locator('section.card', { has: rina.getByRole('heading', { name: 'Skor', exact: true }) });
    await card.getByText('Uji kemiskinan').waitFor();
    await card.getByText('24,38', { exact: true }).waitFor();
    await card.getByText('Rincian', { exact: true }).click();
    await card.getByText('Jumlah anggota').waitFor();
    await card.getByText('Kemungkinan pada setiap garis').click();
    await card.getByText('88,3926469480588').waitFor();
    await new Client(registry.base).signIn('rina').then((client) => client.post(`/households/${households[0].id}/members`, { name: 'Bayi Baru', id_reason: 'no_card', sex: 'F', birth_date: '2026-01-01', relationship: 'child' }));
    await visit(rina, `/keluarga/${households[0].id}`);
    await card.getByText('Data keluarga berubah sejak dihitung').waitFor();
    await card.getByRole('button', { name: 'Hitung ulang' }).click();
    await card.getByText('21,53', { exact: true }).waitFor();
    await card.getByText('Riwayat (1)').click();
    await card.getByText('24,38', { exact: true }).waitFor();
    await look(rina, '/keluarga/:id', faults);
    await rina.context().close();
  });
  await step('a new version begins with the old one and leaves it in use until it is taken', async () => {
    await page.getByRole('link', { name: 'Versi baru' }).click();
    await page.waitForSelector('[id="f/indicators/1/ranges"]');
    equal(await page.inputValue('[id="f/indicators/1/ranges"]'), '..0 = 0\n1.. = -9.76', 'ranges');
    equal(await page.inputValue('[id="f/lookup"]'), 'score,nl100\n0..100,88.3926469480588', 'table');
    truth(await page.locator('[id="f/name"]').count() === 0, 'the name may be changed');
    await put('/constant', '40');
    await press('Simpan rancangan');
    await page.getByText('Rancangan', { exact: true }).waitFor();
    equal((await maya.get('/scores')).items.map((score) => [score.version, score.state, score.constant]), [[2, 'draft', '40'], [1, 'active', '39.84']], 'versions');
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
