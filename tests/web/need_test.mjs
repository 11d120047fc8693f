// need_test.mjs: the needs map: works without outlines, then with them; down to a village and back by keyboard; the table, the file and the map say the same; hidden figures.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRegistry, fill, Client, family } from './registry.mjs';
import { launch, open, signIn, visit, look } from './browser.mjs';
import { equal, makeSteps, truth } from './steps.mjs';

const binary = process.argv[2], faults = [];
const { step, end } = makeSteps(faults);
const registry = await startRegistry(binary);
const browser = await launch();
try {
  await fill(registry.base);
  const maya = await new Client(registry.base).signIn('maya');
  const form = (await maya.get('/forms')).items[0];
  for (let i = 8; i < 20; i++) {
    const household = await maya.post('/households', family(i, i < 17 ? '15.01.01.2002' : '15.02.01.2001'));
    const hungry = i % 2 ? 'yes' : 'no';
    await maya.post(`/households/${household.id}/assessments`, { form_id: form.id, assessed_on: '2026-06-01', answers: { floor: 'tile', wall: 'brick', roof: 'concrete', people: 2, rooms: 2, tenure: 'own', damage: 'no', water: 'piped', toilet: 'own', light: 'grid',
      food_worry: hungry, food_skip: hungry, ...(hungry === 'yes' ? { food_day: 'no' } : {}), meals: 3, ill: 'no', insured: 'all', school_age: 'no', earner: 'regular', land: 'yes', debt: 'no', shocks: ['none'] } });
  }
  const page = await open(browser, registry.base, { width: 1280, language: 'en', faults });
  await signIn(page, 'maya');
  const rows = () => page.$$eval('.compact table', ([table]) => [...table.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.innerText.trim().split(/\s+/)[0])));

  await step('without outlines there is a table, and a word about the missing map', async () => {
    await visit(page, '/kebutuhan');
    await page.getByText('There is no map of this area yet').first().waitFor();
    truth(!await page.$('svg.map'), 'a map of nothing');
    equal((await rows()).map((row) => row.at(-1)), ['9', '3'], 'assessed');
  });
  const square = (code, x) => ({ type: 'Feature', properties: { code }, geometry: { type: 'Polygon', coordinates: [[[x, -2], [x + 1, -2], [x + 1, -3], [x, -3], [x, -2]]] } });
  for (const [level, ...codes] of [[2, '15.01', '15.02'], [3, '15.01.01'], [4, '15.01.01.2001', '15.01.01.2002']]) {
    const file = join(registry.folder, `${level}.geojson`);
    writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features: codes.map((code, i) => square(code, 101 + i)) }));
    truth(spawnSync(binary, ['import', 'shapes', '--db', registry.db, file, '--level', String(level)]).status === 0, `level ${level}`);
  }
  await step('with them each area is a link with its figures, in the class of its share', async () => {
    await visit(page, '/kebutuhan');
    await page.waitForSelector('svg.map a');
    const areas = await page.$$eval('svg.map a', (links) => links.map((link) => [link.getAttribute('aria-label'), link.firstElementChild.getAttribute('class')]));
    equal(areas.map(([, kind]) => kind), ['map-2', 'map-3'], 'classes');
    truth(areas[0][0].includes('44%') && areas[0][0].includes('In need 4, covered 0, not covered 4'), areas[0][0]);
    equal((await page.$$('.legend li')).length, 6, 'classes');
  });
  await step('by keyboard down to a village, and back', async () => {
    await page.focus('svg.map a');
    truth((await page.innerText('.map-said')).includes('Kerinci'), 'the figures under the map');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/kebutuhan?region=15.01');
    await page.waitForFunction(() => document.querySelectorAll('svg.map a').length === 1);
    await page.focus('svg.map a');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelectorAll('svg.map a').length === 2);
    equal((await rows()).map((row) => row[0]), ['Seleman', 'Tanjung'], 'villages');
    await page.click('.compact a:has-text("Tanjung Tanah")');
    await page.waitForSelector('.note:has-text("No area lies below")');
    truth((await page.innerText('nav[aria-label="Where the area lies"]')).includes('Danau Kerinci'), 'the way down');
    await page.goBack();
    await page.waitForFunction(() => document.querySelectorAll('svg.map a').length === 2);
  });
  await step('another need, group and measure change figures and colours, and stay in the address', async () => {
    await visit(page, '/kebutuhan?region=15.01.01');
    await page.selectOption('[id="f/category"]', 'housing');
    await page.selectOption('[id="f/group"]', 'female');
    await page.selectOption('[id="f/measure"]', 'gap');
    await page.waitForFunction(() => location.search.includes('measure=gap') && location.search.includes('group=female'));
    await page.waitForFunction(() => [...document.querySelectorAll('svg.map path')].length === 2);
    equal((await rows())[1].slice(1, 5), ['0', '0', '0', '14'], 'women and girls');
    await page.reload();
    await page.waitForSelector('svg.map a');
    equal(await page.inputValue('[id="f/group"]'), 'female', 'after a reload');
  });
  await step('against an earlier day the change stands in the table', async () => {
    await visit(page, '/kebutuhan?region=15.01.01&since=2026-05-31');
    equal((await rows())[1], ['Tanjung', '4', '0', '4', '+4', '9'], 'with the change');
  });
  await step('the file holds what the table shows', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[download]')]);
    const [head, ...lines] = readFileSync(await download.path(), 'utf8').trim().split('\r\n').map((line) => line.split(','));
    const at = Object.fromEntries(head.map((name, i) => [name, i]));
    const below = lines.filter((cells) => cells[at.row] === 'below').map((cells) => [cells[at.need], cells[at.covered], cells[at.gap], cells[at.assessed]]);
    equal(below, (await rows()).map((row) => [...row.slice(1, 4), row.at(-1)]), 'file and table');
  });
  await step('an auditor sees dots instead of small figures, on map and in table', async () => {
    const audi = await open(browser, registry.base, { width: 360, language: 'en', faults });
    await signIn(audi, 'audi');
    await visit(audi, '/kebutuhan?region=15.01.01');
    await audi.waitForSelector('svg.map a');
    truth((await audi.innerText('main')).includes('Figures below five'), 'it is not said');
    const cells = await audi.$$eval('.compact table', ([table]) => [...table.querySelectorAll('tbody td.n')].map((cell) => cell.innerText.trim().split(/\s+/)[0]));
    truth(cells.some((cell) => cell.startsWith('•')) && cells.every((cell) => !/^[1-4]$/.test(cell)), cells.join(' '));
    await look(audi, 'auditor', faults);
    await audi.context().close();
  });
  await step('an unknown area, and a day that is none, say so', async () => {
    page.expected.add(404).add(400);
    await visit(page, '/kebutuhan?region=99');
    await page.getByText('No household is registered').first().waitFor();
    await page.goto(`${registry.base}/kebutuhan?as_of=2999-01-01`);
    await page.waitForSelector('.note.bad');
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
