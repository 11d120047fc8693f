// check_demo.mjs: a demo is whole or not there: refusals, a failure in the middle, a kill, the same seed again; its dates lie around today.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { step, equal, truth, close } from './check.mjs';

const binary = process.argv[2], folder = mkdtempSync(join(tmpdir(), 'lumbung-demo-'));
const at = (name) => join(folder, name);
const demo = (name, ...words) => spawnSync(binary, ['demo', '--db', at(name), ...words], { encoding: 'utf8' });
const sql = (name, text) => spawnSync('sqlite3', [at(name), text], { encoding: 'utf8' }).stdout.trim();
const left = (name) => readdirSync(folder).filter((file) => file.startsWith(name)).sort();

await step('a household count that is none is refused and leaves nothing', () => {
  for (const words of [['--households', '0'], ['--households', '-5'], ['--households', '1000001'], ['--households', 'x'], ['--seed', 'x'], ['--unknown', '1']])
    truth(demo('bad.db', ...words).status !== 0, words.join(' '));
  equal(left('bad.db'), []);
});
await step('a file that exists, and keys of another registry, are left as they are', () => {
  writeFileSync(at('taken.db'), 'x');
  mkdirSync(at('other.db.keys'));
  writeFileSync(at('other.db.keys/master'), 'x');
  truth(demo('taken.db', '--households', '5').stderr.includes('exists already'), 'taken');
  truth(demo('other.db', '--households', '5').stderr.includes('another registry'), 'keys');
  equal([left('taken.db'), left('other.db')], [['taken.db'], ['other.db.keys']]);
});
await step('a failure in the middle leaves no half-made registry', () => {
  const script = `ulimit -f 2000; trap '' XFSZ; exec "${binary}" demo --db "${at('full.db')}" --households 2000`;
  const result = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  truth(result.status !== 0, 'it went through');
  equal(left('full.db'), []);
  const own = spawnSync('bash', ['-c', `${script} --keys "${at('full.keys')}"`], { encoding: 'utf8' });
  truth(own.status !== 0, 'it went through');
  equal(left('full'), []);
});
await step('killed in the middle: no file of that name; the next demo clears what was left and is whole', async () => {
  const child = spawn(binary, ['demo', '--db', at('killed.db'), '--households', '5000'], { stdio: 'ignore' });
  while (!existsSync(at('killed.db.making')) && child.exitCode === null) await new Promise((done) => setTimeout(done, 20));
  await new Promise((done) => setTimeout(done, 300));
  child.kill('SIGKILL');
  await new Promise((done) => child.on('exit', done));
  truth(!existsSync(at('killed.db')), 'a half-made file bears the name');
  truth(existsSync(at('killed.db.making')), 'nothing was cut off');
  equal(demo('killed.db', '--households', '40').status, 0);
  equal(left('killed.db'), ['killed.db', 'killed.db.keys']);
  equal(sql('killed.db', 'SELECT count(*) FROM household'), '42'); // two were registered twice
});
await step('the same seed makes the same registry, another one another', () => {
  const figures = 'SELECT count(*), sum(birth_date), count(DISTINCT birth_date) FROM member; SELECT state, count(*), sum(total_minor) FROM batch GROUP BY state ORDER BY state; SELECT count(*) FROM enrollment';
  for (const [name, seed] of [['one.db', 7], ['two.db', 7], ['three.db', 8]]) equal(demo(name, '--households', '450', '--seed', String(seed)).status, 0, name);
  equal(sql('one.db', figures), sql('two.db', figures));
  truth(sql('one.db', 'SELECT sum(birth_date) FROM member') !== sql('three.db', 'SELECT sum(birth_date) FROM member'), 'seeds 7 and 8 are the same');
});
await step('its books are balanced, its cycles lie around today, and some houses hold two families', () => {
  equal(spawnSync(binary, ['verify', '--db', at('one.db')]).status, 0, 'verify');
  const today = Math.floor(Date.now() / 86400000);
  for (const line of sql('one.db', 'SELECT starts_on, ends_on FROM cycle').split('\n')) {
    const [first, last] = line.split('|').map(Number);
    truth(first <= today + 1 && last > today - 100, `a cycle of ${first}..${last} on day ${today}`);
  }
  truth(Number(sql('one.db', 'SELECT count(*) FROM (SELECT 1 FROM household_card GROUP BY household_id HAVING count(*) > 1)')) > 3, 'two cards in a house');
  truth(Number(sql('one.db', 'SELECT count(*) FROM enrollment WHERE family_no = 2')) > 0, 'nobody of a second family is enrolled');
});
rmSync(folder, { recursive: true });
close();
