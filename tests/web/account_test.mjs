// account_test.mjs: a manager without an authenticator is kept on his account page, sets one up there, and works; then he changes his password.
import { spawnSync } from 'node:child_process';
import { startRegistry, PASSWORD, codeOf } from './registry.mjs';
import { launch, open, look, axe } from './browser.mjs';

const binary = process.argv[2], NEW = 'padi menguning di sawah 27';
let passed = 0, failed = 0;
const registry = await startRegistry(binary), browser = await launch(), faults = [];
async function step(name, work) {
  try { await work(); } catch (error) { faults.push(error.message.split('\n')[0]); }
  if (faults.length) { failed++; console.log(`not ok ${name}`); for (const fault of faults.splice(0)) console.log(`  ${fault}`); } else { passed++; console.log(`ok ${name}`); }
}
try {
  for (const [width, language] of [[360, 'id'], [1280, 'en']]) {
    const name = `budi${width}`;
    spawnSync(binary, ['user', 'add', name, '--role', 'manager', '--name', 'Budi Santoso', '--password-stdin', '--db', registry.db], { input: `${PASSWORD}\n` });
    const page = await open(browser, registry.base, { width, language, faults });
    const at = (path) => page.waitForURL((url) => url.pathname === path, { timeout: 30000 });
    const enter = async (password, code) => {
      await page.goto(`${page.base}/masuk`);
      await page.fill('[id="f/username"]', name);
      await page.fill('[id="f/password"]', password);
      if (code) await page.fill('[id="f/totp"]', code);
      await page.click('button[type=submit]');
    };
    let secret;
    await step(`${width}: signing in leads to the account page and nowhere else`, async () => {
      await enter(PASSWORD);
      await at('/akun');
      await page.waitForSelector('main pre');
      secret = (await page.textContent('main pre')).replace(/\s/g, '');
      await page.goto(`${page.base}/program`);
      await at('/akun');
      await page.waitForSelector('main pre');
      if (await page.locator('nav.side').count()) throw new Error('a menu is shown');
      secret = (await page.textContent('main pre')).replace(/\s/g, '');
      await look(page, '/akun', faults);
      await axe(page, '/akun', faults);
    });
    await step(`${width}: a wrong code is told at its field`, async () => {
      page.expected.add(422);
      await page.fill('form:has([id="f/totp"]) [id="f/password"]', PASSWORD);
      await page.fill('[id="f/totp"]', '000000');
      await page.click('form:has([id="f/totp"]) button[type=submit]');
      await page.waitForSelector('[id="f/totp"][aria-invalid="true"]');
    });
    await step(`${width}: the right one opens the role`, async () => {
      await page.fill('[id="f/totp"]', codeOf(secret));
      await page.click('form:has([id="f/totp"]) button[type=submit]');
      await at('/');
      await page.goto(`${page.base}/program`);
      await page.waitForSelector('main h1');
      if (new URL(page.url()).pathname !== '/program') throw new Error(page.url());
    });
    await step(`${width}: the password is changed`, async () => {
      await page.goto(`${page.base}/akun`);
      await page.waitForSelector('[id="f/password_now"]');
      await page.fill('[id="f/password_now"]', PASSWORD);
      await page.fill('[id="f/password"]', NEW);
      await page.click('form:has([id="f/password_now"]) button[type=submit]');
      await page.waitForSelector('.note.good');
      await look(page, '/akun', faults);
      await axe(page, '/akun', faults);
    });
    await page.context().close();
  }
} finally {
  await browser.close();
  await registry.stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
