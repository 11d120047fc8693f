// pages_test.mjs: every page of every role, in both languages, at 360 and 1280 px, light and dark: no fault on the console, nothing too wide, no serious finding.
import { mkdirSync } from 'node:fs';
import { startRegistry, fill, addUser, Client, family } from './registry.mjs';
import { sampleForm } from './form_sample.mjs';
import { launch, open, signIn, visit, look, axe, speak, dress } from './browser.mjs';

const binary = process.argv[2], shots = process.env.SHOTS;
let passed = 0, failed = 0;
const report = (name, faults) => {
  if (faults.length) { failed++; console.log(`not ok ${name}`); for (const fault of faults.splice(0)) console.log(`  ${fault}`); }
  else { passed++; console.log(`ok ${name}`); }
};

const plain = (path) => path.replace(/[0-9a-f]{8}-[0-9a-f-]+/g, 'ID');
const SCREENS = [[360, 'light'], [1280, 'light'], [1280, 'dark'], [360, 'dark']].map(([width, scheme]) => ({ width, scheme }));

// Colours and sizes do not depend on the language: one diagonal of the screens is examined in each, so that every page is on all four.
const examined = (language, { width, scheme }) => (language === 'id') === ((width === 360) === (scheme === 'light'));

// Loaded once in a language, then looked at on every screen.
async function see(page, { name, path, language, faults }) {
  await speak(page, language);
  await visit(page, path);
  for (const screen of SCREENS) {
    await dress(page, screen);
    const where = `${screen.width} ${screen.scheme} ${path}`;
    for (const key of await look(page, where, faults)) faults.push(`${where}: shows the key ${key}`);
    if (examined(language, screen)) await axe(page, where, faults);
    if (shots) await page.screenshot({ path: `${shots}/${name}-${plain(path).replace(/\W+/g, '_')}-${language}-${screen.width}-${screen.scheme}.png`, fullPage: true });
  }
}

const registry = await startRegistry(binary);
const browser = await launch();
try {
  const data = await fill(registry.base);
  const { households, program, batches, disbursements } = data;
  addUser(binary, registry.db, 'mira', 'manager', 'Mira Kusuma');
  const maya = await new Client(registry.base).signIn('maya');
  const account = { provider: 'BRI', number: '3456123456', holder: 'Siti Aminah' };
  for (const household of households.slice(0, 3)) await maya.call('PATCH', `/households/${household.id}`, { payee: { account } }, { 'If-Match': `"${household.version}"` });
  const mira = await new Client(registry.base).signIn('mira'), rejected = (await mira.get('/change-requests')).items[0].id;
  await mira.post(`/change-requests/${rejected}/reject`, { reason: 'nama di buku tabungan lain' });
  await maya.post(`/members/${households[2].members[0].id}/death`, { on: '2026-06-01', note: 'kabar dari tetangga' });
  const label = { id: 'Uji kemiskinan', en: 'Poverty test' };
  const score = await maya.post('/scores', { name: 'PMT', label, constant: '39.84', least: 0, most: 100, source: 'Contoh', indicators: [{ name: 'size', label: { id: 'Jumlah anggota', en: 'Household size' }, input: 'size(household.members)', coefficient: '-2.85' },
    { name: 'children', label: { id: 'Anak', en: 'Children' }, input: 'size(household.members.filter(m, age(m.birth_date) < 7))', ranges: [{ to: 0, points: 0 }, { from: 1, points: '-9.76' }] }],
    lookup: { lines: ['nl100', 'ppp190'], rows: [{ from: 0, to: 50, values: ['88.3926469480588', '12.5'] }, { from: 51, to: 100, values: ['1.5', '0.25'] }] } });
  await maya.post(`/scores/${score.id}/activate`);
  await maya.post('/flags', { name: 'two', label: { id: 'Keluarga dua orang', en: 'Household of two' }, expression: 'size(household.members) == 2' });
  const { job_id } = await maya.post('/flags/counts');
  while ((await maya.get(`/jobs/${job_id}`)).state === 'open') await new Promise((done) => setTimeout(done, 100));
  await maya.post('/facts', { source: 'dtsen', edition: '2026-T1', as_of: '2026-03-01', number: { column: 'NIK', kind: 'nik' }, facts: { desil: { column: 'DESIL', type: 'integer' } }, columns: ['NIK', 'DESIL'], rows: [{ line: 2, cells: ['1501014505870001', '3'] }] });
  await maya.post(`/households/${households[5].id}/move`, { to_region: '15.02.01.2001', note: 'ikut anak ke Merangin' });
  const objecting = await maya.post('/households', { ...family(60), consent: { ...family(60).consent, basis: 'public_task' } });
  await maya.post(`/consents/${objecting.consents[0].id}/withdraw`, { reason: 'tidak mau didata' });
  await maya.post('/consent-notices', { version: '2', texts: [{ language: 'id', title: 'Data keluarga Anda', text: 'Kami mencatat data keluarga Anda.\n\nAnda boleh menolak.' }, { language: 'ms-Arab', title: 'داتا کلوارݢ', text: 'کامي منچاتت داتا کلوارݢ اندا.\n\nاندا بوليه منولق.' }] });
  await maya.post(`/households/${households[6].id}/members`, { name: 'Rosmini', id_reason: 'no_card', sex: 'F', birth_date: '1990-03-04', relationship: 'sibling', consent: 'by_head' });
  const form = await maya.post('/forms', sampleForm());
  const PAGES = {
    anyone: ['/masuk', '/mulai/sekali-pakai'],
    rina: ['/', '/cari', '/keluarga/baru', '/keluarga/baru?langkah=consent', `/keluarga/${households[0].id}?ubah=consent`, `/keluarga/${households[6].id}`, `/keluarga/${households[0].id}`, `/keluarga/${households[1].id}?ubah=split`, `/keluarga/${households[1].id}?anggota=${households[1].members[1].id}&aksi=move`, `/keluarga/${households[1].id}?anggota=${households[1].members[0].id}&aksi=death`, `/keluarga/${households[1].id}?ubah=merge`, `/keluarga/${households[1].id}?ubah=dissolve`, `/keluarga/${households[1].id}?ubah=relocate`, '/pindah', '/pindah?arah=out', `/salur/${batches.released}?baris=${disbursements[1].id}`, `/kuesioner/${households[0].id}`, `/kuesioner/${households[0].id}?formulir=${form.id}`, `/cek/${program.id}?keluarga=${households[0].id}`, '/salur', `/salur/${batches.released}`, `/salur/${batches.released}/cetak`, '/mutu/tugas'],
    maya: ['/', `/perubahan?permintaan=${rejected}`, '/program', '/program/baru', `/program/${program.id}`, `/kepesertaan?program=${program.id}`, '/daftar-bayar', `/daftar-bayar/${batches.draft}`, '/catatan', `/penyaluran/${disbursements[0].id}`, '/duplikat', '/kebutuhan', '/kebutuhan?region=15.01.01&since=2026-01-01', '/mutu', '/mutu/keluarga?check=no_card', '/skor', '/skor/baru', `/skor/baru?dari=${score.id}`, `/skor/${score.id}`, '/tanda?wilayah=15.01', '/tanda/two?wilayah=15.01', '/data-luar', `/perubahan?keluarga=${households[0].id}`, `/keluarga/${households[0].id}`, '/tidak-ada', '/pemberitahuan', '/pemberitahuan/1', '/pemberitahuan/2', '/pemberitahuan/2/ubah', '/pemberitahuan/baru', '/formulir', '/formulir/baru', `/formulir/${form.id}`],
    mira: ['/', '/keberatan', '/penduduk', '/penduduk?tanggal=2020-01-01', '/pindah', '/perubahan', '/perubahan?keadaan=rejected'],
    hendra: ['/', '/menunggu', `/daftar-bayar/${batches.waiting}/setujui`, `/daftar-bayar/${batches.waiting}`],
    audi: ['/', '/catatan', `/penyaluran/${disbursements[0].id}`, '/audit', '/bukti', '/akses', '/izin'],
    sari: ['/', '/pengguna', '/wilayah', '/wilayah?parent=15.01', '/izin'],
  };
  if (shots) mkdirSync(shots, { recursive: true });
  for (const [name, paths] of Object.entries(PAGES)) {
    const faults = [];
    const page = await open(browser, registry.base, { width: 360, language: 'id', faults });
    if (name !== 'anyone') await signIn(page, name);
    else await page.goto(registry.base);
    for (const language of ['id', 'en'])
      for (const path of paths) {
        try {
          await see(page, { name, path, language, faults });
        } catch (error) {
          faults.push(`${path}: ${error.message.split('\n')[0]}`);
        }
        report(`${name} ${language} ${plain(path)}`, faults);
      }
    await page.context().close();
  }
} finally {
  await browser.close();
  await registry.stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
