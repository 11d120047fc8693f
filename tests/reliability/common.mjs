// common.mjs: what the reliability figures share: a registry that can be stopped and started again, an outside look into its file, and chance.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, PASSWORD, secretOf } from '../api/registry.mjs';

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
export const below = (count) => Math.floor(Math.random() * count);
export const chance = (share) => Math.random() < share;
export const shuffle = (list) => list.map((item) => [Math.random(), item]).sort((a, b) => a[0] - b[0]).map(([, item]) => item);

// At most `width` at once.
export async function spread(list, width, work) {
  const waiting = list.map((item, i) => [item, i]);
  await Promise.all(Array.from({ length: Math.min(width, list.length) }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await work(...next);
  }));
}

// Reads the registry's file past the server.
export function look(db, sql) {
  const result = spawnSync('sqlite3', ['-readonly', '-json', db, sql], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status !== 0) throw new Error(`sqlite3: ${result.stderr}`);
  return result.stdout ? JSON.parse(result.stdout) : [];
}
export const lookOne = (db, sql) => Object.values(look(db, sql)[0])[0];
export const verifies = (binary, db) => spawnSync(binary, ['verify', '--db', db]).status === 0 && lookOne(db, 'PRAGMA integrity_check') === 'ok';

export function addUser(binary, db, name, roles, withTotp) {
  const words = ['user', 'add', name, ...roles.flatMap((role) => ['--role', role]), '--db', db, '--password-stdin', ...(withTotp ? ['--totp-secret', secretOf(name)] : [])];
  const result = spawnSync(binary, words, { input: `${PASSWORD}\n`, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`user add ${name}: ${result.stderr}`);
}

const REGIONS = 'code,parent,level,kind,name\n15,,1,provinsi,Jambi\n15.01,15,2,kabupaten,Kerinci\n15.01.01,15.01,3,kecamatan,Danau Kerinci\n15.01.01.2001,15.01.01,4,desa,Seleman\n';

// A registry with one officer, rina, for rounds of starting and stopping.
export class Rounds {
  constructor(binary, extra = []) {
    this.binary = binary;
    this.extra = extra;
    this.folder = mkdtempSync(join(tmpdir(), 'lumbung-rounds-'));
    this.db = join(this.folder, 'r.db');
  }
  async start(extra = this.extra) {
    this.server = spawn(this.binary, ['serve', '--db', this.db, '--listen', '127.0.0.1:0', ...extra], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.ended = new Promise((done) => this.server.on('exit', (code, signal) => done({ code, signal, at: Date.now() })));
    this.base = await new Promise((done, failed) => { this.server.stdout.once('data', (chunk) => done(/http:\S+/.exec(chunk)[0])); this.ended.then(() => failed(new Error('serve ended'))); });
    for (let i = 0; i < 400 && !(await fetch(`${this.base}/readyz`).catch(() => ({ ok: false }))).ok; i++) await pause(10);
  }
  async prepare() {
    await this.start([]);
    const csv = join(this.folder, 'r.csv');
    writeFileSync(csv, REGIONS);
    spawnSync(this.binary, ['import', 'regions', csv, '--db', this.db]);
    addUser(this.binary, this.db, 'rina', ['officer'], false);
    await this.stop('SIGTERM');
  }
  async signIn() {
    const client = new Client(this.base);
    await client.post('/session', { username: 'rina', password: PASSWORD });
    await pause(this.extra.length ? 300 : 0); // a mutant answers before the session is stored
    return client;
  }
  async stop(signal) {
    const at = Date.now();
    this.server.kill(signal);
    const end = await this.ended;
    return { code: end.code, ms: end.at - at };
  }
  remove() { rmSync(this.folder, { recursive: true, force: true }); }
}
