// lists_test.mjs: long lists in the browser: pages by "show more" and never the whole list, filters kept in the address, the place kept when one comes back.
import { startRegistry, Client, family } from './registry.mjs';
import { launch, open, signIn, visit, look, axe } from './browser.mjs';

const FAMILIES = 230;
let passed = 0, failed = 0;
const faults = [];
const step = async (name, work) => {
  try {
    await work();
    if (faults.length) throw new Error(faults.splice(0).join('\n  '));
    passed++;
    console.log(`ok ${name}`);
  } catch (error) {
    failed++;
    faults.length = 0;
    console.log(`not ok ${name}\n  ${error.message.split('\n').slice(0, 8).join('\n  ')}`);
  }
};
const truth = (value, what) => { if (!value) throw new Error(what); };
const equal = (found, wanted, what) => truth(JSON.stringify(found) === JSON.stringify(wanted), `${what}: ${JSON.stringify(found)} is not ${JSON.stringify(wanted)}`);

const registry = await startRegistry(process.argv[2]);
const browser = await launch();
try {
  const as = (name) => new Client(registry.base).signIn(name);
  const maya = await as('maya'), hendra = await as('hendra');
  const program = await maya.post('/programs', { name: 'Bantuan sembako', category: 'direct_aid', owner: 'Dinas Sosial Kerinci', currency: 'IDR', unit: 'household', rule: 'true', entitlement: 'amount(1000) * household.members.size()', budget_minor: 10 ** 12, starts_on: '2026-01-01' });
  await maya.post(`/programs/${program.id}/activate`);
  const first = [];
  for (let i = 0; i < FAMILIES; i++) {
    const one = family(i, i % 5 === 4 ? '15.01.01.2002' : '15.01.01.2001');
    one.members[0].nik = `150101450587${String(i + 1).padStart(4, '0')}`;
    const household = await maya.post('/households', one);
    if (i < 2) first.push(household);
    await maya.post(`/programs/${program.id}/enrollments`, { household_id: household.id });
  }
  const tomorrow = new Date(Date.now() + 86400000).toISOString().slice(0, 10);
  const settled = async (id, state) => {
    for (let i = 0; i < 400; i++) {
      const batch = await maya.get(`/batches/${id}`);
      if (!batch.stage && (!state || batch.state === state)) return batch;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error('a stage did not end');
  };
  const waiting = async (name) => {
    const cycle = await maya.post(`/programs/${program.id}/cycles`, { name, starts_on: '2026-10-01', ends_on: '2026-10-31', reference_date: tomorrow });
    const { id } = await maya.post(`/cycles/${cycle.id}/batches`);
    await settled(id);
    await maya.post(`/batches/${id}/lock`);
    await settled(id, 'locked');
    await maya.post(`/batches/${id}/submit`);
    return { ...(await settled(id, 'in_approval')), cycle_id: cycle.id };
  };
  const released = await waiting('Tahap 1');
  await hendra.post(`/batches/${released.id}/approve`, { digest: released.digest });
  await hendra.post(`/batches/${released.id}/release`);
  await settled(released.id, 'released');
  const { version } = await maya.get(`/households/${first[0].id}`);
  await maya.post(`/households/${first[0].id}/members`, { name: 'Anak baru', id_reason: 'no_card', sex: 'F', birth_date: '2020-03-04', relationship: 'child' }, { 'If-Match': `"${version}"` });
  const next = await waiting('Tahap 2');

  const phone = await open(browser, registry.base, { width: 360, language: 'id', faults }), desk = await open(browser, registry.base, { width: 1280, language: 'id', faults });
  for (const page of [phone, desk]) page.setDefaultTimeout(30000);
  const asked = [];
  for (const page of [phone, desk]) page.on('request', (request) => { if (request.url().includes('/api/v1/')) asked.push(new URL(request.url())); });
  const calls = (path) => asked.filter((url) => url.pathname.endsWith(path));
  const more = (page) => page.getByRole('button', { name: 'Tampilkan lagi' });
  const rows = (page) => page.locator('main table tbody tr');
  const grown = async (page, count) => { await page.waitForFunction((wanted) => document.querySelectorAll('main table tbody tr').length === wanted, count); };
  await signIn(desk, 'maya');
  await signIn(phone, 'hendra');

  await step('a batch of 230 lines shows a hundred, then more by keyset, each line once', async () => {
    asked.length = 0;
    await visit(desk, `/daftar-bayar/${released.id}`);
    await grown(desk, 100);
    equal(calls('/items').length, 1, 'calls for the first page');
    for (const count of [200, 230]) { await more(desk).click(); await grown(desk, count); }
    equal(calls('/items').length, 3, 'calls for all pages');
    truth(calls('/items').slice(1).every((url) => url.searchParams.get('after')), 'a page without its place');
    truth(await more(desk).count() === 0, 'more is offered after the end');
    const links = await rows(desk).locator('a').evaluateAll((list) => list.map((link) => link.href));
    equal(new Set(links).size, FAMILIES, 'families');
  });
  await step('coming back from a family finds the list as far as it was read, at its place', async () => {
    await rows(desk).nth(180).scrollIntoViewIfNeeded();
    const before = await desk.evaluate(() => window.scrollY);
    truth(before > 2000, 'not far down');
    await rows(desk).nth(180).locator('a').first().click();
    await desk.waitForURL(/\/keluarga\//);
    await desk.goBack();
    await grown(desk, 230);
    await desk.waitForFunction((place) => Math.abs(window.scrollY - place) < 60, before);
  });
  await step('village, hamlet and RT narrow the list; the address keeps them, a reload too', async () => {
    await desk.selectOption('[id="f/region"]', '15.01.01.2002');
    await grown(desk, 46);
    await desk.selectOption('[id="f/spot"]', { index: 1 });
    const label = await desk.locator('[id="f/spot"] option:checked').textContent();
    const count = Number(/\((\d+)\)/.exec(label)[1]);
    truth(count > 0 && count < 46, label);
    await grown(desk, count);
    truth(/region=15\.01\.01\.2002/.test(desk.url()) && /rt=/.test(desk.url()), desk.url());
    await desk.reload();
    await grown(desk, count);
    await rows(desk).first().locator('a').first().click();
    await desk.waitForURL(/\/keluarga\//);
    await desk.goBack();
    await grown(desk, count);
  });
  await step('batches by cycle and month; the way back from one keeps the filter', async () => {
    await visit(desk, '/daftar-bayar');
    await grown(desk, 2);
    await desk.selectOption('[id="f/program"]', program.id);
    await desk.selectOption('[id="f/cycle"]', next.cycle_id);
    await grown(desk, 1);
    await desk.selectOption('[id="f/month"]', '2026-10');
    await grown(desk, 1);
    const address = desk.url();
    await rows(desk).first().locator('a').first().click();
    await desk.waitForURL(/daftar-bayar\/[0-9a-f]/);
    await desk.locator('a.back').click();
    await desk.waitForURL(address);
    await grown(desk, 1);
    await desk.selectOption('[id="f/month"]', '2026-12');
    await desk.getByText('Tidak ada yang cocok dengan saringan').waitFor();
    await desk.locator('section').getByRole('button', { name: 'Hapus saringan' }).click();
    await grown(desk, 2);
    truth(!desk.url().includes('?'), desk.url());
  });
  await step('the approver sees the drawn ten and who changed, without the list being carried over', async () => {
    asked.length = 0;
    await visit(phone, `/daftar-bayar/${next.id}/setujui`);
    await phone.getByText('+Rp1.000 (+50').first().waitFor();
    await phone.locator('.card', { hasText: 'Sepuluh baris' }).locator('li').nth(9).waitFor();
    equal(calls('/items').length, 2, 'calls for lines');
    equal(calls('/items').map((url) => url.searchParams.has('positions')).filter(Boolean).length, 1, 'drawn by their positions');
    equal(calls('/items').find((url) => url.searchParams.has('positions')).searchParams.get('positions').split(',').length, 10, 'ten positions');
    await phone.selectOption('[id="f/changed"]', '50');
    await phone.getByText('Tidak ada jumlah yang berubah sebanyak itu').waitFor();
  });
  await step('the steps tell who and when, and no label breaks at 360 px', async () => {
    const steps = await phone.locator('.steps li').evaluateAll((list) => list.map((item) => {
      const range = document.createRange();
      range.selectNode(item.firstChild);
      return { label: item.firstChild.textContent, lines: new Set([...range.getClientRects()].map((rect) => Math.round(rect.top))).size, right: range.getBoundingClientRect().right, detail: item.querySelector('small')?.innerText };
    }));
    equal(steps.map(({ label }) => label), ['Disusun', 'Dikunci', 'Diajukan', 'Disetujui', 'Dicairkan', 'Selesai'], 'labels');
    truth(steps.every(({ lines, right }) => lines === 1 && right <= 360), JSON.stringify(steps));
    for (const { label, detail } of steps.slice(0, 3)) truth(/Maya Lestari/.test(detail) && /\d{4}, \d{2}\.\d{2}/.test(detail), `${label}: ${detail}`);
    await look(phone, '/setujui', faults);
  });

  await step('the records: sums of the whole filter, not of the page; the export asks for the same', async () => {
    await visit(desk, `/catatan?program=${program.id}`);
    await grown(desk, 50);
    const figures = desk.locator('main .figures').first();
    await figures.getByText('230', { exact: true }).waitFor();
    await desk.locator('summary', { hasText: 'Wilayah dan tanggal' }).click();
    await desk.fill('[id="f/region-q"]', 'tanjung');
    await desk.getByRole('button', { name: /Tanjung Tanah/ }).click();
    await figures.getByText('46', { exact: true }).waitFor();
    truth(desk.url().includes('region=15.01.01.2002'), desk.url());
    await desk.locator('summary', { hasText: 'Unduh catatan' }).click();
    const [file] = await Promise.all([desk.waitForEvent('download'), desk.getByRole('button', { name: 'Unduh', exact: true }).click()]);
    equal(file.suggestedFilename(), 'penyaluran.csv', 'name');
    const { searchParams } = asked.find((url) => url.pathname.endsWith('disbursements.csv'));
    equal([searchParams.get('region'), searchParams.get('program')], ['15.01.01.2002', program.id], 'filter of the export');
    await desk.locator('.note.good').getByText('46', { exact: true }).waitFor();
  });
  await step('days in the wrong order are told at their field, and nothing is asked', async () => {
    await visit(desk, '/catatan?from=2026-11-02&to=2026-11-01');
    await desk.getByText('tidak boleh sebelum tanggal awal').waitFor();
    truth(!asked.some((url) => url.searchParams.get('from') === '2026-11-02'), 'the server was asked');
    await axe(desk, '/catatan', faults);
    await desk.getByRole('button', { name: 'Hapus saringan' }).click();
    await grown(desk, 50);
    equal(await desk.inputValue('[id="f/from"]'), '', 'the day is cleared');
  });
} finally {
  await browser.close();
  await registry.stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
