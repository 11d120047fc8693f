// story_registry_out.mjs: regions and people leave as open files and come into an empty registry with the same digest; a file that was touched, or a registry that held
// something else, is told apart.
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { step, equal, truth, close } from './check.mjs';
import { startRegistry, Client, family, fill } from './registry.mjs';

const binary = process.argv[2], folder = mkdtempSync(join(tmpdir(), 'lumbung-out-')), at = (name) => join(folder, name);
const cli = (...words) => spawnSync(binary, words, { encoding: 'utf8' });
const empty = async (name) => {
  await new Promise((done) => { const server = spawn(binary, ['serve', '--db', at(name), '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] }); server.stdout.once('data', () => server.kill('SIGTERM')); server.on('exit', done); });
  return at(name);
};
const registry = await startRegistry(binary);
try {
  const { households, rina } = await fill(registry.base);
  const maya = await new Client(registry.base).signIn('maya');
  const [leaver] = (await rina.get(`/households/${households[2].id}`)).members.slice(1);
  await rina.post(`/members/${leaver.id}/leave`, { reason: 'moved', on: new Date().toISOString().slice(0, 10) });
  const rich = await maya.post('/households', { ...family(30, '15.02.01.2001'), phone: '081234567890', kk_number: '1501010101190001', location: { lat: -2.1, lon: 101.5 }, housing: { rooms: 3, floor: 'cement' }, registered_region: '15.01.01.2002',
    members: [{ name: 'Pak "Koma", =SUM', id_reason: 'x', sex: 'M', age_years: 70, age_on: '2026-01-01', relationship: 'head', disability: { seeing: 3 }, other_ids: [{ kind: 'passport', value: 'A 1' }], income_minor: 1500000 },
      { name: 'Ibu', id_reason: 'x', sex: 'F', birth_date: '1990-01-01', birth_date_precision: 'year', relationship: 'wife', pregnancy: { due_on: '2027-01-01' } }] });
  await maya.post('/households', family(31, '15.02.01.2001')).then((made) => maya.post(`/households/${made.id}/dissolve`, { reason: 'other' }).catch(() => maya.post(`/households/${made.id}/dissolve`, { reason: 'moved' })));
  await maya.post('/consent-notices', { version: '2027', texts: ['id', 'en', 'jv'].map((language) => ({ language, title: 'T', text: `Teks "${language}"` })) });
  await maya.post('/consent-notices/2027/publish');
  await maya.post('/consent-notices', { version: '2028', texts: [{ language: 'id', title: 'T', text: 'rancangan' }] });
  const told = await maya.post('/households', { ...family(32, '15.02.01.2001'), consent: { ...family(32).consent, notice_version: '2027', language: 'jv' } });
  await registry.pause();
  const out = at('out');
  let digest;
  await step('the files are for their owner alone, and the digest names each', () => {
    const result = cli('export', 'registry', '--db', registry.db, '--out', out);
    equal(result.status, 0, result.stderr);
    equal(readdirSync(out).sort(), ['closed.csv', 'digest.json', 'households.ndjson', 'notices.ndjson', 'regions.csv']);
    digest = JSON.parse(readFileSync(join(out, 'digest.json'), 'utf8'));
    for (const name of ['closed.csv', 'households.ndjson', 'notices.ndjson', 'regions.csv']) {
      equal(statSync(join(out, name)).mode & 0o777, 0o600, name);
      equal(createHash('sha256').update(readFileSync(join(out, name))).digest('hex'), digest[name], name);
    }
    const lines = readFileSync(join(out, 'households.ndjson'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    equal([digest.households, digest.persons, digest.regions], [10, lines.reduce((sum, line) => sum + line.members.length, 0), 8]);
    const found = lines.find((line) => line.id === rich.id);
    equal([found.members[0].name, found.phone?.endsWith('81234567890'), found.kk_number, found.members[1].birth_date_precision], ['Pak "Koma", =SUM', true, '1501010101190001', 'year']);
    truth(!JSON.stringify(lines).includes(leaver.id), 'one who left is in the files');
    equal(readFileSync(join(out, 'notices.ndjson'), 'utf8').trim().split('\n').map((line) => JSON.parse(line)).map(({ version, texts }) => [version, texts.length]), [['2027', 3]], 'the published notices, without drafts');
    equal(lines.find((line) => line.id === told.id).consent.notice_version, '2027');
  });
  await step('an empty registry takes them in, verifies, and gives the very same files again', async () => {
    const db = await empty('new.db');
    let result = cli('import', 'registry', out, '--db', db);
    equal([result.status, result.stdout.trim()], [0, `8 regions, 10 households, ${digest.persons} persons in; the registry has the digest of the files`], result.stderr);
    equal(cli('verify', '--db', db).status, 0);
    result = cli('export', 'registry', '--db', db, '--out', at('again'));
    equal(result.status, 0, result.stderr);
    for (const name of ['closed.csv', 'households.ndjson', 'notices.ndjson', 'regions.csv']) equal(readFileSync(join(at('again'), name), 'utf8'), readFileSync(join(out, name), 'utf8'), name);
    result = cli('import', 'registry', out, '--db', db);
    equal(result.status, 0, `once more: ${result.stderr}`);
  });
  await step('while a server runs the console imports through it', async () => {
    const db = await empty('served.db');
    const server = spawn(binary, ['serve', '--db', db, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((done) => server.stdout.once('data', done));
    let result;
    for (let i = 0; i < 50; i++) { result = cli('import', 'registry', out, '--db', db); if (!result.stderr.includes('loading')) break; await new Promise((done) => setTimeout(done, 100)); }
    equal(result.status, 0, result.stderr);
    await new Promise((done) => { server.on('exit', done); server.kill('SIGTERM'); });
  });
  await step('a file that was touched is refused before anything is written', async () => {
    const db = await empty('touched.db');
    for (const [name, change] of [['households.ndjson', (path) => appendFileSync(path, '\n')], ['notices.ndjson', (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('Teks', 'Tekx'))], ['regions.csv', (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('Seleman', 'Selemam'))], ['closed.csv', (path) => appendFileSync(path, '15\n')],
      ['digest.json', (path) => writeFileSync(path, '{}')], ['digest.json', (path) => writeFileSync(path, 'x')], ['digest.json', (path) => rmSync(path)], ['households.ndjson', (path) => rmSync(path)]]) {
      rmSync(at('copy'), { recursive: true, force: true });
      cpSync(out, at('copy'), { recursive: true });
      change(join(at('copy'), name));
      const result = cli('import', 'registry', at('copy'), '--db', db);
      truth(result.status === 2 && result.stderr.includes(name === 'digest.json' ? '' : name), `${name}: ${result.status} ${result.stderr}`);
    }
    equal(cli('export', 'registry', '--db', db, '--out', at('still')).stdout.split(',')[0], '0 regions');
  });
  await step('a consent of before texts were kept comes in as it was given', async () => {
    const old = at('old'), named = join(old, 'households.ndjson'), digestOf = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');
    cpSync(out, old, { recursive: true });
    writeFileSync(named, readFileSync(named, 'utf8').replace('"notice_version":"2027"', '"notice_version":"formulir 2019"'));
    writeFileSync(join(old, 'digest.json'), JSON.stringify({ ...digest, 'households.ndjson': digestOf(named) }));
    const result = cli('import', 'registry', old, '--db', await empty('old.db'));
    equal(result.status, 0, result.stderr);
  });
  await step('a registry that held somebody else does not get the digest, and says so', async () => {
    const db = await empty('other.db');
    const csv = at('r.csv');
    writeFileSync(csv, 'code,parent,level,kind,name\nXA,,1,land,Land\n');
    equal(cli('import', 'regions', csv, '--db', db).status, 0);
    const result = cli('import', 'registry', out, '--db', db);
    truth(result.status !== 0 && result.stderr.includes('regions.csv'), result.stderr);
  });
  await step('a folder that is there, or that cannot be made, is not written into', () => {
    for (const words of [['--out', out], ['--out', at('no/where')], []]) truth(cli('export', 'registry', '--db', registry.db, ...words).status === 2, words.join(' '));
    truth(!existsSync(at('no')), 'a folder was made');
  });
} finally {
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
}
close();
