// duplicate_test.mjs: the desk of duplicates with a dozen cases of each kind and long names: what is shared is said once, one kind at a time, the place is kept.
import { startRegistry, Client, family } from './registry.mjs';
import { launch, open, signIn, visit, look, axe } from './browser.mjs';
import { equal, makeSteps, truth } from './steps.mjs';

const LONG = ['Raden Ayu Siti Nurhaliza Kusumaningrum Wirahadikusumah', 'Muhammad Abdurrahman Wahid Al-Hafizh bin Haji Zainuddin', 'Ni Luh Putu Ayu Kadek Sri Rahayu Dewi Anggraini', 'Andi'];
const CASES = 12;
const faults = [];
const { step, end } = makeSteps(faults);

const registry = await startRegistry(process.argv[2]);
const browser = await launch();
try {
  const maya = await new Client(registry.base).signIn('maya');
  const two = (n) => String(n + 10);
  const register = async (i, village, changes, household = {}) => {
    const one = { ...family(i, village), ...household };
    one.members = [{ name: `${LONG[i % 4]} ${String.fromCharCode(65 + i % 26)}u${'aeiou'[i % 5]}no`, id_reason: 'no_card', sex: 'M', birth_date: `19${two(i % 80)}-03-11`, relationship: 'head', ...changes }];
    return maya.post('/households', one);
  };
  for (let i = 0; i < CASES; i++) {
    const nik = { id_reason: undefined, nik: `150101${two(i)}0190${String(i + 1).padStart(4, '0')}`, birth_date: `1990-01-${two(i)}` };
    await register(i, '15.01.01.2001', nik);
    await register(i + 1, '15.01.01.2002', nik);
    for (const household of [{ kk_number: `15010112101000${two(i)}` }, { phone: `0812345678${two(i)}` }]) {
      await register(20 + i, '15.01.01.2001', { name: `${LONG[i % 4]} ${household.phone ? 'Per' : 'Kar'}${'aeiou'[i % 5]}${i}`.replace(/\d+/, 'abcdefghijkl'[i]), birth_date: `1950-0${1 + i % 9}-01` }, household);
      await register(40 + i, '15.01.01.2002', { name: `${LONG[(i + 2) % 4]} ${household.phone ? 'Tel' : 'Sut'}${'aeiou'[i % 5]}${i}`.replace(/\d+/, 'abcdefghijkl'[i]), birth_date: `1940-0${1 + i % 9}-02` }, household);
    }
    const name = { name: `${LONG[i % 4]} Z${'abcdefghijkl'[i]}hra`, birth_date: `1965-0${1 + i % 9}-2${i % 9}` };
    await register(60 + i, '15.01.01.2001', name);
    await register(80 + i, '15.01.01.2002', name);
  }
  const openCases = async (kind) => (await maya.get(`/duplicates?limit=200${kind ? `&kind=${kind}` : ''}`)).items;

  const phone = await open(browser, registry.base, { width: 360, language: 'id', faults }), desk = await open(browser, registry.base, { width: 1280, language: 'id', faults });
  await signIn(phone, 'maya');
  await signIn(desk, 'rina');
  const cards = (page) => page.locator('main section.card');
  await step('one kind at a time, for whoever may see all and for whoever sees his own area', async () => {
    const all = await openCases();
    const rina = await new Client(registry.base).signIn('rina');
    for (const kind of ['nik', 'kk', 'phone', 'name']) {
      const some = await openCases(kind);
      truth(some.length >= CASES && some.every((item) => item.kind === kind), `${kind}: ${some.length}`);
      equal(some.length, all.filter((item) => item.kind === kind).length, kind);
      equal((await rina.get(`/duplicates?limit=200&kind=${kind}`)).items.map(({ id }) => id).sort(), some.map(({ id }) => id).sort(), `${kind} of an area`);
      const pages = [];
      for (let next = ''; next !== null;) { const page = await rina.get(`/duplicates?limit=5&kind=${kind}${next ? `&after=${next}` : ''}`); pages.push(...page.items.map(({ id }) => id)); next = page.next ?? null; }
      equal(pages.sort(), some.map(({ id }) => id).sort(), `${kind} page by page`);
    }
    equal((await maya.get('/duplicates?kind=nickname')).items, [], 'an unknown kind');
  });
  await step('on a phone a case with long names stays short, and what both share is said once', async () => {
    for (const kind of ['nik', 'kk', 'phone', 'name']) {
      await visit(phone, `/duplikat?jenis=${kind}`);
      equal(await look(phone, `/duplikat?jenis=${kind}`, faults), [], 'raw keys');
      const heights = (await cards(phone).evaluateAll((found) => found.map((card) => card.getBoundingClientRect().height))).sort((a, b) => a - b);
      truth(heights.length >= CASES && heights[heights.length >> 1] < 450, `${kind}: ${heights.length} cards, median ${heights[heights.length >> 1]}`);
      await axe(phone, `/duplikat?jenis=${kind}`, faults);
    }
    await visit(phone, '/duplikat?jenis=nik');
    await phone.getByText(/Juga sama: \d+ Januari 1990 · Laki-laki/).first().waitFor();
    await visit(phone, '/duplikat?jenis=phone');
    await phone.getByRole('button', { name: 'Rumah tangga sama' }).first().waitFor();
  });
  await step('a decision leaves the list where it was and says what was decided', async () => {
    await visit(desk, '/duplikat?jenis=name');
    const card = cards(desk).nth(3), before = (await openCases('name')).length;
    await card.getByRole('button', { name: 'Orang berbeda' }).click();
    await desk.fill('#confirm-reason', 'Sudah didatangi: dua orang');
    await desk.locator('form.confirm button[type=submit]').click();
    await desk.locator('.note.good', { hasText: 'Orang berbeda' }).waitFor();
    equal((await openCases('name')).length, before - 1, 'open cases');
    truth(await cards(desk).count() >= CASES - 1, 'the list was begun anew');
  });
  // The same woman, registered by two people in two villages.
  const twice = async (letter) => {
    const head = { name: `Halimah ${letter}ningsih`, nik: `15010145058787${letter.charCodeAt(0)}`, sex: 'F', relationship: 'head' };
    const child = (name) => ({ name: `${name} ${letter}`, id_reason: 'no_card', sex: 'M', birth_date: '2015-03-04', relationship: 'child' });
    const one = await maya.post('/households', { ...family(1, '15.01.01.2001'), address: 'Jalan Lama 1', phone: `08129000${letter.charCodeAt(0)}1`, housing: { floor: 'earth', wall: 'wood' }, members: [{ ...head, birth_date: '1987-05-05' }, child('Anak Sulung')] });
    const other = await maya.post('/households', { ...family(2, '15.01.01.2002'), address: 'Jalan Baru 9', phone: `08129000${letter.charCodeAt(0)}2`, housing: { floor: 'tile', wall: 'wood', water: 'pump' }, members: [{ ...head, birth_date: '1988-06-06' }, child('Anak Sulung'), child('Anak Bungsu')] });
    return { one, other };
  };
  const cardOf = (page, name) => cards(page).filter({ hasText: name }).first();
  const choice = (page, legend, at) => page.locator('form.confirm fieldset', { has: page.locator('legend', { hasText: new RegExp(`^${legend}`) }) }).locator('input').nth(at);
  for (const [letter, width, language, words] of [['Wulan', 360, 'id', { same: 'Orang yang sama', address: 'Alamat', birth: 'Tanggal lahir', floor: 'Lantai', act: 'Gabungkan', who: 'Anak Bungsu Wulan adalah' }], ['Ratih', 1280, 'en', { same: 'The same person', address: 'Address', birth: 'Birth date', floor: 'Floor', act: 'Merge', who: 'Anak Bungsu Ratih is' }]])
    await step(`one family registered twice, field by field, at ${width} px (${language})`, async () => {
      const { one, other } = await twice(letter), page = await open(browser, registry.base, { width, language, faults });
      await signIn(page, 'maya');
      await visit(page, '/duplikat?jenis=nik');
      const card = cardOf(page, `Halimah ${letter}ningsih`);
      await card.getByRole('button', { name: words.same }).click();
      await page.locator('.combine').waitFor();
      equal(await page.locator('.combine fieldset legend', { hasText: /^NIK/ }).count(), 0, 'an equal number is asked for');
      equal(await look(page, `/duplikat gabung ${language}`, faults), [], 'raw keys');
      await axe(page, `/duplikat gabung ${language}`, faults);
      if (process.env.SHOTS) await page.locator('form.confirm').screenshot({ path: `${process.env.SHOTS}/merge-${width}-${language}.png` });
      await choice(page, words.address, 1).check();
      await choice(page, words.birth, 1).check();
      await page.getByLabel(words.who).waitFor();
      await page.fill('#confirm-reason', 'Satu keluarga, terdaftar dua kali');
      await page.locator('form.confirm').getByRole('button', { name: words.act, exact: true }).click();
      await page.locator('form.confirm').waitFor({ state: 'detached' });
      const now = await maya.get(`/households/${one.id}`);
      equal([now.address, now.region, now.housing, now.members.map((member) => [member.name, member.birth_date])],
        ['Jalan Baru 9', '15.01.01.2001', { floor: 'earth', wall: 'wood', water: 'pump' }, [[`Halimah ${letter}ningsih`, '1988-06-06'], [`Anak Sulung ${letter}`, '2015-03-04'], [`Anak Bungsu ${letter}`, '2015-03-04']]], 'what was chosen');
      await visit(page, `/keluarga/${one.id}`);
      await page.locator('.history .fact', { hasText: words.floor === 'Floor' ? 'not kept' : 'tidak dipakai' }).first().waitFor({ timeout: 5000 }).catch(() => faults.push('the history does not say what was given up'));
      equal((await maya.get(`/households/${other.id}`)).state, 'merged', 'the other');
      await maya.post(`/households/${other.id}/unmerge`, { reason: 'ternyata dua keluarga' });
      equal((await maya.get(`/households/${one.id}`)).address, 'Jalan Lama 1', 'taken back');
      await page.context().close();
    });
  await step('who is one person is corrected on the page: a pair is parted and another made', async () => {
    const { one, other } = await twice('Sekar');
    await visit(desk, '/duplikat?jenis=nik');
    await cardOf(desk, 'Halimah Sekarningsih').getByRole('button', { name: 'Orang yang sama' }).click();
    await desk.getByRole('button', { name: 'Bukan orang yang sama' }).click();
    await desk.getByLabel('Anak Bungsu Sekar adalah').selectOption({ label: 'Orang yang sama dengan Anak Sulung Sekar' });
    await desk.locator('.combine h3', { hasText: 'Satu orang: Anak Sulung Sekar' }).waitFor();
    await choice(desk, 'Nama', 1).check();
    await desk.fill('#confirm-reason', 'Nama anak keliru');
    await desk.locator('form.confirm').getByRole('button', { name: 'Gabungkan', exact: true }).click();
    await desk.locator('form.confirm').waitFor({ state: 'detached' });
    equal((await maya.get(`/households/${one.id}`)).members.map(({ name }) => name), ['Halimah Sekarningsih', 'Anak Bungsu Sekar', 'Anak Sulung Sekar'], 'people');
    equal((await maya.get(`/households/${other.id}`)).state, 'merged', 'the other');
  });
  await step('what changed meanwhile is said, and compared once more', async () => {
    const { one } = await twice('Laras');
    await visit(desk, '/duplikat?jenis=nik');
    await cardOf(desk, 'Halimah Larasningsih').getByRole('button', { name: 'Orang yang sama' }).click();
    await desk.locator('.combine').waitFor();
    await maya.call('PATCH', `/households/${one.id}`, { rt: '009' }, { 'If-Match': `"${one.version}"` });
    desk.expected.add(412);
    await desk.fill('#confirm-reason', 'Satu keluarga');
    const merge = desk.locator('form.confirm').getByRole('button', { name: 'Gabungkan', exact: true });
    await merge.click();
    await desk.getByText('Salah satu data berubah sementara itu').waitFor();
    await desk.getByRole('button', { name: 'Coba lagi' }).click();
    await desk.getByText('Salah satu data berubah sementara itu').waitFor({ state: 'detached' });
    await desk.locator('.combine').waitFor();
    await merge.click();
    await desk.locator('form.confirm').waitFor({ state: 'detached' });
    equal((await maya.get(`/households/${one.id}`)).members.length, 3, 'people');
  });
  await step('a merge reads the list again, since it closes other cases too', async () => {
    await visit(desk, '/duplikat?jenis=kk');
    const before = (await openCases('kk')).length;
    await cards(desk).first().getByRole('button', { name: 'Rumah tangga sama' }).click();
    await desk.getByText('Pilih nilai mana yang dipakai').waitFor();
    await desk.fill('#confirm-reason', 'Kartu dan orangnya sama');
    await desk.locator('form.confirm button[type=submit]').click();
    await desk.waitForFunction((count) => document.querySelectorAll('main section.card').length === count, Math.min(before - 1, 20));
    await visit(desk, '/duplikat?jenis=kk&keadaan=same');
    await desk.locator('.card .soft.small', { hasText: 'diputuskan' }).first().waitFor();
    await desk.locator('.sides .state', { hasText: 'Digabung' }).waitFor();
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
