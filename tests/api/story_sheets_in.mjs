// story_sheets_in.mjs: workbooks come in as CSV does: a country's table of regions with Arabic names, the templates of another registry, and what in them is refused.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { step, equal, truth, close } from './check.mjs';

const binary = process.argv[2], shared = '../shared/data/client-openspp', folder = mkdtempSync(join(tmpdir(), 'lumbung-sheets-')), at = (name) => join(folder, name), db = at('s.db');
const cli = (...words) => spawnSync(binary, [...words, '--db', db], { encoding: 'utf8' });
await new Promise((done) => { const server = spawn(binary, ['serve', '--db', db, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] }); server.stdout.once('data', () => server.kill('SIGTERM')); server.on('exit', done); });
writeFileSync(at('xa.csv'), 'code,parent,level,kind,name\nXA,,1,land,Land\n');
cli('import', 'regions', at('xa.csv'));

// The smallest XLSX: one sheet of inline texts; a cell {f, v} is a formula.
const crcTable = Array.from({ length: 256 }, (_, n) => { let c = n; for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; return c >>> 0; });
const crc = (bytes) => { let c = 0xffffffff; for (const byte of bytes) c = crcTable[(c ^ byte) & 255] ^ (c >>> 8); return (c ^ 0xffffffff) >>> 0; };
function zip(files) {
  const parts = [], heads = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const plain = Buffer.from(text), packed = deflateRawSync(plain), title = Buffer.from(name), facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0); facts.writeUInt16LE(8, 4); facts.writeUInt16LE(0x21, 8); facts.writeUInt32LE(crc(plain), 10); facts.writeUInt32LE(packed.length, 14); facts.writeUInt32LE(plain.length, 18); facts.writeUInt16LE(title.length, 22);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), facts, title, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    heads.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([20, 0]), facts, tail, title]));
    offset += 30 + title.length + packed.length;
  }
  const directory = Buffer.concat(heads), end = Buffer.alloc(18);
  end.writeUInt16LE(heads.length, 4); end.writeUInt16LE(heads.length, 6); end.writeUInt32LE(directory.length, 8); end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, directory, Buffer.from('PK\x05\x06', 'latin1'), end]);
}
const xml = (text) => String(text).replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter]);
const cell = (value, name) => value === null ? '' : typeof value === 'object' ? `<c r="${name}"><f>${xml(value.f)}</f><v>${xml(value.v)}</v></c>` : typeof value === 'number' ? `<c r="${name}"><v>${value}</v></c>` : `<c r="${name}" t="inlineStr"><is><t>${xml(value)}</t></is></c>`;
const workbook = (rows, sheet = 'People') => zip({
  '[Content_Types].xml': '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
  '_rels/.rels': '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
  'xl/workbook.xml': `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="${sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
  'xl/worksheets/sheet1.xml': `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows.map(([number, ...cells]) => `<row r="${number}">${cells.map((value, i) => cell(value, `${String.fromCharCode(65 + i)}${number}`)).join('')}</row>`).join('')}</sheetData></worksheet>`,
});
const load = (rows, map, sheet) => {
  writeFileSync(at('in.xlsx'), workbook(rows, sheet));
  writeFileSync(at('map.json'), JSON.stringify(map));
  rmSync(at('errors.csv'), { force: true });
  const result = cli('import', 'households', at('in.xlsx'), '--map', at('map.json'), '--errors', at('errors.csv'));
  return { ...result, list: existsSync(at('errors.csv')) ? readFileSync(at('errors.csv'), 'utf8').trim().split('\r\n').slice(1) : [] };
};
const MAP = { date_format: 'serial', one_row_is: 'member', group_by: ['home'], household: { region: { const: 'XA' }, 'consent.notice_version': { const: '1' }, 'consent.language': { const: 'en' }, 'consent.basis': { const: 'public_task' }, 'consent.given_by': { const: 'x' } },
  member: { name: 'name', sex: 'sex', birth_date: 'born', relationship: 'rel', id_reason: { const: 'x' } } };
const HEAD = [1, 'home', 'name', 'sex', 'born', 'rel'];

await step('made up: rows with gaps, texts of any script, serial dates; line numbers are those of the sheet', () => {
  let result = load([HEAD, [3, 1, 'فاطمة "ام علي", بغداد', 'F', 32874, 'head'], [4, 1, 'Ali\nHasan', 'M', { f: '39999+1', v: 40000 }, 'child'], [9, 2, 'Siti', 'F', 59, 'head'], [11, 3, 'Budi', 'M', 33000.5, 'head']], MAP);
  equal([result.status, result.stdout.split(';')[0]], [3, '4 rows, 1 households in, 2 refused']);
  equal(result.list.map((line) => line.split(',').slice(0, 3).join(',')), ['9,born,59', '11,born,33000.5']);
  result = load([HEAD, [2, 1, 'Nur', 'F', 32874, 'head']], { ...MAP, sheet: 'People' }, 'People');
  equal(result.status, 0, result.stderr);
});
await step('a consent in a language or under a version of the notice that is not published is refused, and names those that are', () => {
  for (const [name, value, said] of [['language', 'ar', 'choose one of: en, id'], ['notice_version', '7', 'choose one of: 1']]) {
    const result = load([HEAD, [2, 7, 'Aisyah', 'F', 32874, 'head']], { ...MAP, household: { ...MAP.household, [`consent.${name}`]: { const: value } } });
    equal([result.status, result.list.length], [2, 1], result.stderr);
    truth(result.list[0].includes(`/consent/${name}`) && result.list[0].includes(said), result.list[0]);
  }
});
await step('a sheet that is not there, a formula without a value, a damaged file, a sheet of a CSV are refused in words, and nothing comes in', () => {
  const cases = [
    [load([HEAD, [2, 4, 'A', 'F', 32874, 'head']], { ...MAP, sheet: 'Other' }), 'the workbook has: People'],
    [load([HEAD, [2, 4, 'A', 'F', { f: 'B2&C2', v: '' }, 'head']], MAP), 'cell D2'],
  ];
  writeFileSync(at('map.json'), JSON.stringify(MAP));
  writeFileSync(at('bad.xlsx'), workbook([HEAD]).subarray(0, 300));
  cases.push([cli('import', 'households', at('bad.xlsx'), '--map', at('map.json')), 'lumbung import']);
  writeFileSync(at('map.json'), JSON.stringify({ ...MAP, sheet: 'People' }));
  cases.push([cli('import', 'households', at('xa.csv'), '--map', at('map.json')), 'no XLSX workbook']);
  for (const [result, words] of cases) truth(result.status === 2 && result.stderr.includes(words) && !/ [1-9]\d* households in/.test(result.stdout), `${words}: ${result.status} ${result.stderr}${result.stdout}`);
});
await step('a made-up table of regions becomes a tree; a code with two names or two places, a gap, a column that is not there are refused with their rows', () => {
  const levels = { sheet: 'T', first_level: 1, levels: [{ code: 'c1', name: 'n1', kind: 'land' }, { code: 'c2', name: 'n2', kind: 'district' }] }, head = [1, 'c1', 'n1', 'c2', 'n2'];
  const regions = (rows, map = levels) => { writeFileSync(at('t.xlsx'), workbook(rows, 'T')); writeFileSync(at('t.json'), JSON.stringify(map)); return cli('import', 'regions', at('t.xlsx'), '--map', at('t.json')); };
  for (const [rows, map, words] of [
    [[head, [2, 'T1', 'One', 'T11', 'A'], [3, 'T1', 'Uno', 'T12', 'B']], levels, 'row 3, column n1'], [[head, [2, 'T1', 'One', 'T11', 'A'], [3, 'T2', 'Two', 'T11', 'A']], levels, 'row 3, column n2'],
    [[head, [2, 'T1', '', 'T11', 'A']], levels, 'row 2, column n1'], [[head, [2, 'T1', 'One', 'T11', 'A']], { ...levels, levels: [{ code: 'c9', name: 'n1', kind: 'x' }] }, "column 'c9'"],
    [[head, [2, 'T1', 'One', 'T11', 'A']], { ...levels, levels: [] }, '/levels'], [[head, [2, 'T1', 'One', 'T11', 'A']], { ...levels, level: 1 }, '/level'], [[head, [2, 'T1', 'One', 'T11', 'A']], { ...levels, levels: [{ code: 'c1', name: 'n1' }] }, '/levels/0/kind'],
  ]) {
    const result = regions(rows, map);
    truth(result.status === 2 && result.stderr.includes(words), `${words}: ${result.status} ${result.stderr}`);
  }
  equal(regions([head, [2, 'T1', 'One', 'T11', 'A'], [4, 'T1', 'One', 'T12', 'B']]).stdout.trim(), '3 rows');
});
const iraq = join(shared, 'irq_adminboundaries_tabulardata.xlsx');
if (!existsSync(iraq)) console.log(`skip Iraq: ${iraq} is not there`);
else await step('Iraq: 1 country, 18 governorates, 101 districts, 294 subdistricts with their Arabic names', () => {
  const result = cli('import', 'regions', iraq, '--map', 'tests/mappings/iraq-regions.json');
  equal([result.status, result.stdout.trim()], [0, '414 rows'], result.stderr);
  const out = at('out');
  equal(cli('export', 'registry', '--out', out).status, 0);
  const lines = readFileSync(join(out, 'regions.csv'), 'utf8').split('\n').filter((line) => line.startsWith('IQ'));
  equal([0, 1, 2, 3].map((level) => lines.filter((line) => line.split(',')[2] === String(level)).length), [1, 18, 101, 294]);
  truth(lines.includes('IQG01,IQ,1,governorate,الانبار'), lines.slice(0, 3).join('\n'));
});
for (const [name, file, wanted] of [['individuals', 'individual_registry.xlsx', [0, '1 rows, 1 households in, 0 refused']], ['groups', 'group_registry.xlsx', [2, '1 rows, 0 households in, 1 refused']]]) {
  const path = join(shared, file);
  if (!existsSync(path)) { console.log(`skip ${file}: ${path} is not there`); continue; }
  await step(`${file}: its one example row among a thousand empty ones ${wanted[0] ? 'is refused for what the template does not ask' : 'loads'}`, () => {
    const result = cli('import', 'households', path, '--map', `tests/mappings/openspp-${name}.json`, '--errors', at('errors.csv'));
    equal([result.status, result.stdout.split('\n')[0].split(';')[0]], wanted, result.stderr + (existsSync(at('errors.csv')) ? readFileSync(at('errors.csv'), 'utf8') : ''));
    if (wanted[0]) equal(readFileSync(at('errors.csv'), 'utf8').trim().split('\r\n').slice(1).map((line) => line.split(',').slice(0, 2).join()).sort(), ['2,/members/0/birth_date', '2,/members/0/sex']);
  });
}
await step('what came in verifies', () => { const result = cli('verify'); equal(result.status, 0, result.stderr); });
rmSync(folder, { recursive: true, force: true });
close();
