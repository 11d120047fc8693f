// reliability.mjs: figures 1, 4, 5 and 6: tried N, lost 0; 1 with a mutant server that must be caught, 4 to 6 with a check that the count or the database can refuse. Usage: reliability.mjs BINARY FIGURE SIZE
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, family, PASSWORD, startRegistry } from './api/registry.mjs';

const [, , binary, figure, size = '1'] = process.argv;
const scale = Number(size);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function serve(db, extra = []) {
  const server = spawn(binary, ['serve', '--db', db, '--listen', '127.0.0.1:0', ...extra], { stdio: ['ignore', 'pipe', 'ignore'] });
  const base = await new Promise((done, failed) => { server.stdout.once('data', (chunk) => done(/http:\S+/.exec(chunk)[0])); server.on('exit', () => failed(new Error('serve ended'))); });
  for (let i = 0; i < 200 && !(await fetch(`${base}/readyz`).catch(() => ({ ok: false }))).ok; i++) await pause(20);
  return { server, base };
}

function prepare(folder) {
  const db = join(folder, 'r.db'), csv = join(folder, 'r.csv');
  writeFileSync(csv, 'code,parent,level,kind,name\n15,,1,provinsi,Jambi\n15.01,15,2,kabupaten,Kerinci\n15.01.01,15.01,3,kecamatan,D\n15.01.01.2001,15.01.01,4,desa,S\n');
  const server = spawnSync('timeout', ['2', binary, 'serve', '--db', db, '--listen', '127.0.0.1:0']);
  if (server.error) throw server.error;
  spawnSync(binary, ['import', 'regions', csv, '--db', db]);
  spawnSync(binary, ['user', 'add', 'rina', '--role', 'officer', '--db', db, '--password-stdin'], { input: `${PASSWORD}\n` });
  return db;
}

// Kills the process in the middle of work; what was answered must be there.
async function killRounds(rounds, extra) {
  const folder = mkdtempSync(join(tmpdir(), 'lumbung-kill-'));
  const db = prepare(folder);
  let acked = 0, lost = 0;
  for (let round = 0; round < rounds; round++) {
    const { server, base } = await serve(db, extra);
    const ids = [];
    const ended = new Promise((done) => server.on('exit', done));
    const client = new Client(base);
    await client.post('/session', { username: 'rina', password: PASSWORD });
    await pause(300); // the mutant answers before the session is stored
    const work = Array.from({ length: 16 }, async () => {
      for (;;) ids.push((await client.post('/households', family(Math.floor(Math.random() * 99)))).id);
    }).map((promise) => promise.catch(() => {}));
    for (let i = 0; i < 200 && ids.length < 16; i++) await pause(25);
    await pause(50 + Math.random() * 450);
    server.kill('SIGKILL');
    await Promise.all([ended, ...work]);
    acked += ids.length;
    const again = await serve(db);
    const reader = new Client(again.base);
    await reader.post('/session', { username: 'rina', password: PASSWORD });
    for (const id of ids) await reader.get(`/households/${id}`).catch(() => { lost++; });
    const stopped = new Promise((done) => again.server.on('exit', done));
    again.server.kill('SIGTERM');
    await stopped;
  }
  const verified = spawnSync(binary, ['verify', '--db', db]).status === 0;
  rmSync(folder, { recursive: true, force: true });
  return { acked, lost, verified };
}

const FIGURES = {
  async kill9() {
    const rounds = Math.max(2, Math.round(10 * scale));
    const real = await killRounds(rounds, []);
    let mutant = { lost: 0 };
    for (let tries = 0; tries < 12 && mutant.lost === 0; tries++) mutant = await killRounds(1, ['--mutant', 'ack-before-commit']);
    return [`kill9 rounds=${rounds} acked=${real.acked} lost=${real.lost} verified=${real.verified} mutant=${mutant.lost > 0 ? 'caught' : 'missed'}`, real.lost === 0 && real.verified && real.acked > 0 && mutant.lost > 0];
  },
  async idem() {
    const registry = await startRegistry(binary);
    try {
      const keys = Math.max(20, Math.round(100 * scale)), rina = await new Client(registry.base).signIn('rina');
      let effects = new Set(), doubles = 0, submits = 0;
      for (let i = 0; i < keys; i++) {
        const key = { 'Idempotency-Key': `"${randomUUID()}"` }, body = family(i % 99);
        const answers = await Promise.all(Array.from({ length: 8 }, () => rina.post('/households', body, key)));
        submits += 8;
        if (new Set(answers.map((answer) => answer.id)).size !== 1) doubles++;
        effects.add(answers[0].id);
      }
      // Not a mutant server but a control: a client that makes a new key each time; then every submit has its own effect, and this count sees it.
      const fresh = await Promise.all(Array.from({ length: 8 }, () => rina.post('/households', family(5))));
      const caught = new Set(fresh.map((answer) => answer.id)).size === 8;
      return [`idem keys=${keys} submits=${submits} effects=${effects.size} doubles=${doubles} fresh_keys=${caught ? 'counted' : 'missed'}`, doubles === 0 && effects.size === keys && caught];
    } finally { await registry.stop(); }
  },
  async approve() {
    const registry = await startRegistry(binary);
    try {
      const as = (name) => new Client(registry.base).signIn(name);
      const rina = await as('rina'), maya = await as('maya'), hendra = await as('hendra'), tuti = await as('tuti');
      const household = await rina.post('/households', family(1));
      const program = await maya.post('/programs', { name: 'Balapan', category: 'direct_aid', owner: 'Dinas', currency: 'IDR', unit: 'household', rule: 'true', entitlement: 'amount(1000)', budget_minor: 10 ** 12, starts_on: '2026-01-01' });
      await maya.post(`/programs/${program.id}/activate`);
      await maya.post(`/programs/${program.id}/enrollments`, { household_id: household.id });
      const races = Math.max(10, Math.round(60 * scale));
      let illegal = 0, self = 0;
      for (let i = 0; i < races; i++) {
        const cycle = await maya.post(`/programs/${program.id}/cycles`, { name: `C${i}`, starts_on: '2026-11-01', ends_on: '2026-11-30' });
        let batch = await maya.post(`/cycles/${cycle.id}/batches`);
        await maya.post(`/batches/${batch.id}/lock`);
        batch = await maya.post(`/batches/${batch.id}/submit`);
        const approve = (client) => client.post(`/batches/${batch.id}/approve`, { digest: batch.digest }).then(() => true, () => false);
        const [own] = await Promise.all([approve(maya), approve(hendra), approve(tuti), maya.post(`/batches/${batch.id}/recall`, { reason: 'balapan' }).catch(() => {}), hendra.post(`/batches/${batch.id}/release`).catch(() => {}),
          tuti.post(`/batches/${batch.id}/release`).catch(() => {}), tuti.post(`/batches/${batch.id}/reject`, { reason: 'balapan' }).catch(() => {})]);
        if (own) self++;
        const after = await maya.get(`/batches/${batch.id}`), lines = (await rina.get(`/disbursements?batch=${batch.id}`)).items.length;
        const legal = after.state === 'released' ? lines === after.count && after.version === 1 && after.approvals.length >= 1 : lines === 0 && ['draft', 'approved', 'in_approval'].includes(after.state);
        if (!legal) illegal++;
      }
      const verified = spawnSync(binary, ['verify', '--db', registry.db]).status === 0;
      // The second guard: past all code, the database itself refuses the maker as an approver.
      const forced = spawnSync('sqlite3', [registry.db, "INSERT INTO batch_duty (batch_id, duty, user_id, at_ms) SELECT batch_id, 'approve', user_id, 0 FROM batch_duty WHERE duty = 'make' LIMIT 1;"], { encoding: 'utf8' });
      const caught = (forced.stderr || '').includes('duties');
      return [`approve races=${races} illegal=${illegal} self_approved=${self} verified=${verified} raw_sql=${caught ? 'refused' : 'accepted'}`, illegal === 0 && self === 0 && verified && caught];
    } finally { await registry.stop(); }
  },
  async budget() {
    const registry = await startRegistry(binary);
    try {
      const as = (name) => new Client(registry.base).signIn(name);
      const rina = await as('rina'), maya = await as('maya');
      for (let i = 0; i < 3; i++) {
        const household = await rina.post('/households', family(i));
        if (i === 0) { const made = await maya.post('/programs', { name: 'Anggaran', category: 'direct_aid', owner: 'Dinas', currency: 'IDR', unit: 'household', rule: 'true', entitlement: 'amount(1000)', budget_minor: 3000000, starts_on: '2026-01-01' }); registry.program = made.id; await maya.post(`/programs/${made.id}/activate`); }
        await maya.post(`/programs/${registry.program}/enrollments`, { household_id: household.id });
      }
      const rounds = Math.max(1, Math.round(3 * scale)), each = 24;
      let submitted = 0, refusedCount = 0, overspent = 0;
      for (let round = 0; round < rounds; round++) {
        const batches = [];
        for (let i = 0; i < each; i++) {
          const cycle = await maya.post(`/programs/${registry.program}/cycles`, { name: `R${round}-${i}`, starts_on: '2026-11-01', ends_on: '2026-11-30' });
          const batch = await maya.post(`/cycles/${cycle.id}/batches`);
          await maya.post(`/batches/${batch.id}/lock`);
          batches.push(batch.id);
        }
        const results = await Promise.all(batches.map((id) => maya.post(`/batches/${id}/submit`).then(() => true, (error) => { if (error.data?.code !== 'budget') throw error; return false; })));
        submitted += results.length;
        refusedCount += results.filter((ok) => !ok).length;
        const program = await maya.get(`/programs/${registry.program}`);
        if (program.left_minor < 0 || program.claimed_minor > program.budget_minor) overspent++;
        await Promise.all(batches.filter((_, i) => results[i]).map((id) => maya.post(`/batches/${id}/recall`, { reason: 'ulang lagi' })));
      }
      const verified = spawnSync(binary, ['verify', '--db', registry.db]).status === 0;
      // The second guard: past all code, the database itself refuses a balance below zero.
      const forced = spawnSync('sqlite3', [registry.db, "UPDATE ledger_account SET balance_minor = -1 WHERE kind = 'program';"], { encoding: 'utf8' });
      const caught = /CHECK/.test(forced.stderr || '');
      return [`budget batches=${submitted} refused=${refusedCount} overspent=${overspent} drift=${verified ? 0 : 1} raw_sql=${caught ? 'refused' : 'accepted'}`, overspent === 0 && verified && refusedCount > 0 && caught];
    } finally { await registry.stop(); }
  },
};

const [line, holds] = await FIGURES[figure]();
console.log(line);
process.exit(holds ? 0 : 1);
