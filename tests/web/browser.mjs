// browser.mjs: Chromium with ears: console errors, refused content, failed calls and serious accessibility findings are faults.
import { chromium } from 'playwright-core';
import AxeBuilder from '@axe-core/playwright';
import { PASSWORD, totp } from './registry.mjs';

export const launch = () => chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'] });

export async function open(browser, base, { width, language, faults }) {
  const context = await browser.newContext({ viewport: { width, height: width < 500 ? 740 : 900 }, locale: language === 'en' ? 'en-GB' : 'id-ID', timezoneId: 'Asia/Jakarta' });
  await context.addInitScript((chosen) => localStorage.setItem('lumbung.language', chosen), language);
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
  await page.waitForURL((url) => !url.pathname.startsWith('/masuk'), { timeout: 15000 });
}

export async function visit(page, path) {
  await page.goto(page.base + path);
  await page.waitForSelector('main h1', { timeout: 15000 });
  await page.waitForFunction(() => !document.querySelector('.skeleton'), null, { timeout: 15000 });
}

// Raw keys of the dictionary that show, and anything wider than the screen.
export async function look(page, path, faults) {
  const found = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - innerWidth,
    keys: [...new Set((document.querySelector('main')?.innerText || '').match(/\b[a-z]+\.[a-z_]+(\.[a-z_]+)*\b/g) || [])],
    problems: [...document.querySelectorAll('.note.bad')].map((note) => note.innerText),
  }));
  if (found.wide > 1) faults.push(`${path}: ${found.wide} px wider than the screen`);
  for (const text of found.problems) faults.push(`${path}: shows a problem: ${text.slice(0, 120)}`);
  return found.keys;
}

export async function axe(page, path, faults) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  for (const violation of violations.filter(({ impact }) => impact === 'serious' || impact === 'critical'))
    faults.push(`${path}: axe ${violation.id}: ${violation.nodes.slice(0, 3).map((node) => node.target.join(' ')).join('; ')}`);
}
