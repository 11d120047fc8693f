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
  await step('a merge reads the list again, since it closes other cases too', async () => {
    await visit(desk, '/duplikat?jenis=kk');
    const before = (await openCases('kk')).length;
    await cards(desk).first().getByRole('button', { name: 'Rumah tangga sama' }).click();
    await desk.getByText('Kedua rumah tangga digabung').waitFor();
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
