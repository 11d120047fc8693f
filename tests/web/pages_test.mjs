// pages_test.mjs: every page of every role, in both languages, at 360 and 1280 px, light and dark: no fault on the console, nothing too wide, no serious finding.
import { mkdirSync } from 'node:fs';
import { startRegistry, fill, Client } from './registry.mjs';
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
  const form = await (await new Client(registry.base).signIn('maya')).post('/forms', sampleForm());
  const PAGES = {
    anyone: ['/masuk', '/mulai/sekali-pakai'],
    rina: ['/', '/cari', '/keluarga/baru', `/keluarga/${households[0].id}`, `/keluarga/${households[1].id}?ubah=split`, `/keluarga/${households[1].id}?anggota=${households[1].members[1].id}&aksi=move`, `/salur/${batches.released}?baris=${disbursements[1].id}`, `/kuesioner/${households[0].id}`, `/kuesioner/${households[0].id}?formulir=${form.id}`, `/cek/${program.id}?keluarga=${households[0].id}`, '/salur', `/salur/${batches.released}`, `/salur/${batches.released}/cetak`],
    maya: ['/', '/program', '/program/baru', `/program/${program.id}`, `/kepesertaan?program=${program.id}`, '/daftar-bayar', `/daftar-bayar/${batches.draft}`, '/catatan', `/penyaluran/${disbursements[0].id}`, '/duplikat', '/tidak-ada', '/formulir', '/formulir/baru', `/formulir/${form.id}`],
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
