// bench.mjs: the speed bars, each a ratio in one run against a baseline that the bench itself builds. Usage: bench.mjs BUILD [HOUSEHOLDS|-] [PART,...]
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, family, PASSWORD } from '../api/registry.mjs';
import { exporting } from './export.mjs';

const households = Number(process.argv[3]) || 0, wanted = process.argv[4]?.split(',');
const build = process.argv[2], binary = join(build, 'lumbung'), folder = mkdtempSync(join(tmpdir(), 'lumbung-bench-'));
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
let missed = 0;
const bar = (name, what, value, wanted, more) => {
  const ok = more ? value >= wanted : value <= wanted;
  if (!ok) missed++;
  console.log(`${name.padEnd(4)} ${what.padEnd(66)} ${value.toFixed(2)}x (bar ${more ? '>=' : '<='} ${wanted}) ${ok ? 'ok' : 'MISSED'}`);
};
const cpu = (pid) => { const parts = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '); return (Number(parts[11]) + Number(parts[12])) / 100; };
const rss = (pid) => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
const load = (port, connections, head, body = '', ms = 2500, idle = 0) => {
  writeFileSync(join(folder, 'head'), head.replaceAll('\n', '\r\n'));
  writeFileSync(join(folder, 'body'), body);
  const result = spawnSync(join(build, 'tests/bench_load'), [port, connections, idle, ms, join(folder, 'head'), join(folder, 'body')].map(String), { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`load ended with ${result.status}`);
  return JSON.parse(result.stdout);
};
const HELLO = 'GET /healthz HTTP/1.1\nHost: 127.0.0.1\n\n';

async function serve(db, extra = [], whole = true) {
  const started = Date.now();
  const server = spawn(binary, ['serve', '--db', db, '--listen', '127.0.0.1:0', ...extra], { stdio: ['ignore', 'pipe', 'ignore'] });
  const base = await new Promise((done) => server.stdout.once('data', (chunk) => done(/http:\S+/.exec(chunk)[0])));
  await fetch(`${base}/healthz`);
  const cold = Date.now() - started;
  for (let i = 0; whole && i < 60000 && !(await fetch(`${base}/readyz`)).ok; i++) await pause(10);
  return { server, base, cold, port: Number(new URL(base).port), stop: () => new Promise((done) => { server.on('exit', done); server.kill('SIGTERM'); }) };
}

function prepare(name) {
  const db = join(folder, `${name}.db`), csv = join(folder, 'r.csv');
  writeFileSync(csv, 'code,parent,level,kind,name\n15,,1,provinsi,Jambi\n15.01,15,2,kabupaten,Kerinci\n15.01.01,15.01,3,kecamatan,D\n15.01.01.2001,15.01.01,4,desa,S\n');
  spawnSync('timeout', ['1.5', binary, 'serve', '--db', db, '--listen', '127.0.0.1:0']);
  spawnSync(binary, ['import', 'regions', csv, '--db', db]);
  spawnSync(binary, ['user', 'add', 'rina', '--role', 'officer', '--db', db, '--password-stdin'], { input: `${PASSWORD}\n` });
  return db;
}

const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
/* What earlier rounds left for the disk must not be paid by the next. */
const settle = () => spawnSync('sync');
/* The two in turn, round by round, so that a drift of the machine hits both; the median of the ratios. */
const pairs = (rounds, ours, theirs) => {
  const ratios = [];
  for (let i = 0; i < rounds; i++) { const a = ours(), b = theirs(); ratios.push(a.map((value, k) => value / b[k])); }
  return ratios[0].map((_, k) => middle(ratios.map((ratio) => ratio[k])));
};

const freePort = () => new Promise((done) => { const socket = createServer().listen(0, '127.0.0.1', () => { const { port } = socket.address(); socket.close(() => done(port)); }); });

async function startNginx() {
  const port = await freePort();
  const conf = join(folder, 'nginx.conf');
  const headers = ['Cache-Control no-store', "Content-Security-Policy \"default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; img-src 'self' blob: data:; worker-src 'self' blob:; sandbox\"",
    'X-Content-Type-Options nosniff', 'Referrer-Policy no-referrer', 'Cross-Origin-Opener-Policy same-origin', 'Cross-Origin-Resource-Policy same-origin'].map((line) => `add_header ${line};`).join(' ');
  writeFileSync(conf, `worker_processes 1; daemon off; pid ${folder}/nginx.pid; error_log /dev/null; events { worker_connections 4096; } http { access_log off; keepalive_requests 1000000000; server { listen 127.0.0.1:${port}; location / { default_type application/json; ${headers} return 200 '{"status":"ok"}'; } } }`);
  const nginx = spawn('nginx', ['-c', conf], { stdio: 'ignore' });
  nginx.on('error', () => {});
  for (let i = 0; i < 50 && nginx.pid; i++) {
    await pause(100);
    const worker = Number(spawnSync('pgrep', ['-P', String(nginx.pid)], { encoding: 'utf8' }).stdout.trim().split('\n')[0]);
    if (worker && await fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.ok, () => false)) return { nginx, worker, port };
  }
  return null;
}

async function hello() {
  const { server, port, stop } = await serve(prepare('hello'));
  const measure = (pid, at) => () => { const before = cpu(pid), result = load(at, 64, HELLO, '', 1500); return [result.rate, (cpu(pid) - before) / result.count]; };
  const started = await startNginx();
  if (started) {
    const [rate, cost] = pairs(5, measure(server.pid, port), measure(started.worker, started.port));
    bar('G1', 'hello, 64 connections, against nginx with the same headers', rate, 1.0, true);
    bar('G1', 'CPU a request against nginx', cost, 1.2, false);
    started.nginx.kill();
  } else console.log('G1   nginx is not installed: skipped');
  const at = (connections, idle = 0) => () => [load(port, connections, HELLO, '', 1000, idle).rate];
  bar('G2', 'with 850 idle connections against none', pairs(5, at(64, 850), at(64))[0], 0.85, true);
  bar('G3', '128 connections against 64', pairs(5, at(128), at(64))[0], 0.7, true);
  bar('G3', '256 connections against 64', pairs(5, at(256), at(64))[0], 0.7, true);
  await stop();
}

/* A family of four; %NAMES% and %KEY% are the load generator's to fill. */
const FAMILY = JSON.stringify({ ...family(1), members: [0, 1, 2, 3].map((i) => ({ name: `%NAMES% Anggota ${i}`, id_reason: 'no_card', sex: 'F', birth_date: `199${i}-02-03`, relationship: i ? 'child' : 'head' })) });
const registration = (cookie) => `POST /api/v1/households HTTP/1.1\nHost: 127.0.0.1\nCookie: ${cookie}\nX-Requested-With: lumbung\nSec-Fetch-Site: same-origin\nIdempotency-Key: "%KEY%"\nContent-Type: application/json\nContent-Length: ${Buffer.byteLength(FAMILY)}\n\n`;

async function registrar(name, extra) {
  const db = prepare(name);
  const { base, port, stop } = await serve(db, extra);
  const client = new Client(base);
  await client.post('/session', { username: 'rina', password: PASSWORD });
  const register = (connections, ms) => {
    const result = load(port, connections, registration(client.cookie), FAMILY, ms);
    if (result.refused) throw new Error('registrations were refused');
    return result;
  };
  return { db, register, stop };
}

/* The rows of a registration without the server: into a copy of the registry as it is now, in groups of 32. */
function bareRate(filled, count) {
  const copy = join(folder, 'bare.db');
  for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true });
  const copied = spawnSync('sqlite3', ['-readonly', filled, `.backup ${copy}`], { encoding: 'utf8' });
  if (copied.status !== 0) throw new Error(copied.stderr);
  settle();
  const result = spawnSync(join(build, 'tests/bench_writer'), [filled, copy, String(count)], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
  return Number(result.stdout);
}

async function registrations() {
  const grouped = await registrar('grouped', []), single = await registrar('single', ['--mutant', 'single-commit']);
  settle();
  const warm = grouped.register(8, 500);
  const rates = [];
  const many = pairs(5, () => { const r = grouped.register(64, 2000); rates.push(r.rate); return [r.rate, r.p99_us]; },
    () => { const r = single.register(64, 2000); return [r.rate, r.p99_us]; });
  const few = pairs(3, () => [grouped.register(8, 1500).rate], () => [single.register(8, 1500).rate]);
  const bare = pairs(11, () => { settle(); return [grouped.register(64, 1500).rate]; }, () => [bareRate(grouped.db, 4000)]);
  console.log(`     registrations a second at 64 connections, median: ${middle(rates).toFixed(0)} (${warm.count} to warm up)`);
  bar('G4', 'durable registrations, 64 connections, against a transaction each', many[0], 3, true);
  bar('G4', 'the same at 8 connections', few[0], 1.4, true);
  bar('G4', 'p99 at 64 connections', many[1], 0.45, false);
  bar('G5', 'at 64 connections against the bare engine writing the same rows', bare[0], 0.7, true);
  await grouped.stop();
  await single.stop();
}

const timed = async (work, times = 31) => {
  const taken = [];
  for (let i = 0; i < times; i++) { const start = process.hrtime.bigint(); await work(); taken.push(Number(process.hrtime.bigint() - start) / 1e6); }
  return middle(taken);
};

/* A registry of this size, how long it takes to start, and a server of it whose indexes and counts are whole. */
async function atSize(households) {
  const db = prepare(`size-${households}`);
  const made = spawnSync(join(build, 'tests/bench_generate'), [db, String(households), '15.01.01.2001'], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  settle();
  const colds = [];
  for (let i = 0; i < 7; i++) { const { cold, stop } = await serve(db, [], false); colds.push(cold); await stop(); }
  const { server, base, stop } = await serve(db), rina = new Client(base);
  await rina.post('/session', { username: 'rina', password: PASSWORD });
  for (let i = 0; i < 60000; i++) if (await rina.get(`/needs?region=15.01`).then(() => true, () => false)) break; else await pause(500);
  let after;
  for (let pages = 0; pages * 200 < 0.9 * households; pages++) {
    const page = await rina.get(`/households?limit=200${after ? `&after=${after}` : ''}`);
    if (!page.next) break;
    after = page.next;
  }
  const id = (await rina.get('/households?limit=1')).items[0].id, served = new Date().toISOString();
  await pause(5);
  for (const hamlet of ['Hulu', 'Hilir', 'Tengah']) await rina.call('PATCH', `/households/${id}`, { hamlet }, { 'If-Match': `"${(await rina.get(`/households/${id}`)).version}"` });
  const reads = { page: () => rina.get('/households?limit=50'), deep: () => rina.get(`/households?limit=50&after=${after}`), household: () => rina.get(`/households/${id}`), past: () => rina.get(`/households/${id}?as_of=${served}`),
    card: () => rina.post('/households/search', { kk_number: '1571010101010001' }), name: () => rina.post('/households/search', { q: 'sitti aminha' }) };
  console.log(`     ${households} households of four made in ${Number(made.stdout)} s`);
  return { households, reads, cold: middle(colds), resident: rss(server.pid), stop };
}

/* Both serve at once and are asked in turn, so that a drift of the machine hits both. */
async function sizes() {
  const small = await atSize(10000), large = await atSize(households || 100000), times = {};
  for (let round = 0; round < 9; round++)
    for (const name of Object.keys(small.reads)) for (const of of [small, large]) ((times[of.households] ??= {})[name] ??= []).push(await timed(of.reads[name], 11));
  const ratio = (above, below) => middle(above.map((value, i) => value / below[i]));
  const [few, many] = [times[small.households], times[large.households]];
  console.log(`     ms on ${large.households}: ${Object.entries(many).map(([name, values]) => `${name} ${middle(values).toFixed(1)}`).join(', ')}`);
  bar('G7', `page at depth ${Math.round(0.9 * large.households)} against page at depth 0`, ratio(many.deep, many.page), 1.5, false);
  bar('G7', 'household as of an earlier instant against today', ratio(many.past, many.household), 1.5, false);
  for (const name of ['page', 'household', 'card']) bar('G7', `${name} on ${large.households} households against ${small.households}`, ratio(many[name], few[name]), 1.5, false);
  bar('G12', `cold start to the first 200 on ${large.households} households, ms / 100`, large.cold / 100, 1, false);
  bar('G12', `resident with all indexes on ${large.households} households, MB / 400`, large.resident / 400, 1, false);
  await small.stop();
  await large.stop();
}

/* Names with a typing mistake each, in memory against the engine's trigrams. */
function names() {
  const people = 4 * (households || 100000);
  const run = spawnSync(join(build, 'tests/bench_names'), [String(people), '100'], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  const found = JSON.parse(run.stdout);
  console.log(`     ${people} people: ${found.ours_ms.toFixed(2)} ms a search, FTS5 ${found.engine_ms.toFixed(1)} ms and ${(100 * found.engine_found).toFixed(0)} % found`);
  bar('G10', 'misspelled names against FTS5 trigrams joined by OR', found.engine_ms / found.ours_ms, 100, true);
  bar('G10', 'of them among the first twenty', found.ours_found, 0.95, true);
}

// The browser may be late, the server not: the lane checks what phones have checked already.
function forms() {
  const result = spawnSync(join(build, 'tests/bench_form'), { encoding: 'utf8' });
  const { reading_us: reading, checking_us: checking } = JSON.parse(result.stdout);
  console.log(`     questionnaire of 500 questions: read in ${(reading / 1000).toFixed(1)} ms`);
  bar('form', 'answers to 500 questions checked, ms', checking / 1000, 1, false);
}

/* The tree of the country in its shape: 38 provinces, 514 districts, 7,285 subdistricts, 83,762 villages. */
function countryTree(path) {
  const levels = [['provinsi', 38], ['kabupaten', 514], ['kecamatan', 7285], ['desa', 83762]];
  let above = [''], text = 'code,parent,level,kind,name\n';
  levels.forEach(([kind, count], level) => {
    const codes = Array.from({ length: count }, (_, i) => {
      const place = Math.floor(i * above.length / count), first = Math.ceil(place * count / above.length);
      const own = String(i - first + (level ? 1 : 11)).padStart(level < 3 ? 2 : 4, '0'), code = above[place] ? `${above[place]}.${own}` : own;
      text += `${code},${above[place]},${level + 1},${kind},${kind} Wilayah ${i}\n`;
      return code;
    });
    above = codes;
  });
  writeFileSync(path, text);
}

/* From the command to its end, an empty registry each time. */
function regions() {
  const csv = join(folder, 'country.csv'), taken = [];
  countryTree(csv);
  for (let i = 0; i < 5; i++) {
    const db = join(folder, `country-${i}.db`);
    spawnSync('timeout', ['1.5', binary, 'serve', '--db', db, '--listen', '127.0.0.1:0']);
    settle();
    const started = process.hrtime.bigint(), run = spawnSync(binary, ['import', 'regions', csv, '--db', db], { encoding: 'utf8' });
    if (!run.stdout.includes('91599')) throw new Error(run.stdout + run.stderr);
    taken.push(Number(process.hrtime.bigint() - started) / 1e9);
  }
  bar('R1', 'import of 91,599 regions, command and all, s / 2', middle(taken) / 2, 1, false);
}

function needs() {
  const found = JSON.parse(spawnSync(join(build, 'tests/bench_needs'), [String(households || 1000000)], { encoding: 'utf8' }).stdout);
  bar('N1', `needs of the nation, ${found.households} households, ms / 100`, found.nation_ms / 100, 1, false);
  bar('N1', 'the same as of a past day that was asked for before, ms / 100', found.past_ms / 100, 1, false);
  bar('N1', 'the same with small cells hidden, ms / 100', found.hidden_ms / 100, 1, false);
  bar('N1', 'needs of a district, ms / 10', found.district_ms / 10, 1, false);
  console.log(`     a day that nobody asked for yet: ${found.first_ms} ms`);
}

const parts = { forms, hello, registrations, regions, sizes, names, exports: () => exporting(binary, bar), needs };
try {
  for (const [name, run] of Object.entries(parts)) if (!wanted || wanted.includes(name)) await run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(missed ? `${missed} bars missed` : 'all bars hold');
process.exit(missed ? 1 : 0);
