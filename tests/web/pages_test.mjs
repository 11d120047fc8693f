// pages_test.mjs: every page of every role, at 360 and 1280 px, in both languages: no fault on the console, nothing too wide, no serious finding.
import { mkdirSync } from 'node:fs';
import { startRegistry, fill } from './registry.mjs';
import { launch, open, signIn, visit, look, axe } from './browser.mjs';

const binary = process.argv[2], shots = process.env.SHOTS;
let passed = 0, failed = 0;
const report = (name, faults) => {
  if (faults.length) { failed++; console.log(`not ok ${name}`); for (const fault of faults.splice(0)) console.log(`  ${fault}`); }
  else { passed++; console.log(`ok ${name}`); }
};

const registry = await startRegistry(binary);
const browser = await launch();
try {
  const data = await fill(registry.base);
  const { households, program, batches, disbursements } = data;
  const PAGES = {
    rina: ['/', '/cari', '/keluarga/baru', `/keluarga/${households[0].id}`, `/kuesioner/${households[0].id}`, `/cek/${program.id}?keluarga=${households[0].id}`, '/salur', `/salur/${batches.released}`, `/salur/${batches.released}/cetak`],
    maya: ['/', '/program', '/program/baru', `/program/${program.id}`, `/kepesertaan?program=${program.id}`, '/daftar-bayar', `/daftar-bayar/${batches.draft}`, '/catatan', `/penyaluran/${disbursements[0].id}`, '/duplikat'],
    hendra: ['/', '/menunggu', `/daftar-bayar/${batches.waiting}/setujui`, `/daftar-bayar/${batches.waiting}`],
    audi: ['/', '/catatan', `/penyaluran/${disbursements[0].id}`, '/audit', '/bukti', '/akses', '/izin'],
    sari: ['/', '/pengguna', '/wilayah', '/wilayah?parent=15.01', '/izin'],
  };
  if (shots) mkdirSync(shots, { recursive: true });
  for (const [name, paths] of Object.entries(PAGES))
    for (const [width, language] of [[360, 'id'], [1280, 'en']]) {
      const faults = [];
      const page = await open(browser, registry.base, { width, language, faults });
      await signIn(page, name);
      for (const path of paths) {
        try {
          await visit(page, path);
          await look(page, path, faults);
          if (shots) await page.screenshot({ path: `${shots}/${name}-${path.replace(/[0-9a-f]{8}-[0-9a-f-]+/g, 'ID').replace(/\W+/g, '_')}-${width}-${language}.png`, fullPage: true });
          await axe(page, path, faults);
        } catch (error) {
          faults.push(`${path}: ${error.message.split('\n')[0]}`);
        }
        report(`${name} ${width} ${language} ${path.replace(/[0-9a-f]{8}-[0-9a-f-]+/g, 'ID')}`, faults);
      }
      await page.context().close();
    }
} finally {
  await browser.close();
  await registry.stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
