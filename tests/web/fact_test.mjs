// fact_test.mjs: a manager imports a file of another registry: columns guessed, tried, refused lines told, kept; the household's page shows it with its age.
import { startRegistry, fill, Client } from './registry.mjs';
import { launch, open, signIn, visit, look } from './browser.mjs';
import { makeSteps, truth, equal, putDate } from './steps.mjs';

const faults = [];
const { step, end } = makeSteps(faults);
const registry = await startRegistry(process.argv[2]);
const browser = await launch();
const NIK = '1501014505870001';
const csv = (lines) => ({ name: 'dtsen.csv', mimeType: 'text/csv', buffer: Buffer.from(`\uFEFFNIK;NAMA;DESIL;STATUS\r\n${lines.join('\r\n')}\r\n`) });
try {
  const { households } = await fill(registry.base);
  const maya = await new Client(registry.base).signIn('maya');
  const page = await open(browser, registry.base, { width: 360, language: 'id', faults });
  page.setDefaultTimeout(10000);
  const press = (name) => page.getByRole('button', { name, exact: true }).first().click();
  const put = (pointer, value) => page.fill(`[id="f${pointer}"]`, value);
  const faultOf = (pointer, text) => page.locator('.field.faulty', { has: page.locator(`[id="f${pointer}"]`) }).locator('.fault', { hasText: text });
  const figure = (label) => page.locator('.figure', { hasText: label }).locator('dd').innerText().then((text) => text.trim());
  await signIn(page, 'maya');

  await step('a file without lines says so', async () => {
    await visit(page, '/data-luar');
    await page.setInputFiles('#luar-file', csv([]));
    await page.getByText('Berkas ini tidak memuat baris data.').waitFor();
  });
  await step('number and decile are guessed from the heading; what is not filled in is refused at its field', async () => {
    page.expected.add(422);
    const many = Array.from({ length: 900 }, (_, i) => `15010145058${String(80001 + i)};X;4;AKTIF`);
    await page.setInputFiles('#luar-file', csv([`${NIK};"Siti; Aminah";3;AKTIF`, `${NIK.slice(0, 14)};Salah;3;AKTIF`, '1501014505870003;Kartini;12;AKTIF', '1501014505870004;Jufri;TIDAK DITEMUKAN;', ...many]));
    await page.getByText('904 baris, 4 kolom').waitFor();
    equal([await page.inputValue('[id="f/number/column"]'), await page.inputValue('[id="f/facts/desil/column"]')], ['NIK', 'DESIL'], 'guessed');
    await press('Periksa dahulu');
    for (const pointer of ['/source', '/edition']) await faultOf(pointer, /./).waitFor();
    await page.locator('[id="f/as_of"][aria-invalid=true]').waitFor();
    page.expected.delete(422);
  });
  await step('tried: matched, not registered, not found and refused, each line with its remedy; nothing stored', async () => {
    await put('/source', 'dtsen');
    await put('/edition', '2026-T3');
    await putDate(page, '/as_of', ['1', '3', '2026']);
    await put('/not_found', 'TIDAK DITEMUKAN');
    await press('Periksa dahulu');
    await page.getByText('Diperiksa, belum ada yang disimpan').waitFor();
    equal([await figure('Cocok'), await figure('Tidak terdaftar di sini'), await figure('Tidak ditemukan di sumber'), await figure('Ditolak')], ['1', '900', '1', '2'], 'counts');
    await page.getByText('bukan 16 angka yang mungkin').waitFor();
    await look(page, '/data-luar', faults);
    equal((await maya.get('/facts/editions')).items, [], 'editions');
  });
  await step('refused lines can be taken along', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), press('Unduh baris yang ditolak')]);
    const text = await (await download.createReadStream()).toArray().then((chunks) => Buffer.concat(chunks).toString());
    truth(text.split('\n').length === 3 && text.includes(`3,NIK,${NIK.slice(0, 14)},bukan 16 angka`), text);
  });
  await step('kept part by part, listed with its age', async () => {
    await page.locator('form.confirm').getByRole('button', { name: 'Simpan data ini' }).click();
    await page.getByText('Tersimpan', { exact: true }).waitFor();
    await page.locator('td', { hasText: '2026-T3' }).waitFor();
    const { items: [edition] } = await maya.get('/facts/editions');
    equal([edition.accepted, edition.unmatched, edition.not_found, edition.refused], [1, 900, 1, 2], 'edition');
  });
  await step('the household page shows the value with source, edition, day and age, an old one marked', async () => {
    const rina = await open(browser, registry.base, { width: 360, language: 'id', faults });
    await signIn(rina, 'rina');
    await visit(rina, `/keluarga/${households[0].id}`);
    const card = rina.locator('section.card', { has: rina.getByRole('heading', { name: 'Data luar', exact: true }) });
    await card.getByText(/^Desil · /).waitFor();
    await card.getByText('dtsen 2026-T3, per 1 Maret 2026').waitFor();
    await card.locator('.state.warn', { hasText: 'hari' }).waitFor();
    await look(rina, '/keluarga/:id', faults);
    await rina.context().close();
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
