// quality_test.mjs: data quality in the browser: a figure opens its households, some are handed to an officer, who finds them on the home page, corrects and ticks them off.
import { startRegistry, fill } from './registry.mjs';
import { launch, open, signIn, visit, look } from './browser.mjs';
import { equal, makeSteps, press, put, truth } from './steps.mjs';

const faults = [];
const { step, end } = makeSteps(faults);
const registry = await startRegistry(process.argv[2]);
const browser = await launch();
try {
  await fill(registry.base);
  const page = await open(browser, registry.base, { width: 1280, language: 'en', faults });
  await signIn(page, 'maya');
  const rows = (table = '.compact table') => page.$$eval(table, ([found]) => [...found.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.innerText.trim())));

  await step('figures by check, area and officer', async () => {
    await visit(page, '/mutu');
    const checks = await rows();
    equal(checks.find(([check]) => check === 'no family card number').slice(1), ['completeness', '8'], 'by check');
    truth((await page.innerText('main')).includes('Rina Marlina'), 'by officer');
    await look(page, 'quality', faults);
  });
  await step('a figure opens its households, and back leads to the figures', async () => {
    await page.click('tr:has-text("no family card number") a');
    await page.waitForURL('**/mutu/keluarga?check=no_card**');
    await page.waitForSelector('.brief tbody tr');
    equal((await rows('.brief')).length, 8, 'households');
    await page.click('a.back');
    await page.waitForFunction(() => document.querySelectorAll('.compact').length === 3);
    await page.goBack();
  });
  await step('nothing is handed out before somebody and something are chosen', async () => {
    await visit(page, '/mutu/keluarga?check=no_card');
    truth(await page.isDisabled('form[aria-label="Hand out corrections"] button[type=submit]'), 'open');
    await page.check('.brief tbody tr:nth-child(1) input');
    await page.check('.brief tbody tr:nth-child(2) input');
    await put(page, '/user', 'nobody');
    page.expected.add(422);
    await page.click('form[aria-label="Hand out corrections"] button[type=submit]');
    await page.waitForSelector('.note.bad');
    truth((await page.innerText('.note.bad')).includes("Officer's user name"), 'the field is named');
    page.expected.clear();
  });
  await step('two households go to an officer', async () => {
    await put(page, '/user', 'rina');
    await press(page, 'Hand out 2 for correction');
    await page.waitForSelector('.note.good');
    equal(await page.innerText('.note.good'), '2 corrections were handed out', 'what is said');
  });
  await step('the officer finds them on the home page and ticks one off, on a phone', async () => {
    const rina = await open(browser, registry.base, { width: 360, language: 'en', faults });
    await signIn(rina, 'rina');
    await visit(rina, '/');
    await rina.click('a:has-text("Correct data")');
    await rina.waitForURL('**/mutu/tugas');
    await rina.waitForSelector('.list li');
    equal(await rina.$$eval('main .list li', (items) => items.length), 2, 'tasks');
    await look(rina, 'tasks', faults);
    await press(rina, 'Done');
    await rina.waitForFunction(() => document.querySelectorAll('main .list li').length === 1);
    await press(rina, 'Not needed');
    await rina.waitForSelector('text=Nothing to correct');
    await rina.context().close();
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
