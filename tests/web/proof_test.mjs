// proof_test.mjs: the proof page against real exports: what is genuine holds; a byte, a row, a manifest, a key or a signature that is another's does not.
import { generateKeyPairSync, createHash, sign } from 'node:crypto';
import { startRegistry, fill, Client } from './registry.mjs';
import { launch, open, signIn, visit, look, axe } from './browser.mjs';
import { equal, makeSteps } from './steps.mjs';

const faults = [];
const { step, end } = makeSteps(faults);

const registry = await startRegistry(process.argv[2]);
const browser = await launch();
try {
  await fill(registry.base);
  const audi = await new Client(registry.base).signIn('audi');
  const download = async (format) => {
    const answer = await fetch(`${registry.base}/api/v1/exports/disbursements.${format}?reason=pemeriksaan`, { headers: { Cookie: audi.cookie, 'Sec-Fetch-Site': 'same-origin' } });
    const file = Buffer.from(await answer.arrayBuffer());
    const path = answer.headers.get('lumbung-manifest');
    const manifest = await (await fetch(`${registry.base}${path}`, { headers: { Cookie: audi.cookie, 'Sec-Fetch-Site': 'same-origin' } })).text();
    return { name: `penyaluran.${format}`, file, manifest };
  };
  const csv = await download('csv'), key = (await audi.get('/audit/key')).trim(), hex = JSON.parse(csv.manifest).public_key;
  const other = generateKeyPairSync('ed25519');
  const otherHex = other.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  const page = await open(browser, registry.base, { width: 360, language: 'id', faults });
  page.setDefaultTimeout(30000);
  await signIn(page, 'audi');

  const check = async ({ name = csv.name, file = csv.file, manifest = csv.manifest, pasted = '' }, on = page) => {
    await visit(on, '/bukti');
    await on.setInputFiles('#file', { name, mimeType: 'application/octet-stream', buffer: file });
    await on.setInputFiles('#manifest', { name: `${name}.manifest.json`, mimeType: 'application/json', buffer: Buffer.from(manifest) });
    await on.fill('[id="f/key"]', pasted);
    await on.getByRole('button', { name: 'Periksa', exact: true }).click();
    await on.locator('main .note[role], main .fault').first().waitFor();
    const states = await on.locator('main .list > li').evaluateAll((lines) => lines.map((line) => [line.querySelector('b').textContent, line.querySelector('.state').textContent]));
    return { bad: states.filter(([, state]) => state === 'tidak cocok').map(([label]) => label), unknown: states.filter(([, state]) => state === 'belum diperiksa').map(([label]) => label), count: states.length, text: await on.locator('main').innerText() };
  };
  const holds = async (given, checks) => {
    const { bad, unknown, count, text } = await check(given);
    equal([bad, unknown, count], [[], [], checks], 'checks');
    if (!text.includes('tepat seperti saat diekspor')) throw new Error(text);
    return text;
  };
  const fails = async (given, wanted) => {
    const { bad, text } = await check(given);
    equal(bad, wanted, 'what does not match');
    if (!text.includes('TIDAK cocok') || text.includes('tepat seperti saat diekspor')) throw new Error(text);
    return text;
  };
  const changed = (at, by = 1) => { const file = Buffer.from(csv.file); file[at] ^= by; return file; };
  const canonical = (value) => (Array.isArray(value) ? `[${value.map(canonical).join(',')}]` : value && typeof value === 'object' ? `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}` : JSON.stringify(value));
  const altered = (change) => { const manifest = JSON.parse(csv.manifest); change(manifest); return JSON.stringify(manifest); };

  await step('a genuine export holds against the registry\'s own key', async () => {
    const text = await holds({}, 6);
    if (!text.includes('kunci registri ini')) throw new Error(text);
    await look(page, '/bukti', faults);
    await axe(page, '/bukti', faults);
  });
  await step('and against a pasted key, as 64 digits or as the line of the audit page', async () => {
    for (const pasted of [hex, hex.toUpperCase(), ` ${key}\n`]) if (!(await holds({ pasted }, 6)).includes('yang Anda tempel')) throw new Error('not with the pasted key');
  });
  await step('the manifest may be written otherwise, in another order and with blanks: what is signed is its content', async () => {
    await holds({ manifest: JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(csv.manifest)).reverse()), null, 2) }, 6);
  });
  for (const format of ['ndjson', 'xlsx']) await step(`${format} holds too`, async () => { await holds(await download(format), format === 'xlsx' ? 5 : 6); });

  await step('one byte changed: first, middle, last', async () => {
    for (const at of [0, Math.floor(csv.file.length / 2), csv.file.length - 3]) await fails({ file: changed(at) }, ['Sidik SHA-256']);
  });
  await step('a row lost, a row doubled, a file cut short, an empty file', async () => {
    const lines = csv.file.toString().trimEnd().split('\r\n');
    const all = ['Sidik SHA-256', 'Ukuran berkas', 'Jumlah baris'];
    await fails({ file: Buffer.from(`${lines.slice(0, -1).join('\r\n')}\r\n`) }, all);
    await fails({ file: Buffer.from(`${[...lines, lines[1]].join('\r\n')}\r\n`) }, all);
    await fails({ file: csv.file.subarray(0, csv.file.length - 1) }, ['Sidik SHA-256', 'Ukuran berkas']);
    await fails({ file: Buffer.alloc(0) }, all);
  });
  await step('a manifest altered in any part, its signature included', async () => {
    for (const change of [(m) => { m.made_by = 'orang lain'; }, (m) => { m.filters.region = '15'; }, (m) => { m.totals[0].amount_minor += 100; }, (m) => { m.extra = 1; }, (m) => { delete m.personal; }, (m) => { m.signature = m.signature.replace(/^./, (d) => (d === '0' ? '1' : '0')); }, (m) => { delete m.signature; }, (m) => { m.signature = 'zz'; }])
      await fails({ manifest: altered(change) }, ['Tanda tangan manifes']);
    await fails({ manifest: altered((m) => { m.rows += 1; }) }, ['Jumlah baris', 'Tanda tangan manifes']);
  });
  await step('a manifest fitted to a changed file keeps no signature', async () => {
    const file = changed(csv.file.length - 3);
    await fails({ file, manifest: altered((m) => { m.sha256 = createHash('sha256').update(file).digest('hex'); }) }, ['Tanda tangan manifes']);
  });
  await step('a log head of another registry, cut or replaced', async () => {
    for (const change of [(m) => { m.origin = '01900000-0000-7000-8000-000000000001'; }, (m) => { m.checkpoint = ''; }, (m) => { m.checkpoint = m.checkpoint.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) + 1}\n`); }, (m) => { delete m.checkpoint; }, (m) => { m.checkpoint = 'a\n1\n***\n\n'; }])
      await fails({ manifest: altered(change) }, ['Tanda tangan manifes', 'Kepala catatan audit dalam manifes']);
  });
  await step('another key', async () => {
    const text = await fails({ pasted: otherHex }, ['Kunci penanda tangan', 'Kepala catatan audit dalam manifes']);
    if (!text.includes('ditandatangani dengan kunci lain')) throw new Error(text);
  });
  await step('a whole forgery, signed properly by somebody else', async () => {
    const file = changed(csv.file.length - 3), manifest = { ...JSON.parse(csv.manifest), sha256: createHash('sha256').update(file).digest('hex'), public_key: otherHex };
    delete manifest.signature;
    manifest.signature = sign(null, Buffer.from(canonical(manifest)), other.privateKey).toString('hex');
    await fails({ file, manifest: JSON.stringify(manifest) }, ['Kunci penanda tangan']);
  });
  await step('what is no key, no manifest or not JSON is told in words', async () => {
    for (const pasted of ['abc', hex.slice(1), `${hex}0`, key.replace(/\+[0-9a-f]{8}\+/, '+00000000+'), key.slice(0, -2)]) if (!(await check({ pasted })).text.includes('bukan kunci publik')) throw new Error(pasted);
    for (const manifest of ['', 'null', '[]', '{}', '{"lumbung_manifest":2}', '<html>', `${csv.manifest}x`, csv.manifest.replace('{', '{"rows":1,'), csv.manifest.slice(0, -1)]) if (!(await check({ manifest })).text.includes('tidak dapat dibaca')) throw new Error(manifest.slice(0, 40));
  });
  await step('sums beyond what a number holds keep every digit in the signed text', async () => {
    const found = await page.evaluate(async () => { const { canonical: text } = await import('/pages/canonical.js'); return text('{ "b": [9007199254740993, -1, true, null], "a": "\\u00e9\\u007f\\n", "s": {"z":1,"s":2}, "signature":"x" }', 'signature'); });
    equal(found, '{"a":"é\\u007f\\n","b":[9007199254740993,-1,true,null],"s":{"s":2,"z":1}}', 'canonical');
  });

  await step('a browser without Ed25519 says so, claims nothing, and still finds a changed byte', async () => {
    const old = await open(browser, registry.base, { width: 1280, language: 'id', faults });
    old.setDefaultTimeout(30000);
    await old.addInitScript(() => { crypto.subtle.importKey = () => Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError')); });
    await signIn(old, 'audi');
    const whole = await check({}, old);
    equal([whole.bad, whole.unknown], [[], ['Tanda tangan manifes', 'Kepala catatan audit dalam manifes']], 'checks');
    if (!whole.text.includes('tidak dapat memeriksa tanda tangan Ed25519') || whole.text.includes('tepat seperti saat diekspor')) throw new Error(whole.text);
    equal((await check({ file: changed(9) }, old)).bad, ['Sidik SHA-256'], 'a changed byte');
    equal((await check({ pasted: otherHex }, old)).bad, ['Kunci penanda tangan', 'Kepala catatan audit dalam manifes'], 'another key');
    await axe(old, '/bukti', faults);
  });
} finally {
  await browser.close();
  await registry.stop();
}
end();
