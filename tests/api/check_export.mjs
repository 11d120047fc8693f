// check_export.mjs: files out and in: exports with their manifests, what a changed byte does, registrations by a map, backup and restore.
import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { step, equal, truth, close } from './check.mjs';
import { startRegistry, Client, fill } from './registry.mjs';

const binary = process.argv[2];
const maps = join(dirname(fileURLToPath(import.meta.url)), '..', 'mappings');
const registry = await startRegistry(binary);
const at = (name) => join(registry.folder, name);
const cli = (...words) => spawnSync(binary, words, { encoding: 'utf8' });
try {
  await fill(registry.base);
  const audi = await new Client(registry.base).signIn('audi');
  const download = (path) => fetch(`${registry.base}/api/v1${path}`, { headers: { Cookie: audi.cookie, 'Sec-Fetch-Site': 'same-origin' } });

  await step('a CSV over HTTP verifies against its manifest with no database at hand', async () => {
    const answer = await download('/exports/disbursements.csv');
    equal(answer.status, 200);
    truth(answer.headers.get('content-disposition').startsWith('attachment'), 'shown in the browser');
    const bytes = Buffer.from(await answer.arrayBuffer());
    equal(Number(answer.headers.get('content-length')), bytes.length, 'length');
    const manifest = await audi.get(answer.headers.get('lumbung-manifest').replace('/api/v1', ''));
    equal(manifest.sha256, createHash('sha256').update(bytes).digest('hex'));
    equal(manifest.rows, bytes.toString().trim().split('\r\n').length - 1, 'rows');
    equal(manifest.totals.reduce((sum, total) => sum + total.rows, 0), manifest.rows, 'totals');
    truth(manifest.totals.every((total) => total.currency === 'IDR'), 'currency');
    truth(manifest.checkpoint.startsWith(`lumbung/${manifest.origin}\n`), 'origin');
    truth(bytes.toString().includes(',P-') && !bytes.toString().includes('Aminah'), 'names without a reason');
    writeFileSync(at('web.csv'), bytes);
    writeFileSync(at('web.csv.manifest.json'), JSON.stringify(manifest));
    const verified = cli('verify', at('web.csv'));
    equal(verified.status, 0, verified.stderr);
    for (const total of manifest.totals) truth(verified.stdout.includes(`IDR ${total.state}: ${total.rows} rows, amount ${total.amount_minor}, paid ${total.paid_minor},`), verified.stdout);
  });
  await step('names are given for a reason, and rows=event is a row a receipt', async () => {
    truth((await (await download('/exports/disbursements.ndjson?reason=pemeriksaan')).text()).includes('Siti Aminah'), 'no name');
    const events = (await (await download('/exports/disbursements.ndjson?rows=event')).text()).trim().split('\n').map((line) => JSON.parse(line));
    equal(events.map((event) => [event.state, event.paid_minor]), [['receipt', events[0].amount_minor]]);
    equal((await download('/exports/disbursements.csv?rows=week')).status === 200, false, 'an unknown kind of rows');
    equal((await download('/exports/disbursements.csv?colour=red')).status, 400);
  });
  for (const format of ['csv', 'ndjson', 'xlsx']) {
    await step(`${format}: the file verifies; a changed byte, a lost row and a changed manifest do not`, async () => {
      const server = cli('backup', '--db', registry.db, at(`${format}.tar`));
      equal(server.status, 0, server.stderr);
      const answer = await download(`/exports/disbursements.${format}`);
      const bytes = Buffer.from(await answer.arrayBuffer());
      const manifest = JSON.stringify(await audi.get(answer.headers.get('lumbung-manifest').replace('/api/v1', '')));
      const tryIt = (name, content, document) => {
        writeFileSync(at(name), content);
        writeFileSync(at(`${name}.manifest.json`), document);
        return cli('verify', at(name));
      };
      const good = tryIt(`good.${format}`, bytes, manifest);
      equal(good.status, 0, good.stderr);
      truth(/IDR \w+: \d+ rows, amount \d+/.test(good.stdout), `the rows are not added up: ${good.stdout}`);
      const flipped = Buffer.from(bytes);
      flipped[flipped.length >> 1] ^= 1;
      equal(tryIt(`bad.${format}`, flipped, manifest).status === 0, false, 'a changed byte');
      truth(tryIt(`bad.${format}`, bytes.subarray(0, -1), manifest).stderr.includes('size'), 'a shorter file');
      truth(tryIt(`bad.${format}`, bytes, manifest.replace(/"rows":(\d)/, '"rows":9$1')).stderr.includes('signature'), 'a changed manifest');
    });
  }
  await step('a workbook has as many rows as were counted for it, whichever rows are asked', async () => {
    const today = new Date(Date.now() + 7 * 3600000).toISOString().slice(0, 10);
    for (const query of ['', '?rows=event', '?date=paid', '?rows=event&date=paid', `?from=${today}&to=${today}`, `?date=paid&from=${today}`, '?from=2020-01-01&to=2020-01-31', '?region=15.02', '?state=paid']) {
      const rows = [];
      for (const format of ['csv', 'xlsx']) {
        const answer = await download(`/exports/disbursements.${format}${query}`);
        equal(answer.status, 200, `${query}: ${answer.status === 200 ? '' : await answer.text()}`);
        await answer.arrayBuffer();
        rows.push((await audi.get(answer.headers.get('lumbung-manifest').replace('/api/v1', ''))).rows);
      }
      equal(rows[0], rows[1], query);
    }
    equal(readdirSync(registry.folder).filter((name) => name.startsWith('.lumbung')), [], 'left beside the registry');
  });
  const head = 'programFspConfigurationName;phoneNumber;preferredLanguage;maxPayments;scope;age;gender;fullName;village;howManyOver65;howManyChronic;howManyDisabilities;howManyPregnantLactating;howManyUnder5;howManyWidows;sum;totalHHSize;nationalId';
  const row = (age, sex, scope, size) => `Excel;2548267256${age};en;2;${scope};${age};${sex};Mark Johnson;Milimani;0;0;0;0;0;0;1;${size};46913810`;
  await step('registrations come in by a map; a refused row names line, column, value, reason and remedy', async () => {
    writeFileSync(at('in.csv'), [head, row(67, 'male ', 'kisumu', 3), row(30, 'man', 'kisumu', 3), row(31, 'female', 'turkana', 2), row(32, 'female', 'mombasa', 'x')].join('\r\n'));
    const words = ['import', 'households', '--db', registry.db, at('in.csv'), '--map', join(maps, 'client-121-counts.json'), '--errors', at('errors.csv')];
    const dry = cli(...words, '--dry-run');
    equal(dry.status, 3, dry.stderr);
    const real = cli(...words);
    equal(real.status, 3);
    truth(real.stdout.includes('4 rows, 2 households in, 2 refused'), real.stdout);
    const errors = readFileSync(at('errors.csv'), 'utf8').trim().split('\r\n');
    equal(errors[0], 'line,column,value,reason,remedy');
    truth(errors.some((line) => line.startsWith('3,gender,man,')), errors.join('|'));
    truth(errors.some((line) => line.startsWith('5,totalHHSize,x,')), errors.join('|'));
  });
  await step('of 300 rows each seventh is refused by its own line, in the file\'s order, and the others are in', async () => {
    const many = Array.from({ length: 300 }, (_, i) => row(20 + (i % 60), i % 7 === 3 ? `sex ${i}` : 'female', 'kisumu', 2));
    const expected = many.flatMap((_, i) => (i % 7 === 3 ? [`${i + 2},gender,sex ${i}`] : []));
    writeFileSync(at('many.csv'), [head, ...many].join('\r\n'));
    const words = ['import', 'households', '--db', registry.db, at('many.csv'), '--map', join(maps, 'client-121-counts.json'), '--errors', at('errors.csv')];
    const rina = await new Client(registry.base).signIn('rina');
    const count = async () => { let all = 0, after = ''; for (;;) { const page = await rina.get(`/households?limit=200${after && `&after=${after}`}`); all += page.items.length; if (!page.next) return all; after = page.next; } };
    const before = await count();
    for (const dry of [true, false]) {
      const done = cli(...words, ...(dry ? ['--dry-run'] : []));
      equal(done.status, 3, done.stderr);
      truth(done.stdout.includes(`300 rows, ${300 - expected.length} households in, ${expected.length} refused`), done.stdout);
      equal(readFileSync(at('errors.csv'), 'utf8').trim().split('\r\n').slice(1).map((line) => line.split(',').slice(0, 3).join(',')), expected);
      equal(await count(), dry ? before : before + 300 - expected.length, dry ? 'a dry run left something' : 'households');
    }
  });
  await step('a map that names what is not there is refused as a whole', async () => {
    const map = JSON.parse(readFileSync(join(maps, 'client-121-counts.json'), 'utf8'));
    for (const change of [{ household: { ...map.household, colour: 'scope' } }, { member: { ...map.member, name: 'surname' } }, { one_row_is: 'person' }, { extra: 1 }]) {
      writeFileSync(at('map.json'), JSON.stringify({ ...map, ...change }));
      equal(cli('import', 'households', '--db', registry.db, at('in.csv'), '--map', at('map.json')).status, 2, JSON.stringify(Object.keys(change)));
    }
  });
  for (const [file, map, code] of [['excel-999.csv', 'client-121-counts.json', 0], ['mobile-money-999.csv', 'client-121-counts.json', 0],
    ['test-registrations-demo-1000.csv', 'client-121-demo.json', 3], ['test-registrations-PV.csv', 'client-121-addresses.json', 2]]) {
    const path = join(process.cwd(), '..', 'shared', 'data', 'client-121', file);
    if (!existsSync(path)) { console.log(`skip ${file} is not here`); continue; }
    await step(`${file} loads, or each refused row is named`, async () => {
      const done = cli('import', 'households', '--db', registry.db, path, '--map', join(maps, map), '--errors', at('errors.csv'), '--dry-run');
      equal(done.status, code, done.stdout + done.stderr);
      const refused = Number(/(\d+) refused/.exec(done.stdout)[1]);
      truth(readFileSync(at('errors.csv'), 'utf8').trim().split('\r\n').length - 1 >= refused, 'a refused row without a line');
    });
  }
  const clientFiles = join(process.cwd(), '..', 'shared', 'data', 'client-121');
  if (existsSync(clientFiles)) {
    await step('what is refused of these files is the data\'s fault: no sex and no age in one, more pregnant than people in the other', async () => {
      const map = JSON.parse(readFileSync(join(maps, 'client-121-addresses.json'), 'utf8')), file = join(clientFiles, 'test-registrations-PV.csv');
      truth(!readFileSync(file, 'utf8').split(/\r?\n/)[0].split(',').some((name) => /^(sex|gender|age|birth.*)$/i.test(name)), 'the file has them after all');
      Object.assign(map.member, { sex: { const: 'X' }, age_years: { const: 30 }, age_on: { const: '2025-05-16' } });
      writeFileSync(at('map.json'), JSON.stringify(map));
      const done = cli('import', 'households', '--db', registry.db, file, '--map', at('map.json'), '--dry-run');
      truth(done.status === 0 && done.stdout.includes('20 rows, 20 households in, 0 refused'), done.stdout + done.stderr);
      const demo = join(clientFiles, 'test-registrations-demo-1000.csv'), rows = readFileSync(demo, 'utf8').trim().split('\n').map((line) => line.split(','));
      const number = (cells, name) => Number(cells[rows[0].indexOf(name)]) || 0;
      const wrong = rows.flatMap((cells, i) => (i > 0 && number(cells, 'pregnant') > ['males', 'boys', 'women', 'girls'].reduce((sum, name) => sum + number(cells, name), 0) ? [i + 1] : []));
      cli('import', 'households', '--db', registry.db, demo, '--map', join(maps, 'client-121-demo.json'), '--errors', at('errors.csv'), '--dry-run');
      equal(readFileSync(at('errors.csv'), 'utf8').trim().split('\r\n').slice(1).map((line) => Number(line.split(',')[0])), wrong);
    });
  }
  await step('a backup taken while serving restores, verifies, never overwrites, and wants its own keys', async () => {
    equal(cli('backup', '--db', registry.db, at('b.tar')).status, 0);
    equal(cli('backup', '--db', registry.db, at('b.tar')).status === 0, false, 'over an old backup');
    equal(cli('restore', at('b.tar'), '--db', at('no-keys.db')).status, 2);
    cpSync(`${registry.db}.keys`, at('new.db.keys'), { recursive: true });
    const restored = cli('restore', at('b.tar'), '--db', at('new.db'));
    equal(restored.status, 0, restored.stderr);
    equal(cli('verify', '--db', at('new.db')).status, 0);
    for (const format of ['csv', 'ndjson', 'xlsx']) {
      equal(cli('export', 'disbursements', '--db', at('new.db'), '--format', format, '--out', at(`cli.${format}`)).status, 0);
      equal(cli('verify', at(`cli.${format}`)).status, 0);
    }
    equal(cli('restore', at('b.tar'), '--db', at('new.db')).status === 0, false, 'over a registry');
    writeFileSync(at('cut.tar'), readFileSync(at('b.tar')).subarray(0, 20000));
    cpSync(`${registry.db}.keys`, at('cut.db.keys'), { recursive: true });
    equal(cli('restore', at('cut.tar'), '--db', at('cut.db')).status === 0, false, 'a backup cut short');
    truth(!existsSync(at('cut.db')), 'half a registry was left');
    const other = await startRegistry(binary);
    try {
      const wrong = cli('restore', at('b.tar'), '--db', at('wrong.db'), '--keys', `${other.db}.keys`);
      equal(wrong.status, 2);
      truth(!existsSync(at('wrong.db')), 'a registry with foreign keys was left');
    } finally {
      await other.stop();
    }
  });
  const maya = await new Client(registry.base).signIn('maya');
  await step('the command asks by batch, cycle and program as the call does, and its manifest says so', async () => {
    const one = JSON.parse((await (await download('/exports/disbursements.ndjson')).text()).split('\n')[0]);
    const ask = (out, ...words) => {
      const result = cli('export', 'disbursements', '--db', at('new.db'), '--format', 'ndjson', '--out', at(out), ...words);
      return { ...result, rows: result.status === 0 ? readFileSync(at(out), 'utf8').split('\n').filter(Boolean).length : undefined };
    };
    const batch = await maya.get(`/batches/${one.batch_id}`);
    for (const [name, id] of [['batch', batch.id], ['cycle', batch.cycle_id], ['program', batch.program_id]]) {
      const there = (await (await download(`/exports/disbursements.ndjson?${name}=${id}`)).text()).split('\n').filter(Boolean).length;
      truth(there > 0, `no rows by ${name}`);
      const out = `by-${name}.ndjson`, asked = ask(out, `--${name}`, id);
      equal([asked.status, asked.rows], [0, there], asked.stderr);
      equal(JSON.parse(readFileSync(at(`${out}.manifest.json`), 'utf8')).filters[name], id, 'the manifest');
      equal(ask(`none-${name}.ndjson`, `--${name}`, randomUUID()).rows, 0, 'another');
      const wrong = ask(`wrong-${name}.ndjson`, `--${name}`, 'x');
      equal(wrong.status, 2);
      truth(wrong.stderr.includes(`--${name}`), wrong.stderr);
    }
  });
  const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0]), Buffer.alloc(2000, 0x5a)]);
  await step('a backup carries digests of its parts: each flipped byte is found, and named by its part', async () => {
    const rina = await new Client(registry.base).signIn('rina');
    const added = await fetch(`${registry.base}/api/v1/attachments`, { method: 'POST', body: JPEG, headers: { Cookie: rina.cookie, 'X-Requested-With': 'lumbung', 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'image/jpeg', 'Idempotency-Key': `"${randomUUID()}"` } });
    equal(added.status, 201, await added.clone().text());
    const { id } = await added.json(), photo = `blobs/${id.slice(-2)}/${id}`;
    equal(cli('backup', '--db', registry.db, at('p.tar')).status, 0);
    const whole = readFileSync(at('p.tar')), pubkey = /signature of ([0-9a-f]{64}) holds/.exec(cli('verify', at('p.tar')).stdout)[1];
    writeFileSync(at('p.pub'), `${pubkey}\n`);
    writeFileSync(at('other.pub'), `${'0'.repeat(64)}\n`);
    equal(cli('verify', at('p.tar'), '--pubkey', at('p.pub')).status, 0);
    truth(cli('verify', at('p.tar'), '--pubkey', at('other.pub')).stderr.includes('is signed by'), 'another key');
    const listed = spawnSync('tar', ['-xOf', at('p.tar'), 'digests'], { encoding: 'utf8' }).stdout;
    truth(listed.includes(`  ${photo}\n`) && listed.includes('  lumbung.db\n') && listed.includes('  checkpoint\n'), listed);
    const inside = (name) => { const head = whole.indexOf(`${name}\0`); return { at: head + 512, size: parseInt(whole.toString('latin1', head + 124, head + 135), 8) }; };
    const tries = [[photo, (bytes, part) => { bytes[part.at + part.size - 1] ^= 1; }, `${photo} was changed`], [photo, (bytes, part) => { bytes[part.at] ^= 0x80; }, `${photo} was changed`],
      ['lumbung.db', (bytes, part) => { bytes[part.at + (part.size >> 1)] ^= 4; }, 'lumbung.db was changed'], ['checkpoint', (bytes, part) => { bytes[part.at + 3] ^= 1; }, 'checkpoint was changed'],
      ['digests', (bytes, part) => { const place = part.at + whole.subarray(part.at, part.at + part.size).indexOf(photo) - 66; bytes[place] = bytes[place] === 0x30 ? 0x31 : 0x30; }, `${photo} was changed`],
      ['digests', (bytes, part) => { bytes.write('x', part.at + whole.subarray(part.at, part.at + part.size).indexOf(photo) + photo.length - 1); }, 'list says'],
      ['digests.signature', (bytes, part) => { bytes[part.at + 70] = bytes[part.at + 70] === 0x30 ? 0x31 : 0x30; }, 'signature of the backup'],
      ['digests.signature', (bytes, part) => { bytes[part.at + 70] = 0x78; }, 'cannot be read']];
    for (const [name, change, said] of tries) {
      const bytes = Buffer.from(whole);
      change(bytes, inside(name));
      rmSync(at('t.tar'), { force: true });
      writeFileSync(at('t.tar'), bytes);
      const verified = cli('verify', at('t.tar'));
      equal(verified.status, 1, `${said}: ${verified.stdout}`);
      truth(verified.stderr.includes(said), `${said}: ${verified.stderr}`);
      const restored = cli('restore', at('t.tar'), '--db', at('t.db'), '--keys', `${registry.db}.keys`);
      truth(restored.status !== 0 && restored.stderr.includes(said) && !existsSync(at('t.db')) && !existsSync(`${at('t.db')}.blobs`), `restore: ${said}: ${restored.stderr}`);
    }
    const head = whole.indexOf(`${photo}\0`), without = Buffer.concat([whole.subarray(0, head), whole.subarray(head + 512 + Math.ceil(inside(photo).size / 512) * 512)]);
    writeFileSync(at('w.tar'), without);
    truth(cli('verify', at('w.tar')).stderr.includes(`list says ${photo}`), 'a photo left out');
    writeFileSync(at('w.tar'), whole.subarray(0, whole.indexOf('digests\0') ));
    truth(cli('verify', at('w.tar')).status !== 0, 'a backup without its list');
    writeFileSync(at('w.tar'), Buffer.concat([whole.subarray(0, whole.indexOf('digests\0')), Buffer.alloc(1024)]));
    truth(cli('verify', at('w.tar')).stderr.includes('holds no signed list'), 'a list cut off');
    equal(cli('restore', at('p.tar'), '--db', at('p.db'), '--keys', `${registry.db}.keys`).status, 0);
    equal(cli('verify', '--db', at('p.db'), '--keys', `${registry.db}.keys`).status, 0);
    const lying = `${at('p.db')}.${photo}`, sealed = readFileSync(lying);
    sealed[sealed.length >> 1] ^= 1;
    writeFileSync(lying, sealed);
    truth(cli('verify', '--db', at('p.db'), '--keys', `${registry.db}.keys`).stderr.includes(`${id} was changed`), 'a changed photo of a registry');
    rmSync(lying);
    truth(cli('verify', '--db', at('p.db'), '--keys', `${registry.db}.keys`).stderr.includes(`${id} is missing`), 'a lost photo of a registry');
  });
  await step('keys are backed up sealed: the right passphrase alone opens them, nothing is overwritten, and they are plain nowhere', async () => {
    const say = (input, ...words) => spawnSync(binary, [...words, '--passphrase-stdin'], { encoding: 'utf8', input: `${input}\n` });
    const PHRASE = 'sawah hijau lumbung penuh', sealed = at('keys.sealed');
    equal(say('terlalu pen', 'backup', '--keys', sealed, '--db', registry.db).status, 2, 'a short passphrase');
    truth(!existsSync(sealed), 'a file for a short passphrase');
    equal(spawnSync('setsid', ['-w', binary, 'backup', '--keys', sealed, '--db', registry.db], { encoding: 'utf8' }).status, 2, 'without a terminal or a passphrase');
    const done = say(PHRASE, 'backup', '--keys', sealed, '--db', registry.db);
    equal(done.status, 0, done.stderr);
    equal(statSync(sealed).mode & 0o777, 0o600);
    truth(say(PHRASE, 'backup', '--keys', sealed, '--db', registry.db).stderr.includes('exists already'), 'over an old file');
    const document = readFileSync(sealed), archive = readFileSync(at('p.tar'));
    for (const name of ['master', 'log-sign', 'epoch-1']) {
      const file = readFileSync(`${registry.db}.keys/${name}`), secret = name === 'log-sign' ? file.subarray(32, 64) : file; // its public half is no secret
      for (const [where, bytes] of [['the sealed file', document], ['the archive', archive]])
        truth(!bytes.includes(secret) && !bytes.includes(secret.toString('hex')) && !bytes.includes(secret.toString('base64')), `${name} lies plain in ${where}`);
    }
    for (const [name, phrase, change] of [['a wrong passphrase', 'sawah hijau lumbung kosong', (text) => text], ['a blank more', `${PHRASE} `, (text) => text], ['another case', PHRASE.toUpperCase(), (text) => text],
      ['a sealed byte changed', PHRASE, (text) => text.replace(/"sealed":"(..)/, (all, pair) => `"sealed":"${pair === '00' ? '01' : '00'}`)], ['another salt', PHRASE, (text) => text.replace(/"salt":"(..)/, (all, pair) => `"salt":"${pair === '00' ? '01' : '00'}`)],
      ['fewer passes', PHRASE, (text) => text.replace('"passes":3', '"passes":1')], ['less memory', PHRASE, (text) => text.replace('268435456', '8388608')], ['more memory than any', PHRASE, (text) => text.replace('268435456', '1099511627776')],
      ['another key named', PHRASE, (text) => text.replace(/"public_key":"(..)/, (all, pair) => `"public_key":"${pair === '00' ? '01' : '00'}`)], ['cut in half', PHRASE, (text) => text.slice(0, text.length >> 1)], ['no JSON', PHRASE, () => 'kunci'],
      ['no sealed keys', PHRASE, (text) => text.replace('sealed', 'healed')], ['another kind', PHRASE, (text) => text.replace('"lumbung_keys":1', '"lumbung_keys":2')]]) {
      writeFileSync(at('k'), change(document.toString()));
      const opened = say(phrase, 'restore', '--keys', at('k'), '--db', at('k.db'));
      equal(opened.status, 2, `${name}: ${opened.stdout}${opened.stderr}`);
      truth(!existsSync(`${at('k.db')}.keys`), `${name} left keys`);
    }
    truth(say('sawah hijau lumbung kosong', 'restore', '--keys', sealed, '--db', at('k.db')).stderr.includes('passphrase does not open'), 'no reason');
    equal(say(PHRASE, 'restore', '--keys', sealed, '--db', at('k.db')).status, 0);
    for (const name of ['master', 'log-sign', 'epoch-1']) {
      equal(readFileSync(`${at('k.db')}.keys/${name}`).equals(readFileSync(`${registry.db}.keys/${name}`)), true, name);
      equal(statSync(`${at('k.db')}.keys/${name}`).mode & 0o777, 0o600);
    }
    truth(say(PHRASE, 'restore', '--keys', sealed, '--db', at('k.db')).stderr.includes('never overwritten'), 'over keys that are there');
    equal(cli('restore', at('p.tar'), '--db', at('k.db')).status, 0, 'backup and keys together');
    equal(cli('verify', '--db', at('k.db')).status, 0);
    equal(say(PHRASE, 'restore', '--keys', sealed, '--db', at('other.db'), '--to', at('elsewhere')).status, 0);
    equal(say(PHRASE, 'backup', '--keys', at('keys2'), '--db', at('other.db'), '--from', at('elsewhere')).status, 0);
    equal(say(PHRASE, 'backup', '--keys', at('keys3'), '--db', at('none.db')).status, 2, 'keys that are not there');
  });
} finally {
  await registry.stop();
}
close();
