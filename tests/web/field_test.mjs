// field_test.mjs: what a day in the field asks of the browser: camera, place, voice, signature, paper, a lost server, and the keyboard alone.
import { mkdirSync } from 'node:fs';
import { startRegistry, fill, family, PASSWORD, totp } from './registry.mjs';
import { launch, open, signIn, visit, dress, look } from './browser.mjs';
import { makeSteps, truth, press, put } from './steps.mjs';

const faults = [];
const { step, end } = makeSteps(faults);
const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });
const shoot = (page, name) => shots && page.screenshot({ path: `${shots}/field-${name}.png`, fullPage: true });

const registry = await startRegistry(process.argv[2]);
const browser = await launch();
const openPhone = (rest) => open(browser, registry.base, { width: 360, language: 'id', faults, ...rest });
// Another phone of the same officer, already signed in.
const openAnother = async (page, rest) => openPhone({ storageState: await page.context().storageState(), ...rest });

// A picture as a camera gives it: wider than what is sent.
const picture = async (page) => Buffer.from(await page.evaluate(() => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1600, height: 900 });
  const paint = canvas.getContext('2d');
  paint.fillStyle = '#0d6b4c';
  paint.fillRect(200, 200, 900, 500);
  return canvas.toDataURL('image/jpeg', 0.7).split(',')[1];
}), 'base64');

async function draw(page) {
  const pad = page.locator('canvas.sign');
  await pad.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => !document.querySelector('canvas.sign + .button').disabled);
  const { x, y, width, height } = await pad.boundingBox();
  await page.mouse.move(x + 20, y + height / 2);
  await page.mouse.down();
  for (let i = 1; i <= 12; i++) await page.mouse.move(x + 20 + (i * (width - 40)) / 12, y + height / 2 + (i % 2 ? 30 : -30));
  await page.mouse.up();
}

const openLine = async (page) => {
  await page.getByRole('button', { name: /^Terima/ }).first().click();
  await page.locator('canvas.sign').waitFor();
};

// The picture of a receipt, read back from the server.
const stored = (page, alt) => page.locator(`img[alt="${alt}"]`).first().evaluate(async (image) => {
  image.closest('details').open = true;
  await image.decode();
  const answer = await fetch(image.src);
  return { width: image.naturalWidth, height: image.naturalHeight, type: answer.headers.get('content-type'), cache: answer.headers.get('cache-control') };
});

try {
  const data = await fill(registry.base);
  const phone = await openPhone();
  phone.setDefaultTimeout(30000);
  await signIn(phone, 'rina');
  const list = `/salur/${data.batches.released}`;

  await step('a photo is made small, sent with the receipt and shown again', async () => {
    await visit(phone, list);
    await openLine(phone);
    await phone.setInputFiles('[id="f/photo"]', { name: 'terima.jpg', mimeType: 'image/jpeg', buffer: await picture(phone) });
    await phone.locator('form img.photo').waitFor();
    await phone.locator('form button.main[type=submit]').last().click();
    await phone.locator('.note.good a').click();
    const photo = await stored(phone, 'Foto serah terima');
    truth(photo.width === 1280 && photo.height === 720 && photo.type === 'image/jpeg', JSON.stringify(photo));
    truth(/no-store|private/.test(photo.cache || ''), `cached as ${photo.cache}`);
  });
  await step('a file that is no picture is refused in plain words', async () => {
    await visit(phone, list);
    await openLine(phone);
    await phone.setInputFiles('[id="f/photo"]', { name: 'bukan.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('bukan gambar') });
    await phone.getByText(/Berkas ini bukan gambar/).waitFor();
    truth(await phone.locator('form img.photo').count() === 0, 'it is shown all the same');
  });
  await step('a signature is drawn, cleared, drawn again and kept with the receipt', async () => {
    await visit(phone, list);
    await openLine(phone);
    const warning = phone.locator('form > p.small.soft');
    truth(await warning.count() === 1, 'nothing warns that there is no proof');
    await draw(phone);
    truth(await warning.count() === 0, 'the warning stays beside a signature');
    await press(phone, 'Hapus tanda tangan');
    truth(await warning.count() === 1, 'cleared, and no warning');
    await draw(phone);
    await shoot(phone, 'signature');
    await phone.locator('form button.main[type=submit]').last().click();
    await phone.locator('.note.good a').click();
    const sign = await stored(phone, 'Tanda tangan');
    truth(sign.type === 'image/png' && sign.width > 200, JSON.stringify(sign));
  });
  await step('the place is taken with its accuracy and stands in the record', async () => {
    const page = await openAnother(phone, { geolocation: { latitude: -2.0833, longitude: 101.4667, accuracy: 12 }, permissions: ['geolocation'] });
    await visit(page, `/keluarga/${data.households[4].id}?ubah=place`);
    await press(page, 'Ambil titik GPS');
    await page.getByText('Titik diambil, ketelitian 12 m').waitFor();
    await press(page, 'Simpan');
    await page.waitForURL((url) => !url.search);
    const { location } = await data.rina.get(`/households/${data.households[4].id}`);
    truth(location?.lat === -2.0833 && location.lon === 101.4667 && location.accuracy_m === 12, JSON.stringify(location));
    await page.context().close();
  });
  await step('a refused place is told plainly and does not stand in the way', async () => {
    await visit(phone, `/keluarga/${data.households[5].id}?ubah=place`);
    await press(phone, 'Ambil titik GPS');
    await phone.getByText(/Peramban tidak mengizinkan lokasi/).waitFor();
    await put(phone, '/hamlet', 'Dusun Tengah');
    await press(phone, 'Simpan');
    await phone.waitForURL((url) => !url.search);
    await phone.getByText('Dusun Tengah').first().waitFor();
  });
  await step('an answer is read aloud in the language of the page, and falls silent when one leaves', async () => {
    const page = await openAnother(phone);
    await page.context().addInitScript(() => {
      const said = [];
      Object.defineProperty(window, 'speechSynthesis', { value: { said, hushed: 0, getVoices: () => [{ lang: 'en-US' }, { lang: 'id_ID' }], speak: (words) => said.push([words.lang, words.text]), cancel() { this.hushed++; } } });
    });
    await visit(page, `/cek/${data.program.id}?keluarga=${data.households[3].id}`);
    await press(page, 'Bacakan');
    const [[language, text]] = await page.evaluate(() => speechSynthesis.said);
    truth(language === 'id-ID' && text.includes('Muhammad Jufri') && text.includes('Keluarga Harapan Baru') && text.includes('umur kurang dari 7'), text);
    const before = await page.evaluate(() => speechSynthesis.hushed);
    await page.locator('a.back').click();
    await page.waitForURL(/keluarga/);
    truth(await page.evaluate(() => speechSynthesis.hushed) > before, 'it reads on after one has left');
    await page.context().close();
  });
  for (const [name, voices] of [['without a voice', null], ['without one voice', []], ['with English voices alone', ['en-US', 'en_GB']]])
    await step(`${name} there is no button for it on an Indonesian page`, async () => {
      const page = await openAnother(phone);
      await page.context().addInitScript((langs) => {
        delete window.speechSynthesis;
        if (langs) Object.defineProperty(window, 'speechSynthesis', { value: { getVoices: () => langs.map((lang) => ({ lang })), cancel() {} } });
      }, voices);
      await visit(page, `/cek/${data.program.id}?keluarga=${data.households[3].id}`);
      await page.getByRole('button', { name: 'Cetak' }).waitFor();
      truth(await page.getByRole('button', { name: 'Bacakan' }).count() === 0, 'a button that does nothing');
      await page.context().close();
    });
  await step('a voice that the device hands out later brings the button', async () => {
    const page = await openAnother(phone);
    await page.context().addInitScript(() => {
      const voices = [], late = new EventTarget();
      Object.defineProperty(window, 'speechSynthesis', { value: Object.assign(late, { voices, getVoices: () => voices, cancel() {} }) });
    });
    await visit(page, `/cek/${data.program.id}?keluarga=${data.households[3].id}`);
    await page.getByRole('button', { name: 'Cetak' }).waitFor();
    truth(await page.getByRole('button', { name: 'Bacakan' }).count() === 0, 'a button before there is a voice');
    await page.evaluate(() => { speechSynthesis.voices.push({ lang: 'in-ID' }); speechSynthesis.dispatchEvent(new Event('voiceschanged')); });
    await page.getByRole('button', { name: 'Bacakan' }).waitFor();
    await page.context().close();
  });
  await step('dark is chosen by a button and stays after a reload, and light again', async () => {
    const ground = () => phone.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await visit(phone, '/');
    const light = await ground();
    const turn = async () => { if (!await phone.locator('.menu[open]').count()) await phone.click('.menu > summary'); await phone.locator('.menu').getByRole('button', { name: 'Tampilan gelap' }).click(); };
    await turn();
    const dark = await ground();
    truth(light !== dark, 'the colours do not change');
    await visit(phone, '/cari');
    truth(await ground() === dark, 'the choice is forgotten');
    await phone.emulateMedia({ media: 'print' });
    truth(await ground() !== dark, 'it prints on black');
    await phone.emulateMedia({ media: 'screen' });
    await turn();
    await dress(phone, { width: 360, scheme: 'dark' });
    truth(await ground() === light, 'the device overrules the person');
    await dress(phone, { width: 360, scheme: 'light' });
  });
  await step('the menu of a phone names the person, closes with Escape and with the next page, and leads to the account', async () => {
    await visit(phone, '/');
    const open = phone.locator('.menu[open]');
    await phone.click('.menu > summary');
    await phone.getByText('Rina Marlina').first().waitFor();
    await phone.keyboard.press('Escape');
    truth(await open.count() === 0 && await phone.evaluate(() => document.activeElement.tagName) === 'SUMMARY', 'Escape');
    await phone.click('.menu > summary');
    await phone.locator('main h1').click({ position: { x: 5, y: 5 } });
    truth(await open.count() === 0, 'it stays open beside the page');
    await phone.click('.menu > summary');
    await phone.locator('.menu').getByRole('link', { name: 'Akun' }).click();
    await phone.waitForURL(/akun/);
    truth(await open.count() === 0, 'it stays open on the next page');
    for (const width of [320, 360]) {
      await dress(phone, { width, scheme: 'light' });
      await look(phone, `/akun at ${width}`, faults);
    }
  });
  await step('a draft survives a closed tab and is found at home', async () => {
    const tab = await phone.context().newPage();
    await tab.goto(`${registry.base}/keluarga/baru`);
    await tab.fill('[id="f/hamlet"]', 'Dusun Simpan');
    await tab.getByText(/[Tt]ersimpan/).first().waitFor();
    await tab.close();
    await visit(phone, '/');
    await phone.getByText('Lanjutkan pendaftaran').first().click();
    await phone.waitForSelector('[id="f/hamlet"]');
    truth(await phone.inputValue('[id="f/hamlet"]') === 'Dusun Simpan', 'what was typed is gone');
  });
  await step('the server is gone: it is said, what was typed stays, and goes through when it is back', async () => {
    await visit(phone, `/keluarga/${data.households[6].id}?ubah=place`);
    await put(phone, '/address', 'Jalan Kembali 7');
    phone.expected.add('ERR_');
    await registry.pause();
    try {
      await press(phone, 'Simpan');
      await phone.locator('.offline b').waitFor();
      await phone.getByText(/Server tidak terjangkau/).first().waitFor();
      await shoot(phone, 'offline');
      truth(await phone.inputValue('[id="f/address"]') === 'Jalan Kembali 7', 'the field was emptied');
    } finally {
      await registry.resume();
    }
    await phone.waitForFunction(() => !document.querySelector('.offline b'), null, { timeout: 30000 });
    await press(phone, 'Simpan');
    await phone.waitForURL((url) => !url.search);
    await phone.getByText('Jalan Kembali 7').first().waitFor();
    phone.expected.delete('ERR_');
  });
  const onPaper = async (paper, width) => {
    await dress(phone, { width, scheme: 'light' });
    await shoot(phone, `paper-${paper}`);
    const seen = await phone.evaluate(() => ({
      screen: [...document.querySelectorAll('.top, .tabs, .side, .button, .back')].filter((part) => part.getClientRects().length).length,
      tables: document.querySelectorAll('table').length, groups: [...document.querySelectorAll('tr.group')].every((row) => /RT/.test(row.innerText)) && document.querySelectorAll('tr.group').length > 1,
      whole: [...document.querySelectorAll('.reference')].every((text) => text.getClientRects().length === 1),
      rows: [...document.querySelectorAll('tbody tr')].every((row) => getComputedStyle(row).display === 'table-row'),
      heads: [...document.querySelectorAll('thead')].every((head) => getComputedStyle(head).display === 'table-header-group'),
      boxes: [...document.querySelectorAll('td.signature')].map((cell) => cell.getBoundingClientRect()).every(({ width: wide, height }) => wide >= 90 && height >= 30),
      count: document.querySelectorAll('tbody tr:not(.group)').length, signers: getComputedStyle(document.querySelector('.signers')).display,
      hidden: [...document.querySelectorAll('td, th')].filter((cell) => cell.scrollWidth > cell.clientWidth + 1).length, wide: document.documentElement.scrollWidth - innerWidth,
    }));
    truth(seen.screen === 0 && seen.tables === 1 && seen.groups && seen.whole && seen.rows && seen.heads && seen.boxes && seen.count === 8 && seen.signers === 'flex' && seen.hidden === 0 && seen.wide <= 0, `${paper}: ${JSON.stringify(seen)}`);
  };
  await step('the list on paper: one row a family, a box to sign, nothing of the screen', async () => {
    await visit(phone, `${list}/cetak`);
    try {
      await phone.emulateMedia({ media: 'print' });
      for (const [paper, width] of [['a4', 718], ['a5', 483]]) await onPaper(paper, width);
    } finally {
      await phone.emulateMedia({ media: 'screen' });
    }
    await dress(phone, { width: 360, scheme: 'light' });
  });
  await step('the keyboard alone: sign in, skip, search, open a household', async () => {
    const page = await open(browser, registry.base, { width: 1280, language: 'id', faults });
    const tabTo = async (wanted) => {
      for (let i = 0; i < 30; i++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => document.activeElement !== document.body && ({ id: document.activeElement.id, text: document.activeElement.innerText, type: document.activeElement.type, ring: getComputedStyle(document.activeElement).outlineStyle }));
        if (!at) continue; // once around
        truth(at.ring !== 'none', `no ring around ${at.id || at.text}`);
        if (wanted(at)) return;
      }
      throw new Error('the keyboard does not get there');
    };
    await page.goto(`${registry.base}/masuk`);
    await page.waitForSelector('[id="f/username"]');
    for (const [id, text] of [['f/username', 'rina'], ['f/password', PASSWORD], ['f/totp', await totp('rina')]]) { await tabTo((at) => at.id === id); await page.keyboard.type(text); }
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/');
    await page.getByRole('searchbox').waitFor();
    await page.evaluate(() => document.activeElement.blur());
    await tabTo((at) => at.text === 'Lompat ke isi');
    await page.keyboard.press('Enter');
    truth(await page.evaluate(() => document.activeElement.id) === 'main', 'the skip link leads nowhere');
    await tabTo((at) => at.type === 'search');
    await page.keyboard.type('siti aminah');
    await page.keyboard.press('Enter');
    await page.getByText('Siti Aminah').first().waitFor();
    await tabTo((at) => /Siti Aminah/.test(at.text));
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/keluarga\//);
    await page.context().close();
  });
  await step('an enrollment from its proposal to its end, checked again on the way', async () => {
    const { rina } = data;
    const made = await rina.post('/households', family(9));
    await visit(phone, `/cek/${data.program.id}?keluarga=${made.id}`);
    await press(phone, 'Usulkan');
    await phone.getByText('diusulkan').first().waitFor();
    const desk = await open(browser, registry.base, { width: 1280, language: 'id', faults });
    desk.setDefaultTimeout(30000);
    await signIn(desk, 'maya');
    const row = desk.locator('main li', { hasText: 'Zulkifli' });
    const pressInRow = async (name) => {
      const button = row.getByRole('button', { name, exact: true });
      if (!await button.count()) await row.getByRole('button', { name: 'Tindakan', exact: true }).click();
      await button.click();
    };
    const act = async (name, state) => {
      await pressInRow(name);
      await desk.fill('#confirm-reason', `Alasan: ${name}`);
      await desk.locator('form.confirm button[type=submit]').click();
      await row.locator('.state', { hasText: state }).first().waitFor();
    };
    await visit(desk, `/kepesertaan?program=${data.program.id}&state=proposed`);
    await act('Terima', 'peserta');
    await act('Periksa ulang', 'peserta');
    await row.getByText('Hasil periksa ulang').waitFor();
    await row.getByText(/umur kurang dari 7/).first().waitFor();
    await act('Tangguhkan', 'ditangguhkan');
    await act('Lanjutkan', 'peserta');
    await pressInRow('Keluarkan');
    await desk.selectOption('[id="f/code"]', 'moved');
    await desk.locator('form.confirm button[type=submit]').click();
    await row.locator('.state', { hasText: 'keluar' }).first().waitFor();
    const [enrollment] = (await rina.get(`/households/${made.id}/enrollments`)).items;
    truth(enrollment.state === 'exited', enrollment.state);
    await desk.context().close();
  });
  await step('a member moves to a household that is found by name, told first what it touches', async () => {
    const [from, to] = [data.households[0], data.households[1]];
    await visit(phone, `/keluarga/${from.id}`);
    await phone.locator('details', { hasText: 'Pindah rumah tangga' }).first().evaluate((part) => { part.open = true; });
    await phone.getByRole('link', { name: /^Pindah rumah tangga Anak 1/ }).click();
    const find = async (name) => { await phone.fill('[id="f/q"]', name); await press(phone, 'Cari'); await phone.locator('li', { hasText: name }).getByRole('button', { name: 'Pilih' }).first().click(); };
    await find('Siti Aminah');
    await phone.getByText('Itu rumah tangga yang sekarang').waitFor();
    await find('Darman Saputra');
    await phone.locator('.touch li', { hasText: 'Keluarga Harapan Baru' }).getByText('dinilai lagi').waitFor();
    await shoot(phone, 'move');
    await press(phone, 'Pindahkan');
    await phone.waitForURL((url) => !url.search);
    await phone.getByText('Anggota (1)').waitFor();
    truth((await data.rina.get(`/households/${to.id}`)).members.length === 3, 'nobody arrived');
  });
  await step('a household is split: people, place and enrollment go where it was said', async () => {
    const house = data.households[1];
    await visit(phone, `/keluarga/${house.id}`);
    await phone.getByRole('link', { name: 'Pecah rumah tangga' }).click();
    await phone.locator('label.choice', { hasText: 'Anak 2' }).click();
    await phone.getByText('Anak 2 menjadi kepala rumah tangga yang baru').waitFor();
    truth(await phone.locator('label.choice', { hasText: 'Darman Saputra' }).count() === 0, 'the head may be taken away');
    await phone.locator('label.choice', { hasText: 'Ikut pindah' }).click();
    await shoot(phone, 'split');
    await put(phone, '/rt', '007');
    await phone.locator('form button.main[type=submit]').click();
    await phone.getByRole('link', { name: 'Buka rumah tangga baru' }).click();
    await phone.getByText('RT 007').first().waitFor();
    await phone.locator('main li', { hasText: 'Keluarga Harapan Baru' }).locator('.state', { hasText: 'peserta' }).first().waitFor();
    truth((await data.rina.get(`/households/${house.id}/enrollments`)).items.length === 0, 'the enrollment stayed');
  });
  await step('a page says whom to name when the payee has died, and what to do when nobody is left', async () => {
    const [alone, house] = [data.households[0], data.households[2]], adult = { name: 'Paman Rahmat', id_reason: 'no_card', sex: 'M', birth_date: '1980-04-02', relationship: 'other_family' };
    const version = (id) => data.rina.get(`/households/${id}`).then((read) => read.version);
    const dies = async (id, member) => data.rina.post(`/members/${member}/death`, { on: new Date(Date.now() + 9 * 3600000).toISOString().slice(0, 10) }, { 'If-Match': `"${await version(id)}"` });
    const { members } = await data.rina.post(`/households/${house.id}/members`, adult, { 'If-Match': `"${await version(house.id)}"` });
    const uncle = members.find((member) => member.name === adult.name).id;
    await data.rina.call('PATCH', `/households/${house.id}`, { payee: { member_id: uncle } }, { 'If-Match': `"${await version(house.id)}"` });
    await visit(phone, `/keluarga/${house.id}`);
    await phone.getByText('Paman Rahmat').first().waitFor();
    truth(await phone.getByText(/tunjuk penerima lain/).count() === 0, 'a warning before anything happened');
    await dies(house.id, uncle);
    await visit(phone, `/keluarga/${house.id}`);
    await phone.getByText(/sudah meninggal; tunjuk penerima lain/).waitFor();
    await shoot(phone, 'payee-died');
    await dies(alone.id, alone.members[0].id);
    await visit(phone, `/keluarga/${alone.id}`);
    await phone.getByText(/Tidak ada anggota lagi/).waitFor();
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
