// story_surveys.mjs: three surveys come in household by household by their maps: sums equal to the source's, every contradiction listed, twice is no change.
// The real files lie in ../shared; made-up ones of the same shapes run always.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { step, equal, truth, close } from './check.mjs';

const binary = process.argv[2], folder = mkdtempSync(join(tmpdir(), 'lumbung-surveys-'));
const cli = (...words) => spawnSync(binary, words, { encoding: 'utf8' });
const regions = ['code,parent,level,kind,name', '15,,1,provinsi,Jambi', ...['01', '02', '03', '04', '05', '07'].map((code) => `15.${code},15,2,kabupaten,Kabupaten ${code}`),
  'GH,,1,country,Ghana', ...Array.from({ length: 10 }, (_, i) => `GH.${String(i + 1).padStart(2, '0')},GH,2,region,Region ${i + 1}`),
  'CR,,1,country,Costa Rica', ...[1, 2, 3, 4, 5, 6].map((i) => `CR.${i},CR,2,region,Region ${i}`)].join('\n');

async function registry(name) {
  const db = join(folder, `${name}.db`), csv = join(folder, 'regions.csv');
  await new Promise((done) => { const server = spawn(binary, ['serve', '--db', db, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] }); server.stdout.once('data', () => server.kill('SIGTERM')); server.on('exit', done); });
  writeFileSync(csv, regions);
  cli('import', 'regions', csv, '--db', db);
  return db;
}
const rows = (text) => text.trimEnd().split(/\r?\n/).map((line) => [...line.matchAll(/(^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((cell) => cell[2] !== undefined ? cell[2].replaceAll('""', '"') : cell[3]));
const records = (text) => { const [head, ...body] = rows(text); return body.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? '']))); };

// Loads a file by a map; gives what it printed, its list and its sums.
function load(db, map, path) {
  const errors = join(folder, 'errors.csv'), sums = join(folder, 'sums.csv');
  const result = cli('import', 'households', path, '--map', `tests/mappings/${map}.json`, '--db', db, '--errors', errors, '--sums', sums);
  truth([0, 2, 3].includes(result.status), result.stderr);
  if (!existsSync(errors)) throw new Error(result.stderr);
  return { status: result.status, said: result.stdout.trim().split('\n'), list: records(readFileSync(errors, 'utf8')), sums: records(readFileSync(sums, 'utf8')) };
}
// Persons, households, sexes and regions of what came in, was in, and was refused, together: what the source must have.
function total(sums, key, by) {
  const found = {};
  for (const row of sums) found[by(row)] = (found[by(row)] ?? 0) + Number(row[key]);
  return found;
}
const count = (list, by) => list.reduce((found, row) => { found[by(row)] = (found[by(row)] ?? 0) + 1; return found; }, {});
const sorted = (object) => Object.fromEntries(Object.entries(object).sort());

function sourceOf(path, shape) {
  const source = records(readFileSync(path, 'utf8'));
  return { rows: source, households: new Set(source.map(shape.household)).size, sexes: count(source, shape.sex), regions: sorted(count(source, shape.region)) };
}
function compare(answer, source) {
  equal([answer.said[0].split(' ')[0], Object.values(total(answer.sums, 'persons', () => 'all'))[0]], [String(source.rows.length), source.rows.length], 'persons');
  equal(total(answer.sums, 'households', () => 'all').all, source.households, 'households');
  equal([total(answer.sums, 'F', () => 'all').all, total(answer.sums, 'M', () => 'all').all], [source.sexes.F, source.sexes.M], 'sexes');
  equal(sorted(total(answer.sums, 'persons', (row) => row.region)), source.regions, 'regions');
}

const shapes = {
  'susenas-2020': { file: 'indonesia-susenas2020/susenas2020-given.csv', household: (row) => row.RENUM, sex: (row) => (row.R405 === '1' ? 'M' : 'F'), region: (row) => `15.${({ 6: '07' })[row.R102] ?? `0${row.R102}`}` },
  ghana: { file: 'ghana-synth/ghanaS.csv', household: (row) => row.hhid, sex: (row) => (row.sex === 'male' ? 'M' : 'F'),
    region: (row) => `GH.${String(['western', 'central', 'greater accra', 'volta', 'eastern', 'ashanti', 'brong ahafo', 'northern', 'upper east', 'upper west'].indexOf(row.region) + 1).padStart(2, '0')}` },
  'costa-rica': { file: 'costarica-poverty/train-given.csv', household: (row) => row.idhogar, sex: (row) => (row.male === '1' ? 'M' : 'F'), region: (row) => `CR.${[1, 2, 3, 4, 5, 6].find((i) => row[`lugar${i}`] === '1')}` },
};

// What the list must say of the real files, counted here in another way.
const wanted = {
  'susenas-2020': (source) => ({ status: 0, refused: 0, list: { R407: source.rows.filter((row) => ![0, 1].includes(2020 - row.R406C - row.R407)).length } }),
  ghana: () => ({ status: 0, refused: 0, list: {} }),
  'costa-rica': (source) => {
    const homes = Map.groupBy ? Map.groupBy(source.rows, (row) => row.idhogar) : source.rows.reduce((map, row) => map.set(row.idhogar, [...(map.get(row.idhogar) ?? []), row]), new Map());
    const all = [...homes.values()], headless = all.filter((home) => !home.some((row) => row.parentesco1 === '1'));
    return { status: 3, refused: headless.length, list: {
      Target: all.flatMap((home) => home.filter((row) => row.Target !== home[0].Target)).length, hogar_total: all.filter((home) => Number(home[0].hogar_total) !== home.length).length,
      r4t3: all.filter((home) => Number(home[0].r4t3) !== home.length).length, '/members': headless.length } };
  },
};

for (const [name, shape] of Object.entries(shapes)) {
  const path = join('../shared/data', shape.file);
  if (!existsSync(path)) { console.log(`skip ${name}: ${path} is not there`); continue; }
  const db = await registry(name), source = sourceOf(path, shape);
  await step(`${name}: every person and household of the source is in or refused, by sex and by region`, () => {
    const answer = load(db, name, path), should = wanted[name](source);
    compare(answer, source);
    equal([answer.status, Object.values(total(answer.sums.filter((row) => row.part === 'refused'), 'households', () => 'all'))[0] ?? 0], [should.status, should.refused]);
    equal(sorted(count(answer.list, (row) => row.column)), sorted(should.list), 'contradictions');
    truth(answer.list.every((row) => Number(row.line) > 1 && row.reason && row.remedy), 'a line of the list lacks its place, reason or remedy');
  });
  await step(`${name}: the same file once more changes nothing`, () => {
    const answer = load(db, name, path);
    compare(answer, source);
    truth(answer.said[0].includes(' 0 households in') && !answer.sums.some((row) => row.part === 'in'), answer.said.join('\n'));
  });
  await step(`${name}: the registry verifies`, () => { const result = cli('verify', '--db', db); equal(result.status, 0, result.stderr); });
}

const small = await registry('small'), file = join(folder, 'small.csv');
const write = (lines) => { writeFileSync(file, `${lines.join('\n')}\n`); return file; };

await step('Indonesia, made up: lines of one household that stand apart come together; an age that is not that of the birth year is listed', () => {
  const columns = 'R101,R102,R105,RENUM,SSU,PSU,WI2,WI3,R401,R403,R404,R405,R406C,R407,R501,R502,R612,R615,R1002,R1003,R1004,R1006,R1008,R1009,R1101_A,R1101_B,R1101_C,R1101_D,R1101_E,R1101_X';
  const line = (home, person, relation, sex, year, age, pbi = 'A') => `15,6,2,${home},s${home},p,${home},${person},${person},${relation},2,${sex},${year},${age},1,1,3,7,4,8,4,4,8,8,${pbi},,,,,${pbi ? '' : 'X'}`;
  const answer = load(small, 'susenas-2020', write([columns, line(1, 1, 1, 1, 1970, 49), line(2, 1, 1, 2, 1980, 40), line(1, 2, 2, 2, 1975, 30), line(2, 2, 3, 1, 2010, 10, '')]));
  equal(answer.said, ['4 rows, 2 households in, 0 refused; see ' + join(folder, 'errors.csv'), '4 persons in, 0 refused; in before: 0 households, 0 persons; 1 contradictions listed']);
  equal(answer.list.map((row) => [row.line, row.column, row.value, row.reason]), [['4', 'R407', '30', 'who was born 1975 is 44 or 45 then']]);
  equal(answer.sums, [{ region: '15.07', part: 'in', households: '2', persons: '4', F: '2', M: '2', X: '0', other: '0' }]);
});
await step('Ghana, made up: a household whose size is not that of its lines is refused, its neighbour is in', () => {
  const answer = load(small, 'ghana', write(['hhid,hsize,region,clust,age,sex,relate,highest_degree,occupation,income,weight', '1,2,western,9,37,male,head,mslc,farmer,576.7,5.4', '1,2,western,9,32,female,spouse,none,none,0,5.4',
    '2,3,volta,8,60,female,head,none,none,12.345,2']));
  equal([answer.status, answer.said[0].split(';')[0]], [3, '3 rows, 1 households in, 1 refused']);
  equal(answer.list.map((row) => [row.line, row.column, row.value]), [['4', 'hsize', '3']]);
});
await step('Ghana, made up: money with more decimals than its currency is refused with the cell', () => {
  const answer = load(small, 'ghana', write(['hhid,hsize,region,clust,age,sex,relate,highest_degree,occupation,income,weight', '3,1,volta,8,60,female,head,none,none,12.345,2']));
  equal([answer.status, answer.list.map((row) => [row.line, row.column, row.value])], [2, [['2', 'income', '12.345']]]);
});
const costa = JSON.parse(readFileSync('tests/mappings/costa-rica.json', 'utf8'));
const columnsOf = (source) => typeof source === 'string' ? [source] : source.one_of ? Object.keys(source.one_of) : source.join ? source.join.filter((cell) => typeof cell === 'string') : [];
const head = [...new Set([...Object.values(costa.household), ...Object.values(costa.member)].flatMap(columnsOf).concat('idhogar', 'Target', 'hogar_total', 'r4t3'))];
const person = (given) => head.map((name) => given[name] ?? { age: 40, hogar_total: 2, r4t3: 2, Target: 4, rooms: 3, lugar1: 1, abastaguadentro: 1, tipovivi1: 1, male: 1, estadocivil3: 1, instlevel3: 1 }[name] ?? 0).join(',');
await step('Costa Rica, made up: no head, two heads, regions that disagree and two sexes refuse; a disagreeing level is listed', () => {
  const answer = load(small, 'costa-rica', write([head.join(','),
    person({ idhogar: 'a', Id: 'a1', parentesco1: 1 }), person({ idhogar: 'a', Id: 'a2', parentesco2: 1, male: 0, female: 1, Target: 2 }),
    person({ idhogar: 'b', Id: 'b1', parentesco3: 1 }), person({ idhogar: 'b', Id: 'b2', parentesco3: 1 }),
    person({ idhogar: 'c', Id: 'c1', parentesco1: 1 }), person({ idhogar: 'c', Id: 'c2', parentesco1: 1 }),
    person({ idhogar: 'd', Id: 'd1', parentesco1: 1 }), person({ idhogar: 'd', Id: 'd2', parentesco2: 1, lugar1: 0, lugar2: 1 }),
    person({ idhogar: 'e', Id: 'e1', parentesco1: 1, female: 1 }), person({ idhogar: 'e', Id: 'e2', parentesco2: 1 })]));
  equal([answer.status, answer.said[0].split(';')[0]], [3, '10 rows, 1 households in, 4 refused']);
  equal(answer.list.map((row) => [row.line, row.column, row.value]), [['3', 'Target', '2'], ['4', '/members', ''], ['6', '/members', ''], ['9', 'lugar1', '0'], ['9', 'lugar2', '1'], ['10', 'male ... female', 'male+female']]);
});
await step('the same key with other content is refused, and with none is said so', () => {
  const columns = 'hhid,hsize,region,clust,age,sex,relate,highest_degree,occupation,income,weight';
  let answer = load(small, 'ghana', write([columns, '1,1,western,9,37,male,head,mslc,farmer,576.7,5.4']));
  equal([answer.status, answer.list.length, answer.list[0].line], [2, 1, '2']);
  truth(answer.list[0].reason.includes('other content'), answer.list[0].reason);
  answer = load(small, 'ghana', write([columns, ' ,1,western,9,37,male,head,mslc,farmer,576.7,5.4', ',1,western,9,37,male,head,mslc,farmer,576.7,5.4']));
  equal([answer.status, answer.list.map((row) => [row.line, row.column, row.reason])], [2, [['2', 'hhid', '2 lines name no household']]]);
});
await step('what came in verifies', () => { const result = cli('verify', '--db', small); equal(result.status, 0, result.stderr); });
rmSync(folder, { recursive: true, force: true });
close();
