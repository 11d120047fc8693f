// download_test.mjs: lists and a person's file leave from their pages: the filter of the page, the columns that were ticked, in each format; not offered to who may not.
import { readFileSync } from 'node:fs';
import { startRegistry, Client, family, fill } from './registry.mjs';
import { launch, open, signIn, visit, look, axe } from './browser.mjs';
import { equal, makeSteps, truth } from './steps.mjs';

const faults = [];
const { step, end } = makeSteps(faults);
const registry = await startRegistry(process.argv[2]);
const browser = await launch();
try {
  const { households, program, batches, rina } = await fill(registry.base);
  await rina.post('/households', family(0, '15.01.01.2002'));
  const maya = await new Client(registry.base).signIn('maya');
  await maya.post('/flags', { name: 'two', label: { id: 'Berdua', en: 'Two' }, expression: 'size(household.members) == 2' });
  for (let i = 0; i < 100 && await maya.get('/quality/households').then(() => false, () => true); i++) await new Promise((done) => setTimeout(done, 100));
  const desk = await open(browser, registry.base, { width: 1280, language: 'id', faults, acceptDownloads: true });
  const phone = await open(browser, registry.base, { width: 360, language: 'en', faults, acceptDownloads: true });
  await signIn(desk, 'maya');
  await signIn(phone, 'maya');

  const taken = async (page, press) => {
    const [file] = await Promise.all([page.waitForEvent('download'), press()]);
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  };
  // `untick` are labels of columns; `format` the word of the choice.
  const download = async (page, path, { format = 'csv', untick = [], act = 'Unduh' } = {}) => {
    await visit(page, path);
    await page.locator('details.download summary').click();
    await page.locator('[id="f/as"]').selectOption(format);
    for (const label of untick) await page.locator('details.download').getByLabel(label, { exact: true }).uncheck();
    const file = await taken(page, () => page.locator('details.download').getByRole('button', { name: act, exact: true }).click());
    await page.locator('details.download .note.good').waitFor();
    return file;
  };
  const head = ({ bytes }) => bytes.toString().replace(/^\uFEFF/, '').split(/\r?\n/)[0].split(',');
  const rows = ({ bytes }) => bytes.toString().trim().split(/\r?\n/).length - 1;

  await step('enrollments as CSV: the rows of the chosen state, without the columns that were unticked', async () => {
    const wanted = (await maya.get(`/programs/${program.id}/enrollments?state=enrolled&limit=200`)).items.length;
    const file = await download(desk, `/kepesertaan?program=${program.id}&state=enrolled`, { untick: ['Nomor baris', 'Versi aturan'] });
    equal([file.name, rows(file)], ['kepesertaan.csv', wanted], 'file');
    truth(head(file).includes('head') && !head(file).includes('id') && !head(file).includes('rule_version'), head(file).join());
  });
  await step('the lines of a batch as a workbook', async () => {
    const file = await download(desk, `/daftar-bayar/${batches.released}`, { format: 'xlsx' });
    equal([file.name, file.bytes.subarray(0, 2).toString()], ['daftar-bayar.xlsx', 'PK'], 'file');
  });
  await step('duplicates as NDJSON, on a phone and in English', async () => {
    const file = await download(phone, '/duplikat', { format: 'ndjson', untick: ['First: RT'], act: 'Download' });
    const lines = file.bytes.toString().trim().split('\n').map((line) => JSON.parse(line));
    equal([file.name, lines.length, lines[0].kind, Object.keys(lines[0]).includes('earlier.rt')], ['data-ganda.ndjson', (await maya.get('/duplicates?limit=200')).items.length, 'nik', false], 'file');
    equal(await look(phone, 'download', faults), [], 'raw keys');
    await axe(phone, 'download', faults);
    if (process.env.SHOTS) await phone.locator('details.download').screenshot({ path: `${process.env.SHOTS}/download-360-en.png` });
  });
  await step('households of a data quality figure and of a flag', async () => {
    const quality = await download(desk, '/mutu/keluarga');
    equal([quality.name, rows(quality)], ['mutu-data.csv', (await maya.get('/quality/households?limit=200')).items.length], 'quality');
    const flag = await download(desk, '/tanda/two?wilayah=15.01.01.2002');
    equal([flag.name, rows(flag), head(flag).includes('version')], ['tanda-two.csv', 1, false], 'flag');
    if (process.env.SHOTS) await desk.locator('details.download').screenshot({ path: `${process.env.SHOTS}/download-1280-id.png` });
  });
  await step('without a column there is nothing to download', async () => {
    await visit(desk, '/mutu/keluarga');
    await desk.locator('details.download summary').click();
    for (const box of await desk.locator('details.download input[type=checkbox]').all()) await box.uncheck();
    truth(await desk.locator('details.download').getByRole('button', { name: 'Unduh', exact: true }).isDisabled(), 'a file without columns is offered');
  });
  await step('the file of a person, with a reason that the log keeps', async () => {
    await visit(desk, `/keluarga/${households[0].id}`);
    const member = desk.locator('li', { has: desk.getByText(households[0].members[0].name, { exact: true }) }).first();
    await member.locator('summary').click();
    await member.getByRole('button', { name: 'Berkas orang ini' }).click();
    const get = member.getByRole('button', { name: 'Unduh', exact: true });
    await member.locator('textarea').fill('ab');
    truth(await get.isDisabled(), 'two letters are a reason');
    await member.locator('textarea').fill('Surat permintaan 24 November');
    if (process.env.SHOTS) await desk.screenshot({ path: `${process.env.SHOTS}/person-file-1280-id.png` });
    const file = await taken(desk, () => get.click());
    equal([file.name, JSON.parse(file.bytes).member_id], ['siti-aminah.json', households[0].members[0].id], 'file');
    await member.getByText('Berkas tersimpan di perangkat ini. Serahkan hanya kepada orangnya.').waitFor();
    equal((await maya.get(`/households/${households[0].id}/history`)).items.filter((item) => item.action === 'member.file').map((item) => item.reason), ['Surat permintaan 24 November'], 'log');
  });
  await step('who may not take persons out is offered neither', async () => {
    const officer = await open(browser, registry.base, { width: 360, language: 'id', faults });
    await signIn(officer, 'rina');
    await visit(officer, '/duplikat');
    await officer.locator('main section.card').first().waitFor();
    equal(await officer.locator('details.download').count(), 0, 'list');
    await visit(officer, `/keluarga/${households[1].id}`);
    await officer.locator('main summary').first().click();
    equal(await officer.getByRole('button', { name: 'Berkas orang ini' }).count(), 0, 'person');
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
