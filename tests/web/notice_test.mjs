// notice_test.mjs: a manager writes and publishes a notice; an officer reads it to a family in its own language, right to left, and asks again who was spoken for.
import { startRegistry, fill, Client } from './registry.mjs';
import { launch, open, signIn, visit, look } from './browser.mjs';
import { makeSteps, truth, equal, press, put } from './steps.mjs';

const faults = [];
const { step, end } = makeSteps(faults);
const registry = await startRegistry(process.argv[2]);
const browser = await launch();
const ARABIC = 'كامي منچاتت داتا اندا.';
try {
  const { households } = await fill(registry.base);
  const maya = await new Client(registry.base).signIn('maya'), house = households[3];
  await maya.post(`/households/${house.id}/members`, { name: 'Rosmini', id_reason: 'no_card', sex: 'F', birth_date: '1990-03-04', relationship: 'sibling', consent: 'by_head' });
  await maya.post(`/households/${house.id}/members`, { name: 'Darwis', id_reason: 'no_card', sex: 'M', birth_date: '1991-03-04', relationship: 'sibling', consent: 'own' });
  const desk = await open(browser, registry.base, { width: 1280, language: 'id', faults }), phone = await open(browser, registry.base, { width: 360, language: 'id', faults });
  for (const page of [desk, phone]) page.setDefaultTimeout(10000);
  await signIn(desk, 'maya');
  await signIn(phone, 'rina');

  await step('a draft starts from the text in use; a language that is none is refused at its field', async () => {
    desk.expected.add(422);
    await visit(desk, '/pemberitahuan');
    await desk.getByText('Bawaan Lumbung').waitFor();
    await desk.getByRole('link', { name: 'Tulis versi baru' }).click();
    await desk.waitForSelector('[id="f/version"]');
    equal([await desk.inputValue('[id="f/version"]'), await desk.inputValue('[id="f/texts/1/language"]')], ['2', 'id'], 'what it starts from');
    await press(desk, '+ Tambah bahasa');
    await put(desk, '/texts/2/language', 'bahasa melayu');
    await put(desk, '/texts/2/title', 'داتا اندا');
    await put(desk, '/texts/2/text', `${ARABIC}\n\nاندا بوليه منولق.`);
    await press(desk, 'Simpan rancangan');
    await desk.locator('.field.faulty', { has: desk.locator('[id="f/texts/2/language"]') }).locator('.fault', { hasText: 'BCP 47' }).waitFor();
    await put(desk, '/texts/2/language', 'ms-arab');
    await press(desk, 'Simpan rancangan');
    await desk.getByText('Rancangan: belum dibacakan kepada siapa pun.').waitFor();
    desk.expected.delete(422);
  });
  await step('publishing says what it does, and leaves nothing to change', async () => {
    await press(desk, 'Terbitkan');
    await desk.getByText(/Teksnya tidak dapat diubah atau ditarik lagi/).waitFor();
    equal((await maya.get('/consent-notices/2')).state, 'draft', 'before it is confirmed');
    await desk.locator('form.confirm button.main').click();
    await desk.getByText('dipakai sekarang').waitFor();
    equal(await desk.getByRole('link', { name: 'Ubah rancangan' }).count() + await desk.getByRole('button', { name: 'Terbitkan' }).count(), 0, 'acts on a published notice');
    equal((await maya.get('/consent-notices')).items.map((notice) => notice.asked), [false, true], 'which is asked');
  });
  await step('the officer reads the newest in the family\'s language, right to left, with a photo of the paper', async () => {
    await visit(phone, `/keluarga/${house.id}?ubah=consent`);
    await phone.getByText('Versi 2.').waitFor();
    await phone.selectOption('[id="f/language"]', 'ms-Arab');
    await phone.getByText(ARABIC).waitFor();
    equal(await phone.locator('.notice-text').evaluate((box) => [box.lang, getComputedStyle(box).direction]), ['ms-Arab', 'rtl'], 'language and direction');
    truth(await phone.locator('.notice-text').evaluate((box) => parseFloat(getComputedStyle(box).fontSize)) >= 18, 'the text is small');
    await put(phone, '/given_by', 'Muhammad Jufri');
    await phone.selectOption('[id="f/capacity"]', 'guardian');
    const picture = await phone.screenshot({ clip: { x: 0, y: 0, width: 40, height: 40 } });
    await phone.setInputFiles('[id="f/proof"]', { name: 'kertas.png', mimeType: 'image/png', buffer: picture });
    await phone.locator('img.photo').waitFor();
    await look(phone, 'the consent form', faults);
    await press(phone, 'Simpan');
    await phone.waitForURL(/keluarga\/[0-9a-f-]+$/);
    const given = (await maya.get(`/households/${house.id}`)).consents.at(-1);
    equal([given.notice_version, given.language, given.given_by, given.capacity, Boolean(given.proof)], ['2', 'ms-Arab', 'Muhammad Jufri', 'guardian', true], 'what was recorded');
  });
  await step('the card of consents opens the text that was read, and the proof', async () => {
    await phone.getByText('Pemberitahuan versi 2, Melayu (Arab)').click();
    await phone.getByText(ARABIC).waitFor();
    await phone.locator('summary', { hasText: 'Foto bukti' }).click();
    await phone.locator('img.photo').waitFor();
    await look(phone, 'the card of consents', faults);
  });
  await step('who was spoken for by the head is named, and no more once he answered himself', async () => {
    const note = phone.locator('.note', { hasText: 'Tanyakan persetujuan lagi' });
    equal(await note.locator('li').allInnerTexts(), ['Rosmini: persetujuan diberikan oleh kepala keluarga'], 'whom to ask');
    await note.getByRole('link', { name: 'Rosmini' }).click();
    await phone.locator('select[id$="/consent"]').selectOption('own');
    await press(phone, 'Simpan');
    await phone.getByRole('heading', { name: 'Muhammad Jufri' }).waitFor();
    await phone.getByText('Pemberitahuan versi 2, Melayu (Arab)').waitFor();
    equal(await note.count(), 0, 'the note');
  });
  await step('where the law is the basis the page says that a person decides, and until when', async () => {
    const form = { ...house, consent: { notice_version: '2', language: 'id', basis: 'public_task', given_by: 'Ani' } };
    const other = await maya.post('/households', { region: form.region, consent: form.consent, members: [{ name: 'Ani Rahayu', id_reason: 'no_card', sex: 'F', birth_date: '1980-02-03', relationship: 'head' }] });
    await visit(phone, `/keluarga/${other.id}?ubah=withdraw&izin=${other.consents[0].id}`);
    await phone.getByText(/Orang lain memutuskannya dalam 3 × 24 jam/).waitFor();
    await phone.fill('#confirm-reason', 'tidak mau didata');
    await press(phone, 'Tarik');
    await phone.getByText(/Diputuskan paling lambat/).waitFor();
    await look(phone, 'an objection on the card', faults);
    await visit(phone, `/keluarga/${house.id}?ubah=withdraw&izin=${(await maya.get(`/households/${house.id}`)).consents.at(-1).id}`);
    await phone.getByText(/kepesertaan baru tidak dapat dibuat/).waitFor();
  });
  await step('without a line the text that was read last is shown', async () => {
    await visit(phone, '/keluarga/baru');
    await phone.waitForSelector('[id="f/region-1"]');
    await phone.context().setOffline(true);
    await phone.evaluate(() => { history.pushState({}, '', `${location.pathname}${location.search}&langkah=consent`); dispatchEvent(new PopStateEvent('popstate')); });
    await phone.getByText('Versi 2.').waitFor();
    await phone.context().setOffline(false);
    faults.length = 0;
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
