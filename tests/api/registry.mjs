// registry.mjs: a throw-away registry for the browser: users of every role, a village of families, a program with a batch in each state.
import { spawn, spawnSync } from 'node:child_process';
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
export const PASSWORD = 'gabah kering giling 26';

const base32 = (bytes) => [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('').match(/.{5}/g).map((bits) => ALPHABET[parseInt(bits, 2)]).join('');
const unbase32 = (text) => Buffer.from([...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('').match(/.{8}/g).map((bits) => parseInt(bits, 2)));
export const secretOf = (name) => base32(createHash('sha256').update(`lumbung ${name}`).digest().subarray(0, 20));

function codeAt(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', unbase32(secret)).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1e6).padStart(6, '0');
}
export const codeOf = (secret, steps = 0) => codeAt(secret, Math.floor(Date.now() / 30000) + steps);

const used = new Map();
// RFC 6238; a code counts once, so the next free step of the allowed window is taken, waiting when there is none.
export async function totp(name) {
  for (;;) {
    const at = Date.now(), now = Math.floor(at / 30000);
    // Near its end a step's predecessor may be out of the window before the server looks at it.
    for (const step of at % 30000 > 25000 ? [now, now + 1] : [now - 1, now, now + 1]) {
      if (step <= (used.get(name) ?? 0)) continue;
      used.set(name, step);
      return codeAt(secretOf(name), step);
    }
    await new Promise((done) => setTimeout(done, 1000));
  }
}

export class Client {
  constructor(base) { this.base = base; this.cookie = null; }
  async call(method, path, body, headers = {}) {
    const answer = await fetch(`${this.base}/api/v1${path}`, {
      method,
      headers: { 'X-Requested-With': 'lumbung', 'Sec-Fetch-Site': 'same-origin', 'Accept-Language': 'en', ...(this.cookie ? { Cookie: this.cookie } : {}), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(method === 'GET' ? {} : { 'Idempotency-Key': `"${randomUUID()}"` }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const cookie = answer.headers.get('set-cookie');
    if (cookie) this.cookie = cookie.split(';')[0];
    const text = await answer.text();
    const data = (answer.headers.get('content-type') || '').includes('json') && text ? JSON.parse(text) : text;
    if (!answer.ok) throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 400)}`), { status: answer.status, data });
    return data;
  }
  get(path) { return this.call('GET', path); }
  post(path, body = {}, headers) { return this.call('POST', path, body, headers); }
  async signIn(name) { await this.post('/session', { username: name, password: PASSWORD, totp: await totp(name) }); return this; }
}

const REGIONS = `code,parent,level,kind,name
15,,1,provinsi,Jambi
15.01,15,2,kabupaten,Kabupaten Kerinci
15.01.01,15.01,3,kecamatan,Danau Kerinci
15.01.01.2001,15.01.01,4,desa,Seleman
15.01.01.2002,15.01.01,4,desa,Tanjung Tanah
15.02,15,2,kabupaten,Kabupaten Merangin
15.02.01,15.02,3,kecamatan,Jangkat
15.02.01.2001,15.02.01,4,desa,Muara Madras
`;

export const USERS = [['rina', 'officer', '15.01', 'Rina Marlina'], ['maya', 'manager', null, 'Maya Lestari'], ['hendra', 'approver', null, 'Hendra Wijaya'], ['tuti', 'approver', null, 'Tuti Rahayu'],
  ['audi', 'auditor', null, 'Audi Pratama'], ['sari', 'admin', null, 'Sari Dewi']];

// A further person, beside those that every registry has.
export function addUser(binary, db, name, role, display, region) {
  const result = spawnSync(binary, ['user', 'add', name, '--role', role, '--name', display, '--password-stdin', '--totp-secret', secretOf(name), ...(region ? ['--region', region] : []), '--db', db], { input: `${PASSWORD}\n`, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`user add ${name}: ${result.stderr}`);
}

async function serve(binary, db, listen) {
  const server = spawn(binary, ['serve', '--db', db, '--listen', listen, ...(process.env.STATIC ? ['--static', process.env.STATIC] : [])], { stdio: ['ignore', 'pipe', 'inherit'] });
  const base = await new Promise((done, failed) => {
    let text = '';
    server.stdout.on('data', (chunk) => { text += chunk; const found = /listening on (\S+)/.exec(text); if (found) done(found[1]); });
    server.on('exit', (code) => failed(new Error(`serve ended with ${code}`)));
  });
  return { server, base };
}

async function end(server) {
  if (server.exitCode !== null) return;
  const ended = new Promise((done) => server.on('exit', done));
  server.kill('SIGTERM');
  await ended;
}

async function untilReady(base) {
  for (let i = 0; i < 100; i++) {
    if ((await fetch(`${base}/readyz`)).ok) return;
    await new Promise((done) => setTimeout(done, 50));
  }
}

export async function startRegistry(binary) {
  const folder = mkdtempSync(join(tmpdir(), 'lumbung-web-'));
  const db = join(folder, 'web.db');
  let { server, base } = await serve(binary, db, '127.0.0.1:0');
  const run = (words, input) => {
    const result = spawnSync(binary, [...words, '--db', db], { input, encoding: 'utf8' });
    if (result.status !== 0) throw new Error(`lumbung ${words.join(' ')}: ${result.stderr}`);
  };
  const csv = join(folder, 'regions.csv');
  writeFileSync(csv, REGIONS);
  run(['import', 'regions', csv]);
  for (const [name, role, region, display] of USERS) run(['user', 'add', name, '--role', role, '--name', display, '--password-stdin', '--totp-secret', secretOf(name), ...(region ? ['--region', region] : [])], `${PASSWORD}\n`);
  await untilReady(base);
  const pause = () => end(server);
  const kill = async () => { const ended = new Promise((done) => server.on('exit', done)); server.kill('SIGKILL'); await ended; };
  const resume = async () => { ({ server } = await serve(binary, db, new URL(base).host)); await untilReady(base); };
  const stop = async () => { await end(server); rmSync(folder, { recursive: true, force: true }); };
  return { base, db, folder, pause, kill, resume, stop };
}

const NAMES = ['Siti Aminah', 'Darman Saputra', 'Kartini', 'Muhammad Jufri', 'Rahma Hidayat', 'Suparno', 'Nurhayati', 'Abdul Rahman', 'Dewi Sartika', 'Zulkifli'];

export const family = (i, village = '15.01.01.2001') => ({
  region: village, hamlet: i % 2 ? 'Dusun Hilir' : 'Dusun Hulu', rw: '001', rt: String(1 + (i % 3)).padStart(3, '0'), address: `Jalan Danau ${i + 1}`,
  consent: { notice_version: '1', language: 'id', basis: 'consent', given_by: NAMES[i % NAMES.length], form: 'signed' },
  members: [
    { name: NAMES[i % NAMES.length], nik: `15010145058700${String(i + 1).padStart(2, '0')}`, sex: 'F', birth_date: '1987-05-05', relationship: 'head' },
    { name: `Anak ${i + 1}`, id_reason: 'no_card', sex: i % 2 ? 'M' : 'F', birth_date: `20${22 + (i % 3)}-02-0${1 + (i % 8)}`, relationship: 'child' },
  ],
});

// Families, a program, and batches that are drafted, waiting and released.
export async function fill(base) {
  const rina = await new Client(base).signIn('rina'), maya = await new Client(base).signIn('maya'), hendra = await new Client(base).signIn('hendra');
  const households = [];
  for (let i = 0; i < 8; i++) households.push(await rina.post('/households', family(i)));
  const program = await maya.post('/programs', { name: 'Keluarga Harapan Baru', category: 'direct_aid', owner: 'Dinas Sosial Kerinci', currency: 'IDR', unit: 'household', budget_minor: 5000000000,
    rule: 'household.members.exists(m, age(m.birth_date) < 7)', entitlement: "[{'code': 'anak_0_6', 'kind': 'cash', 'amount_minor': amount(750000)}, {'code': 'beras', 'kind': 'goods', 'item': 'kg beras', 'quantity': 10}]", starts_on: '2026-01-01' });
  await maya.post(`/programs/${program.id}/activate`);
  for (const household of households) await maya.post(`/programs/${program.id}/enrollments`, { household_id: household.id });
  const cycle = async (name) => maya.post(`/programs/${program.id}/cycles`, { name, starts_on: '2026-10-01', ends_on: '2026-12-31' });
  const batches = {};
  for (const [name, acts] of [['released', ['lock', 'submit']], ['waiting', ['lock', 'submit']], ['draft', []]]) {
    const batch = await maya.post(`/cycles/${(await cycle(`Tahap ${name}`)).id}/batches`);
    for (const act of acts) await maya.post(`/batches/${batch.id}/${act}`);
    batches[name] = batch.id;
  }
  const { digest } = await hendra.get(`/batches/${batches.released}`);
  await hendra.post(`/batches/${batches.released}/approve`, { digest });
  await hendra.post(`/batches/${batches.released}/release`);
  const { items } = await rina.get(`/disbursements?batch=${batches.released}`);
  await rina.post(`/disbursements/${items[0].id}/receipt`, { received_by: 'payee', method: 'cash', at: new Date().toISOString() });
  return { households, program, batches, disbursements: items, rina };
}
