// story_test.mjs: the story clicked through by the people in it: register on a phone, reload without loss, plan, approve what one sees, hand out, prove.
import { startRegistry, fill, totp } from './registry.mjs';
import { launch, open, signIn, visit } from './browser.mjs';
import { makeSteps, truth, press, put, putDate } from './steps.mjs';

const faults = [];
const { step, end } = makeSteps(faults);

const registry = await startRegistry(process.argv[2]);
const browser = await launch();
try {
  const data = await fill(registry.base);
  const phone = await open(browser, registry.base, { width: 360, language: 'id', faults }), desk = await open(browser, registry.base, { width: 1280, language: 'id', faults });
  for (const page of [phone, desk]) page.setDefaultTimeout(30000);

  await step('a wrong password is told without saying which part was wrong', async () => {
    phone.expected.add(401);
    await phone.goto(`${registry.base}/masuk`);
    await phone.fill('[id="f/username"]', 'rina');
    await phone.fill('[id="f/password"]', 'salah sekali ini');
    await phone.click('button[type=submit]');
    await phone.waitForSelector('.note.bad');
    phone.expected.delete(401);
  });
  await step('the officer signs in on a phone and searches first', async () => {
    await signIn(phone, 'rina');
    await phone.fill('input[type=search]', 'sitti aminah');
    await press(phone, 'Cari');
    await phone.waitForURL(/\/cari/);
    await phone.getByText('Siti Aminah').first().waitFor();
    truth(!phone.url().includes('aminah'), 'a name stands in the address');
  });
  await step('registration: place and consent, then a reload loses nothing', async () => {
    await visit(phone, '/keluarga/baru');
    await phone.selectOption('[id="f/region-1"]', { label: 'Danau Kerinci' });
    await phone.selectOption('[id="f/region-2"]', { label: 'Tanjung Tanah' });
    await put(phone, '/hamlet', 'Dusun Baru');
    await press(phone, 'Lanjut');
    await put(phone, '/consent/given_by', 'Marni');
    await press(phone, 'Lanjut');
    await put(phone, '/members/0/name', 'Marni Wulandari');
    await phone.waitForTimeout(1200);
    await phone.reload();
    await phone.waitForSelector('[id="f/members/0/name"]');
    truth(await phone.inputValue('[id="f/members/0/name"]') === 'Marni Wulandari', 'the draft is gone');
  });
  await step('the NIK is read as it is typed; the form goes on to check and sends', async () => {
    await phone.fill('[id="f/members/0/nik"]', '1501014103920007');
    await phone.getByText(/1 Maret 1992/).first().waitFor();
    await phone.locator('[id="f/members/0/sex"]').check().catch(() => phone.selectOption('[id="f/members/0/sex"]', 'F'));
    await putDate(phone, '/members/0/birth_date', ['1', '3', '1992']);
    for (let i = 0; i < 3; i++) await press(phone, 'Lanjut');
    await phone.locator('main button.main').last().click();
    await phone.getByText(/terdaftar|Terdaftar/).first().waitFor();
  });
  await step('the questionnaire opens for the family and keeps the answers', async () => {
    await visit(phone, `/kuesioner/${data.households[2].id}`);
    await press(phone, 'Lanjut');
    await phone.locator('input[type=radio]').first().check();
    await press(phone, 'Lanjut');
  });
  await step('eligibility tells why in plain words', async () => {
    await visit(phone, `/cek/${data.program.id}?keluarga=${data.households[3].id}`);
    await phone.getByText(/umur kurang dari 7/).first().waitFor();
    await phone.getByText('Rp750.000').first().waitFor();
  });
  await step('the manager locks and submits a batch by its buttons', async () => {
    await signIn(desk, 'maya');
    await visit(desk, `/daftar-bayar/${data.batches.draft}`);
    await press(desk, 'Kunci');
    await desk.locator('form.confirm button[type=submit]').click();
    await press(desk, 'Ajukan');
    await desk.locator('form.confirm button[type=submit]').click();
    await desk.getByText('menunggu persetujuan').first().waitFor();
    truth(await desk.getByRole('link', { name: 'Setujui', exact: true }).count() === 0, 'the maker is offered to approve');
  });
  await step('the approver reads the amount in words and approves in place', async () => {
    await desk.goto(`${registry.base}/`);
    await press(desk, 'Keluar');
    await desk.waitForURL(/masuk/);
    await signIn(desk, 'hendra');
    await visit(desk, '/menunggu');
    await desk.locator('main table a').last().click();
    await desk.getByText('enam juta rupiah').first().waitFor();
    await desk.getByText('Anak 0–6 tahun: Rp750.000').first().waitFor();
    truth(!/anak[_ ]0/.test(await desk.innerText('main')), 'a component shows as its code');
    if (await desk.locator('[id="f/totp"]').count()) await desk.fill('[id="f/totp"]', await totp('hendra'));
    await press(desk, 'Setujui daftar ini');
    await press(desk, 'Cairkan');
    await desk.locator('form.confirm button[type=submit]').click();
    await desk.getByText('dicairkan').first().waitFor();
  });
  await step('the officer hands out: a receipt, and the bar moves', async () => {
    await visit(phone, `/salur/${data.batches.released}`);
    await phone.getByRole('button', { name: /Terima/ }).first().click();
    await phone.locator('form button[type=submit]').first().waitFor();
    const radios = phone.locator('form input[type=radio]');
    truth(await radios.count() > 0, 'no choices in the receipt');
    await phone.locator('form button.main[type=submit]').last().click();
    await phone.getByText(/2 (dari|diterima)/).first().waitFor();
  });
  await step('whoever released a batch is not offered to close it; another approver reads what is given back, says why, and sees it closed', async () => {
    await visit(desk, `/daftar-bayar/${data.batches.released}`);
    const close = desk.getByRole('button', { name: 'Tutup dan kembalikan sisanya', exact: true });
    truth(await close.count() === 0, 'the releaser is offered to close');
    await press(desk, 'Keluar');
    await desk.waitForURL(/masuk/);
    await signIn(desk, 'tuti');
    await visit(desk, `/daftar-bayar/${data.batches.released}`);
    await close.first().click();
    await desk.getByText('6 baris masih terbuka: Rp4.500.000 kembali ke program.').waitFor();
    await desk.locator('form.confirm button[type=submit]').click();
    truth(await desk.locator('form.confirm textarea:invalid').count() === 1, 'no reason was asked');
    await desk.fill('form.confirm textarea', 'Batas pengambilan sudah lewat');
    await desk.locator('form.confirm button[type=submit]').click();
    await desk.getByText('Sisa daftar dikembalikan ke program (6 baris)').waitFor();
    await desk.locator('.page-head .state', { hasText: 'selesai' }).waitFor();
    await press(desk, 'Tutup');
    truth(await close.count() === 0, 'a closed batch is offered to be closed');
  });
  await step('the auditor proves an entry of the log in the browser', async () => {
    await press(desk, 'Keluar');
    await desk.waitForURL(/masuk/);
    await signIn(desk, 'audi');
    await visit(desk, '/audit');
    await press(desk, 'Periksa tanda tangan');
    await desk.locator('.state.good, .state.warn').first().waitFor();
    await desk.getByRole('button', { name: /^Buktikan/ }).first().click();
    await desk.getByText(/terbukti ada dalam catatan audit/).waitFor();
  });
  await step('the keyboard alone reaches the main act, and the skip link works', async () => {
    await visit(desk, '/');
    await desk.keyboard.press('Tab');
    truth(await desk.evaluate(() => ['A', 'BUTTON', 'INPUT'].includes(document.activeElement.tagName)), 'nothing takes the focus');
  });
  await step('nothing personal is kept in localStorage', async () => {
    const kept = await phone.evaluate(() => JSON.stringify(localStorage));
    truth(!/Marni|Siti|1501/.test(kept), kept);
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
