// form_edit_test.mjs: a questionnaire is edited on a desk: by keyboard, tried, compared with the version in use, saved; and taken from a workbook.
import { mkdirSync } from 'node:fs';
import { startRegistry, Client } from './registry.mjs';
import { sampleForm } from './form_sample.mjs';
import { launch, open, signIn, visit, look, axe } from './browser.mjs';
import { makeSteps, truth, equal, press, put } from './steps.mjs';

const faults = [], shots = process.env.SHOTS;
const { step, end } = makeSteps(faults);
const registry = await startRegistry(process.argv[2]);
const browser = await launch();
if (shots) mkdirSync(shots, { recursive: true });
try {
  const maya = await new Client(registry.base).signIn('maya');
  const form = await maya.post('/forms', sampleForm());
  const desk = await open(browser, registry.base, { width: 1280, language: 'id', faults });
  desk.setDefaultTimeout(15000);
  const see = async (name, { bad = false } = {}) => {
    if (!bad) await look(desk, name, faults);
    await axe(desk, name, faults);
    if (shots) await desk.screenshot({ path: `${shots}/edit-${name}-1280.png`, fullPage: true });
  };
  const order = () => desk.locator('.outline bdi').allInnerTexts();
  await signIn(desk, 'maya');

  await step('the list leads to the editor', async () => {
    await visit(desk, '/formulir');
    await see('list');
    await desk.getByRole('link', { name: 'Semua jenis pertanyaan', exact: true }).click();
    await desk.getByRole('heading', { name: 'Semua jenis pertanyaan' }).waitFor();
    await see('open');
  });
  await step('Alt and the arrows move a question, and the focus goes with it', async () => {
    await desk.locator('.outline button').nth(1).focus();
    await desk.keyboard.press('Alt+ArrowDown');
    await desk.waitForFunction(() => document.activeElement?.id === 'q-2');
    equal((await order()).slice(1, 3), ['Luas lantai, m2', 'Berapa kamar?'], 'order');
    await desk.keyboard.press('Alt+ArrowUp');
    await desk.waitForFunction(() => document.activeElement?.id === 'q-1');
    equal((await order()).slice(1, 3), ['Berapa kamar?', 'Luas lantai, m2'], 'order');
  });
  await step('into a group and out of it', async () => {
    const index = (await order()).indexOf('Lahan');
    const after = desk.locator('.outline button').nth((await order()).indexOf('Setiap anggota'));
    await after.click();
    truth(await desk.getByRole('button', { name: 'Masukkan ke kelompok di atasnya' }).isEnabled(), 'a group stands above');
    await desk.locator('.outline button').nth(index + 1).focus();
    await desk.keyboard.press('Alt+ArrowLeft');
    equal(await desk.locator('.outline li.depth-1').count(), 5, 'one question left the group');
    await press(desk, 'Batalkan perubahan');
    equal(await desk.locator('.outline li.depth-1').count(), 6, 'undone');
  });
  await step('a fault is told while one types, and leads to its question', async () => {
    await desk.locator('.outline button').nth(1).click();
    desk.expected.add(422);
    await put(desk, '/edit/relevant', 'colour == 1');
    await desk.getByText('1 hal perlu diperbaiki sebelum disimpan').waitFor();
    truth(await desk.getByRole('button', { name: 'Simpan sebagai versi baru' }).isDisabled(), 'it can be saved');
    truth(await desk.locator('.outline .fault').count() === 1, 'the question is not marked');
    await see('fault', { bad: true });
    await put(desk, '/edit/relevant', '');
    await desk.getByText('1 hal perlu diperbaiki sebelum disimpan').waitFor({ state: 'detached' });
    desk.expected.delete(422);
  });
  await step('the preview follows what is edited, and its answers decide what is asked', async () => {
    await put(desk, '/edit/label/id', 'Berapa kamar tidur?');
    await desk.locator('[id="f/test/answers/rooms"]').fill('31');
    await desk.getByText('Antara 0 dan 30').waitFor();
    await desk.getByText('Berapa kamar tidur?').nth(2).waitFor();
    await desk.getByRole('radio', { name: 'Hulu', exact: true }).check();
    await desk.getByText('Punya lahan?').last().waitFor();
    await desk.getByRole('radio', { name: 'Hilir', exact: true }).check();
    await desk.locator('[id="f/test/answers/land"]').waitFor({ state: 'detached' });
  });
  await step('a question is added, and a score that changes is said before it is saved', async () => {
    await desk.locator('.outline button').nth((await order()).indexOf('Punya lahan?')).click();
    await desk.locator('[id="f/edit/choices"]').press('Control+End');
    await desk.locator('[id="f/edit/choices"]').pressSequentially('\npart | Sebagian | Some | بعض');
    truth((await desk.locator('[id="f/edit/choices"]').inputValue()).endsWith('\npart | Sebagian | Some | بعض'), 'what is typed changes under the hand');
    await desk.getByText('berubah: lama dan baru tidak dapat dibandingkan').waitFor();
    await desk.selectOption('[id="f/add"]', 'text');
    await press(desk, 'Tambah pertanyaan');
    await put(desk, '/edit/name', 'remarks');
    for (const language of ['id', 'en', 'ar']) await put(desk, `/edit/label/${language}`, 'Catatan');
    await desk.locator('li', { hasText: 'remarks' }).getByText('baru', { exact: true }).waitFor();
    await see('changes');
  });
  await step('it is saved as the next version, and the old one is compared with it', async () => {
    await press(desk, 'Simpan sebagai versi baru');
    await desk.getByText('versi 2', { exact: true }).waitFor();
    await desk.getByText('Versi dan perbedaannya (2)').click();
    await desk.locator('details li', { hasText: 'remarks' }).first().waitFor();
    await see('versions');
    const { items } = await maya.get('/forms');
    const stored = await maya.get(`/forms/${items.find((entry) => entry.name === form.name).id}`);
    equal([stored.version, stored.lists.yes_no.length], [2, 3], 'stored');
  });
  await step('a new questionnaire begins with one question', async () => {
    await visit(desk, '/formulir/baru');
    await put(desk, '/name', 'Kunjungan singkat');
    await desk.getByRole('heading', { name: 'Simpan kuesioner' }).waitFor();
    await see('new');
    await desk.getByRole('button', { name: 'Simpan', exact: true }).click();
    await desk.getByRole('heading', { name: 'Kunjungan singkat' }).waitFor();
  });
  await step('a workbook is given and taken; a broken one is refused in words', async () => {
    const { items } = await maya.get('/forms');
    const short = items.find((entry) => entry.name === 'Kunjungan singkat');
    const answer = await fetch(`${registry.base}/api/v1/forms/${short.id}/workbook`, { headers: { Cookie: maya.cookie } });
    await visit(desk, '/formulir');
    await desk.setInputFiles('[id="f/book"]', { name: 'kunjungan.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: Buffer.from(await answer.arrayBuffer()) });
    await desk.getByText('versi 2', { exact: true }).waitFor();
    await visit(desk, '/formulir');
    desk.expected.add(422);
    await desk.setInputFiles('[id="f/book"]', { name: 'rusak.xlsx', mimeType: 'text/plain', buffer: Buffer.from('type,name,label') });
    await desk.getByText(/bukan buku kerja/).waitFor();
    desk.expected.delete(422);
    await see('refused', { bad: true });
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
