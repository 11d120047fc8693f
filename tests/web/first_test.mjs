// first_test.mjs: the first load: the chosen colours from the first paint on, and no more than 40 KB gzipped on the wire.
import { gzipSync } from 'node:zlib';
import { startRegistry } from './registry.mjs';
import { launch, open } from './browser.mjs';
import { makeSteps, truth } from './steps.mjs';

const LOAD_BYTES_MAX = 40 * 1024;
const faults = [];
const { step, end } = makeSteps(faults);
const registry = await startRegistry(process.argv[2]);
const browser = await launch();
try {
  // What stands on the screen while the program itself is held back.
  const firstGround = async (chosen, scheme) => {
    const page = await open(browser, registry.base, { width: 360, language: 'id', faults, colorScheme: scheme });
    await page.addInitScript((theme) => (theme ? localStorage.setItem('lumbung.theme', theme) : localStorage.removeItem('lumbung.theme')), chosen);
    await page.route('**/app/main.js', () => {});
    await page.goto(`${registry.base}/masuk`, { waitUntil: 'commit' });
    await page.waitForFunction(() => performance.getEntriesByType('paint').length > 0);
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.context().close();
    return ground;
  };
  const day = await firstGround(null, 'light'), night = await firstGround(null, 'dark');
  await step('day and night differ before the program runs', async () => truth(day !== night, day));
  await step('a dark choice on a light device is dark from the first paint', async () => truth(await firstGround('dark', 'light') === night, 'it flashes light'));
  await step('a light choice on a dark device is light from the first paint', async () => truth(await firstGround('light', 'dark') === day, 'it flashes dark'));
  await step('a choice that nobody made follows the device', async () => truth(await firstGround('purple', 'dark') === night, 'an unknown choice'));
  for (const language of ['id', 'en'])
    await step(`the first page in ${language} is at most 40 KB gzipped`, async () => {
      const page = await open(browser, registry.base, { width: 360, language, faults });
      const parts = [];
      page.on('response', (answer) => parts.push(answer.body().then((body) => [gzipSync(body, { level: 9 }).length, new URL(answer.url()).pathname])));
      await page.goto(`${registry.base}/masuk`, { waitUntil: 'networkidle' });
      const sizes = await Promise.all(parts), sum = sizes.reduce((all, [bytes]) => all + bytes, 0);
      truth(sizes.length > 15, `only ${sizes.length} parts were seen`);
      truth(sum <= LOAD_BYTES_MAX, `${sum} bytes: ${sizes.sort((a, b) => b[0] - a[0]).slice(0, 6).map((entry) => entry.join(' ')).join(', ')}`);
      console.log(`${sum} bytes in ${sizes.length} parts`);
      await page.context().close();
    });
} finally {
  await browser.close();
  await registry.stop();
}
end();
