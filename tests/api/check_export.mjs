// check_export.mjs: files out and in: exports with their manifests, what a changed byte does, registrations by a map, backup and restore.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { step, equal, truth, close } from './check.mjs';
import { startRegistry, Client, fill } from './registry.mjs';

const binary = process.argv[2];
const maps = join(dirname(fileURLToPath(import.meta.url)), '..', 'import');
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
      equal(tryIt(`good.${format}`, bytes, manifest).status, 0);
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
  await step('registrations come in by a map; a refused row names line, column, value, reason and remedy', async () => {
    const head = 'programFspConfigurationName;phoneNumber;preferredLanguage;maxPayments;scope;age;gender;fullName;village;howManyOver65;howManyChronic;howManyDisabilities;howManyPregnantLactating;howManyUnder5;howManyWidows;sum;totalHHSize;nationalId';
    const row = (age, sex, scope, size) => `Excel;2548267256${age};en;2;${scope};${age};${sex};Mark Johnson;Milimani;0;0;0;0;0;0;1;${size};46913810`;
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
} finally {
  await registry.stop();
}
close();
