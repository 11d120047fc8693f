// browser.mjs: Chromium with ears: console errors, refused content, failed calls and serious accessibility findings are faults.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { PASSWORD, totp } from './registry.mjs';

export const launch = () => chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'] });

const sizeOf = (width) => ({ width, height: width < 500 ? 740 : 900 });

export async function open(browser, base, { width, language, faults, ...rest }) {
  const context = await browser.newContext({ viewport: sizeOf(width), locale: language === 'en' ? 'en-GB' : 'id-ID', timezoneId: 'Asia/Jakarta', ...rest });
  await context.addInitScript((chosen) => localStorage.getItem('lumbung.language') ?? localStorage.setItem('lumbung.language', chosen), language);
  const page = await context.newPage();
  page.expected = new Set(); // statuses that a test provokes
  page.on('console', (message) => {
    if (message.type() !== 'error' || [...page.expected].some((status) => message.text().includes(String(status)))) return;
    faults.push(`${page.url()}: console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`));
  page.on('response', (answer) => { if (answer.status() >= 500) faults.push(`${answer.status()} ${answer.url()}`); });
  page.base = base;
  return page;
}

export async function signIn(page, name) {
  await page.goto(`${page.base}/masuk`);
  await page.fill('[id="f/username"]', name);
  await page.fill('[id="f/password"]', PASSWORD);
  await page.fill('[id="f/totp"]', await totp(name));
  await page.click('button[type=submit]');
  await page.waitForURL((url) => !url.pathname.startsWith('/masuk'), { timeout: 30000 });
}

export async function visit(page, path) {
  await page.goto(page.base + path);
  await page.waitForSelector('main h1', { timeout: 30000 });
  await page.waitForFunction(() => !document.querySelector('.skeleton'), null, { timeout: 30000 });
}

// Raw keys of the dictionary that show, anything wider than the screen, and short rows that are not short on a phone.
export async function look(page, path, faults) {
  const found = await page.evaluate(() => {
    const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const keys = new Set();
    while (texts.nextNode()) // rules and routes have dots of their own
      if (!texts.currentNode.parentElement.closest('code, pre, textarea, .hint')) for (const key of texts.currentNode.data.match(/\b[a-z]+\.[a-z_]+(\.[a-z_]+)*\b/g) || []) keys.add(key);
    const top = document.querySelector('.top');
    const heights = innerWidth > 500 ? [] : [...document.querySelectorAll('.brief tbody tr, .entry')].map((row) => Math.round(row.getBoundingClientRect().height)).sort((a, b) => a - b);
    return { row: heights[heights.length >> 1] || 0, rows: top?.getClientRects().length ? Math.round(top.getBoundingClientRect().height) : 0, wide: document.documentElement.scrollWidth - innerWidth, keys: [...keys], problems: [...document.querySelectorAll('.note.bad')].map((note) => note.innerText) };
  });
  if (found.wide > 1) faults.push(`${path}: ${found.wide} px wider than the screen`);
  if (found.row > 125) faults.push(`${path}: a short row takes ${found.row} px`);
  if (found.rows > 64) faults.push(`${path}: the header takes ${found.rows} px, more than one row`);
  for (const text of found.problems) faults.push(`${path}: shows a problem: ${text.slice(0, 120)}`);
  return found.keys;
}

// The next page is read in this language; the session stays.
export const speak = (page, language) => page.evaluate((chosen) => localStorage.setItem('lumbung.language', chosen), language);

// The same page on another screen, without loading it again.
export async function dress(page, { width, scheme }) {
  await page.setViewportSize(sizeOf(width));
  await page.emulateMedia({ colorScheme: scheme });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

// The program is put into a page once and asked again after each change of screen.
export async function axe(page, path, faults) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(AXE);
  const violations = await page.evaluate((tags) => axe.run(document, { runOnly: tags, resultTypes: ['violations'] }).then((found) => found.violations), TAGS);
  for (const violation of violations.filter(({ impact }) => impact === 'serious' || impact === 'critical'))
    faults.push(`${path}: axe ${violation.id}: ${violation.nodes.slice(0, 3).map((node) => node.target.join(' ')).join('; ')}`);
}
