// story_import_kill.mjs: an import is killed in its middle, again and again; repeated until it ends, every household is in once.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { step, equal, truth, close } from './check.mjs';
import { Client, PASSWORD } from './registry.mjs';
import { serve } from './trial.mjs';

const HOMES = 1500, binary = process.argv[2], folder = mkdtempSync(join(tmpdir(), 'lumbung-import-kill-')), db = join(folder, 'k.db'), at = (name) => join(folder, name);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const cli = (...words) => spawnSync(binary, [...words, '--db', db], { encoding: 'utf8' });
writeFileSync(at('regions.csv'), 'code,parent,level,kind,name\nXA,,1,country,Land\n');
const line = (home, i) => `${home},Orang ${i} rumah ${home},${i ? 'child' : 'head'},${i ? 'F' : 'M'},19${60 + home % 30}-01-0${i + 1}`;
const file = (homes) => `home,name,rel,sex,born\n${homes.flatMap((home) => [0, 1, 2].map((i) => line(home, i))).join('\n')}\n`;
writeFileSync(at('in.csv'), file(Array.from({ length: HOMES }, (_, i) => i)));
const map = { source: 'kill', one_row_is: 'member', group_by: ['home'], household: { region: { const: 'XA' }, 'consent.notice_version': { const: '1' }, 'consent.language': { const: 'id' }, 'consent.basis': { const: 'public_task' }, 'consent.given_by': { const: 'x' } },
  member: { name: 'name', relationship: 'rel', sex: 'sex', birth_date: 'born' } };
writeFileSync(at('map.json'), JSON.stringify(map));
const words = (name) => ['import', 'households', at(name), '--map', at('map.json'), '--db', db];
const server = async () => {
  const { base, server: running, ended } = await serve(binary, db);
  return { base, end: (signal) => { running.kill(signal); return ended; } };
};
await (await server()).end('SIGTERM');
cli('import', 'regions', at('regions.csv'));
spawnSync(binary, ['user', 'add', 'rina', '--role', 'officer', '--db', db, '--password-stdin'], { input: `${PASSWORD}\n` });

let before = 0;
const known = (said) => Number(/in before: (\d+) households/.exec(said)[1]), fresh = (said) => Number(/rows, (\d+) households in/.exec(said)[1]);
await step('killed three times while it writes, with and without a server, the registry opens and verifies each time', async () => {
  for (const served of [false, true, false]) {
    const serving = served ? await server() : null;
    const importing = spawn(binary, words('in.csv'), { stdio: 'ignore' });
    const ended = new Promise((done) => importing.on('exit', done)); // it may be through before it is killed
    await pause(250);
    if (serving) await serving.end('SIGKILL'); else importing.kill('SIGKILL');
    await ended;
    const verified = cli('verify');
    equal(verified.status, 0, verified.stderr);
  }
});
await step('repeated whole, it brings in what was missing and nobody twice', () => {
  const result = cli(...words('in.csv').slice(0, -2));
  equal(result.status, 0, result.stderr);
  before = known(result.stdout);
  equal(before + fresh(result.stdout), HOMES, result.stdout);
  truth(before > 0, 'nothing was in when it was killed: the trial proves nothing');
});
await step('once more: no household comes in, none is refused', () => {
  const result = cli(...words('in.csv').slice(0, -2));
  equal([result.status, fresh(result.stdout), known(result.stdout)], [0, 0, HOMES], result.stdout);
});
await step('households that are counted one by one through the API are as many as the file has', async () => {
  const serving = await server(), client = new Client(serving.base);
  await client.post('/session', { username: 'rina', password: PASSWORD });
  let count = 0, after;
  do {
    const page = await client.get(`/households?limit=200${after ? `&after=${after}` : ''}`);
    count += page.items.length;
    after = page.next;
  } while (after);
  equal(count, HOMES);
  await serving.end('SIGTERM');
});
await step('a later edition of the file brings its new households alone', () => {
  writeFileSync(at('later.csv'), file(Array.from({ length: HOMES + 5 }, (_, i) => HOMES + 4 - i)));
  const result = cli(...words('later.csv').slice(0, -2));
  equal([result.status, fresh(result.stdout), known(result.stdout)], [0, 5, HOMES], result.stdout);
});
await step('the file under another name of the registration is another registration', () => {
  writeFileSync(at('other.json'), JSON.stringify({ ...map, source: 'other' }));
  const few = at('few.csv');
  writeFileSync(few, file([1, 2]));
  const result = cli('import', 'households', few, '--map', at('other.json'));
  equal([result.status, fresh(result.stdout)], [0, 2], result.stdout);
});
rmSync(folder, { recursive: true, force: true });
close();
