// bench.mjs: the speed bars, each a ratio in one run against a baseline that the bench itself builds. Usage: bench.mjs BUILD [HOUSEHOLDS]
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, family, PASSWORD } from '../api/registry.mjs';
import { exporting } from './export.mjs';

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

async function serve(db, extra = []) {
  const started = Date.now();
  const server = spawn(binary, ['serve', '--db', db, '--listen', '127.0.0.1:0', ...extra], { stdio: ['ignore', 'pipe', 'ignore'] });
  const base = await new Promise((done) => server.stdout.once('data', (chunk) => done(/http:\S+/.exec(chunk)[0])));
  await fetch(`${base}/healthz`);
  const cold = Date.now() - started;
  for (let i = 0; i < 3000 && !(await fetch(`${base}/readyz`)).ok; i++) await pause(10);
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

async function hello() {
  const { server, port, stop } = await serve(prepare('hello'));
  const conf = join(folder, 'nginx.conf');
  const headers = ['Cache-Control no-store', "Content-Security-Policy \"default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; img-src 'self' blob: data:; worker-src 'self' blob:; sandbox\"",
    'X-Content-Type-Options nosniff', 'Referrer-Policy no-referrer', 'Cross-Origin-Opener-Policy same-origin', 'Cross-Origin-Resource-Policy same-origin'].map((line) => `add_header ${line};`).join(' ');
  writeFileSync(conf, `worker_processes 1; daemon off; pid ${folder}/nginx.pid; error_log /dev/null; events { worker_connections 4096; } http { access_log off; keepalive_requests 1000000000; server { listen 127.0.0.1:18087; location / { default_type application/json; ${headers} return 200 '{"status":"ok"}'; } } }`);
  const nginx = spawn('nginx', ['-c', conf], { stdio: 'ignore' });
  await pause(500);
  const worker = Number(spawnSync('pgrep', ['-P', String(nginx.pid)], { encoding: 'utf8' }).stdout.trim().split('\n')[0]);
  const rounds = [];
  for (let i = 0; i < 3 && worker; i++) {
    const a0 = cpu(server.pid), ours = load(port, 64, HELLO), a1 = cpu(server.pid), b0 = cpu(worker), theirs = load(18087, 64, HELLO), b1 = cpu(worker);
    rounds.push([ours.rate / theirs.rate, ((a1 - a0) / ours.count) / ((b1 - b0) / theirs.count)]);
  }
  const middle = (index) => rounds.map((round) => round[index]).sort((a, b) => a - b)[1];
  if (rounds.length) {
    bar('G1', 'hello, 64 connections, against nginx with the same headers', middle(0), 1.0, true);
    bar('G1', 'CPU a request against nginx', middle(1), 1.2, false);
  } else console.log('G1   nginx is not installed: skipped');
  nginx.kill();
  const base = load(port, 64, HELLO).rate;
  bar('G2', 'with 850 idle connections against none', load(port, 64, HELLO, '', 2500, 850).rate / base, 0.85, true);
  bar('G3', '128 connections against 64', load(port, 128, HELLO).rate / base, 0.7, true);
  bar('G3', '256 connections against 64', load(port, 256, HELLO).rate / base, 0.7, true);
  await stop();
}

async function registrations() {
  const body = JSON.stringify({ ...family(1), members: [0, 1, 2, 3].map((i) => ({ name: `%NAMES% Anggota ${i}`, id_reason: 'no_card', sex: 'F', birth_date: `199${i}-02-03`, relationship: i ? 'child' : 'head' })) });
  const measure = async (name, extra) => {
    const { base, port, stop } = await serve(prepare(name), extra);
    const client = new Client(base);
    await client.post('/session', { username: 'rina', password: PASSWORD });
    const head = `POST /api/v1/households HTTP/1.1\nHost: 127.0.0.1\nCookie: ${client.cookie}\nX-Requested-With: lumbung\nSec-Fetch-Site: same-origin\nIdempotency-Key: "%KEY%"\nContent-Type: application/json\nContent-Length: ${Buffer.byteLength(body)}\n\n`;
    const results = { 64: load(port, 64, head, body, 4000), 8: load(port, 8, head, body, 3000) };
    await stop();
    if (results[64].refused) throw new Error('registrations were refused');
    return results;
  };
  const grouped = await measure('grouped', []), single = await measure('single', ['--mutant', 'single-commit']);
  const bare = Number(spawnSync(join(build, 'tests/bench_writer'), [join(folder, 'bare.db'), '20000'], { encoding: 'utf8' }).stdout);
  console.log(`     registrations a second: 64 connections ${grouped[64].rate.toFixed(0)}, a transaction each ${single[64].rate.toFixed(0)}, bare engine in groups of 32 ${bare.toFixed(0)}`);
  bar('G4', 'durable registrations, 64 connections, against a transaction each', grouped[64].rate / single[64].rate, 3, true);
  bar('G4', 'the same at 8 connections', grouped[8].rate / single[8].rate, 1.4, true);
  bar('G4', 'p99 at 64 connections', grouped[64].p99_us / single[64].p99_us, 0.45, false);
  bar('G5', 'the same at 64 against the bare engine', grouped[64].rate / bare, 0.7, true);
}

async function deep() {
  const households = Number(process.argv[3] || 20000), db = join(folder, 'deep.db');
  const made = spawnSync(binary, ['demo', '--db', db, '--households', String(households)], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  const { server, base, cold, stop } = await serve(db);
  console.log(`     ${households} households: first answer after ${cold} ms, resident ${rss(server.pid).toFixed(0)} MB with all indexes`);
  bar('G12', `cold start to the first 200 on ${households} households, ms / 100`, cold / 100, 1, false);
  bar('G12', `resident with all indexes on ${households} households, MB / 400`, rss(server.pid) / 400, 1, false);
  const rina = new Client(base);
  await rina.post('/session', { username: 'rina', password: 'padi masuk lumbung 26' });
  let after, pages = 0;
  const time = async (path) => { const times = []; for (let i = 0; i < 30; i++) { const start = process.hrtime.bigint(); await rina.get(path); times.push(Number(process.hrtime.bigint() - start)); } return times.sort((a, b) => a - b)[10]; };
  const first = await time('/households?limit=50');
  for (;;) { const page = await rina.get(`/households?limit=200${after ? `&after=${after}` : ''}`); pages++; if (!page.next) break; after = page.next; }
  const last = after ? await time(`/households?limit=50&after=${after}`) : first;
  bar('G7', `page at depth ${pages * 200} against page at depth 0`, last / first, 1.5, false);
  await stop();
}

try {
  await hello();
  await registrations();
  await deep();
  await exporting(binary, bar);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(missed ? `${missed} bars missed` : 'all bars hold');
process.exit(missed ? 1 : 0);
