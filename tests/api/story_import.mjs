// story_import.mjs: files of elsewhere: the whole tree of regions, registrations of other systems by their maps, and refusals that say what to do.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { step, equal, truth, close } from './check.mjs';

const binary = process.argv[2], shared = '../shared/data', folder = mkdtempSync(join(tmpdir(), 'lumbung-import-')), db = join(folder, 'i.db');
const cli = (...words) => spawnSync(binary, words, { encoding: 'utf8' });
const skip = (name, path) => { if (existsSync(path)) return false; console.log(`skip ${name}: ${path} is not there`); return true; };
await new Promise((done) => { const server = spawn(binary, ['serve', '--db', db, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] }); server.stdout.once('data', () => server.kill('SIGTERM')); server.on('exit', done); });
writeFileSync(join(folder, 'ke.csv'), 'code,parent,level,kind,name\nKE,,1,country,Kenya\n');
cli('import', 'regions', join(folder, 'ke.csv'), '--db', db);

for (const [map, file, rows] of [['excel-999', 'excel-999.csv', 999], ['excel-999', 'mobile-money-999.csv', 999], ['demo-1000', 'test-registrations-demo-1000.csv', 1000]]) {
  const path = join(shared, 'client-121', file);
  if (skip(file, path)) continue;
  await step(`${file}: a dry run keeps nothing, then every row loads`, () => {
    const before = readFileSync(db).length;
    let result = cli('import', 'households', path, '--map', `tests/mappings/${map}.json`, '--db', db, '--dry-run');
    equal([result.status, result.stdout.split('\n')[0]], [0, `dry run: ${rows} rows, ${rows} households in, 0 refused`]);
    truth(readFileSync(db).length <= before + 65536, 'a dry run wrote');
    result = cli('import', 'households', path, '--map', `tests/mappings/${map}.json`, '--db', db);
    equal([result.status, result.stdout.split('\n')[0]], [0, `${rows} rows, ${rows} households in, 0 refused`]);
  });
}
await step('refused rows name line, column, value, reason and remedy; the others are in: exit 3', () => {
  const file = join(folder, 'mixed.csv'), errors = join(folder, 'errors.csv');
  writeFileSync(file, 'phoneNumber,name,gender,birthdate\n0812345678,Amina,Féminin ,30-11-2000\n0812345679,Juma,Garçon,31-02-2000\n"0812345670","=cmd()",Masculin,01-01-1999\n');
  const result = cli('import', 'households', file, '--map', 'tests/mappings/demo-1000.json', '--db', db, '--errors', errors);
  equal(result.status, 3, result.stderr);
  const lines = readFileSync(errors, 'utf8').trim().split('\r\n');
  equal(lines[0], 'line,column,value,reason,remedy');
  truth(lines.some((line) => line.startsWith('3,gender,Garçon,')) && lines.some((line) => line.startsWith('3,birthdate,31-02-2000,')), lines.join('\n'));
});
await step('every fault of a row is named in one go, each on a line of its own, and those of a whole household under its rows', () => {
  const file = join(folder, 'faults.csv'), errors = join(folder, 'faults-errors.csv');
  const run = (text, map) => {
    writeFileSync(file, text);
    const result = cli('import', 'households', file, '--map', map, '--db', db, '--errors', errors);
    equal(result.status, 2, result.stderr);
    return readFileSync(errors, 'utf8').trim().split('\r\n').slice(1).map((line) => line.split(',').slice(0, 3).join(',')).sort();
  };
  equal(run('phoneNumber,name,gender,birthdate\n0812345678,Amina,,\n0812345679,,,31-02-2000\n', 'tests/mappings/demo-1000.json'),
    ['2,birthdate,', '2,gender,', '3,birthdate,31-02-2000', '3,gender,', '3,name,', '3,name,']);
  const map = join(folder, 'families.json');
  writeFileSync(map, JSON.stringify({ one_row_is: 'member', group_by: ['kk'], household: { region: 'village', kk_number: 'kk', 'consent.notice_version': { const: '1' }, 'consent.language': { const: 'id' }, 'consent.basis': { const: 'public_task' }, 'consent.given_by': { const: 'x' } },
    member: { name: 'name', sex: 'sex', birth_date: 'born', relationship: 'rel', nik: 'nik', id_reason: { const: 'other' } } }));
  equal(run('kk,village,name,sex,born,rel,nik\n3308030000000000,KE.99,Siti,,,child,1111111111111111\n3308030000000000,KE.99,Budi,M,2990-01-01,child,\n', map),
    ['2,born,', '2,kk,3308030000000000', '2,nik,1111111111111111', '2,sex,', '2,village,KE.99', '2,/members,', '3,born,2990-01-01'].sort());
});
await step('a map that names no column refuses everything: exit 2', () => {
  const file = join(folder, 'other.csv');
  writeFileSync(file, 'a,b\n1,2\n');
  const result = cli('import', 'households', file, '--map', 'tests/mappings/demo-1000.json', '--db', db);
  equal(result.status, 2);
  truth(result.stderr.includes("column 'phoneNumber'"), result.stderr);
});
const tree = join(shared, 'idn-regions/wilayah.csv');
if (!skip('wilayah.csv', tree))
  await step('the real tree of 91,599 regions loads, twice is no change', () => {
    let result = cli('import', 'regions', tree, '--db', db);
    equal([result.status, result.stdout.trim()], [0, '91599 rows'], result.stderr);
    result = cli('import', 'regions', tree, '--db', db);
    equal(result.status, 0, result.stderr);
  });
const conformance = join(shared, 'cel-conformance');
if (!skip('cel-conformance', conformance))
  await step('every conformance case of the rule language', () => {
    const result = cli('rule', 'test', ...['basic', 'logic', 'integer_math', 'lists', 'fields', 'string', 'macros'].map((name) => join(conformance, `${name}.jsonl`)));
    equal([result.status, result.stdout.trim().split('\n').pop()], [0, '331 passed, 0 failed']);
  });
await step('everything that was imported verifies', () => { const result = cli('verify', '--db', db); equal(result.status, 0, result.stderr); });
rmSync(folder, { recursive: true, force: true });
close();
