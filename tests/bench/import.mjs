// import.mjs: a registration of another system comes in while an officer goes on working. Usage: import.mjs BUILD [HOUSEHOLDS]
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, family, PASSWORD } from '../api/registry.mjs';

const build = process.argv[2], households = Number(process.argv[3] || 100000), binary = join(build, 'lumbung'), folder = mkdtempSync(join(tmpdir(), 'lumbung-bench-import-'));
const db = join(folder, 'r.db'), at = (name) => join(folder, name), pause = (ms) => new Promise((done) => setTimeout(done, ms));
const VILLAGES = 200, village = (i) => `15.01.01.${2001 + i}`;

/* Families of one to seven with cards, numbers, phones and birth dates, the same in every run. */
async function writeFile(path) {
  let seed = 26, persons = 0;
  const random = (below) => { seed = (Math.imul(seed, 1103515245) + 12345) >>> 0; return Math.floor(seed / 65536) % below; };
  const given = ['Siti', 'Ahmad', 'Nurul', 'Budi', 'Dewi', 'Rahmat', 'Sri', 'Yusuf', 'Fatimah', 'Hasan', 'Lestari', 'Bambang', 'Wulan', 'Eko', 'Ratna'], family = ['Aminah', 'Saputra', 'Hidayah', 'Santoso', 'Lubis', 'Siregar', 'Harahap', 'Wijaya', 'Utami', 'Pratama'];
  const file = createWriteStream(path);
  file.write('kk,village,rt,rw,phone,name,sex,born,rel,nik,work\n');
  for (let home = 0; home < households; home++) {
    const size = 1 + random(7), kk = `150101${String(Math.floor(home / 9999) % 28 + 1).padStart(2, '0')}0119${String(home % 9999 + 1).padStart(4, '0')}`;
    let lines = '';
    for (let i = 0; i < size; i++, persons++) {
      const day = random(28) + 1, month = random(12) + 1, year = i ? 1990 + random(30) : 1950 + random(40), female = random(2);
      const nik = `150101${String(day + (female ? 40 : 0)).padStart(2, '0')}${String(month).padStart(2, '0')}${String(year % 100).padStart(2, '0')}${String(persons % 9999 + 1).padStart(4, '0')}`;
      lines += `${kk},${village(home % VILLAGES)},${home % 9 + 1},${home % 4 + 1},0812${String(home).padStart(8, '0')},${given[random(given.length)]} ${family[random(family.length)]} ${persons},${female ? 'P' : 'L'},${String(day).padStart(2, '0')}-${String(month).padStart(2, '0')}-${year},${i ? 'child' : 'head'},${nik},tani\n`;
    }
    if (!file.write(lines)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  return persons;
}
const map = { source: 'bench', date_format: 'DD-MM-YYYY', one_row_is: 'member', group_by: ['kk'],
  household: { region: 'village', kk_number: 'kk', rt: 'rt', rw: 'rw', phone: 'phone', 'consent.notice_version': { const: '1' }, 'consent.language': { const: 'id' }, 'consent.basis': { const: 'public_task' }, 'consent.given_by': { const: 'Dinas Sosial' } },
  member: { name: 'name', sex: 'sex', birth_date: 'born', relationship: 'rel', nik: 'nik', occupation: 'work' }, values: { sex: { L: 'M', P: 'F' } } };
const cpu = (pid) => { const parts = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '); return (Number(parts[11]) + Number(parts[12])) / 100; };
const memory = (pid) => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

const persons = await writeFile(at('in.csv'));
writeFileSync(at('map.json'), JSON.stringify(map));
writeFileSync(at('regions.csv'), `code,parent,level,kind,name\n15,,1,provinsi,Jambi\n15.01,15,2,kabupaten,Kerinci\n15.01.01,15.01,3,kecamatan,D\n${Array.from({ length: VILLAGES }, (_, i) => `${village(i)},15.01.01,4,desa,Desa ${i}`).join('\n')}\n`);
spawnSync('timeout', ['1.5', binary, 'serve', '--db', db, '--listen', '127.0.0.1:0']);
spawnSync(binary, ['import', 'regions', at('regions.csv'), '--db', db]);
spawnSync(binary, ['user', 'add', 'rina', '--role', 'officer', '--db', db, '--password-stdin'], { input: `${PASSWORD}\n` });
const server = spawn(binary, ['serve', '--db', db, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] });
const base = await new Promise((done) => server.stdout.once('data', (chunk) => done(/http:\S+/.exec(chunk)[0])));
for (let i = 0; i < 6000 && !(await fetch(`${base}/readyz`)).ok; i++) await pause(10);
const officer = new Client(base);
await officer.post('/session', { username: 'rina', password: PASSWORD });

const before = cpu(server.pid), started = Date.now(), waits = [];
let ended = false, top = 0;
const importing = spawn(binary, ['import', 'households', '--db', db, at('in.csv'), '--map', at('map.json'), '--errors', at('errors.csv'), '--sums', at('sums.csv')], { stdio: ['ignore', 'pipe', 'inherit'] });
let said = '';
importing.stdout.on('data', (chunk) => { said += chunk; });
importing.on('exit', () => { ended = true; });
for (let i = 0; !ended; i++) {
  const start = process.hrtime.bigint();
  await officer.post('/households', family(i % 90, village(i % VILLAGES)));
  waits.push(Number(process.hrtime.bigint() - start) / 1e6);
  top = Math.max(top, memory(server.pid));
  await pause(50);
}
const seconds = (Date.now() - started) / 1000, used = cpu(server.pid) - before;
waits.sort((a, b) => a - b);
console.log(said.trim());
if (said.includes('; see')) console.log(readFileSync(at('errors.csv'), 'utf8').split('\n').slice(1, 4).join('\n'));
console.log(`${households} households, ${persons} persons, ${(statSync(at('in.csv')).size / 1048576).toFixed(0)} MB: ${seconds.toFixed(1)} s, ${used.toFixed(1)} s of processor (bar 60), ${top.toFixed(0)} MB (bar 300)`);
console.log(`meanwhile ${waits.length} registrations of an officer: median ${waits[waits.length >> 1].toFixed(0)} ms, worst ${waits.at(-1).toFixed(0)} ms (bar 1000)`);
server.kill('SIGTERM');
await once(server, 'exit');
rmSync(folder, { recursive: true, force: true });
process.exitCode = said.startsWith(`${persons} rows, ${households} households in, 0 refused`) && used <= 60 && top <= 300 && waits.at(-1) <= 1000 ? 0 : 1;
