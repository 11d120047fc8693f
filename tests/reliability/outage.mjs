// outage.mjs: a server that is killed, or asked to leave, in the middle of work. What was answered must be there, what was refused must not, and what a
// client sends again with its key must not be there twice.
import { randomUUID } from 'node:crypto';
import { family } from '../api/registry.mjs';
import { below, chance, look, lookOne, pause, Rounds, spread, verifies } from './common.mjs';

const CLIENTS = 32, ROUNDS_A_REGISTRY = 50;
const keyOf = (operation) => ({ 'Idempotency-Key': `"${operation.key}"` });

// One in five forms has a fault that is refused.
function form(refusals) {
  const body = family(below(99));
  if (!refusals || !chance(0.2)) return body;
  body.members[0].nik = '123';
  return body;
}

// Registers families until the server is gone.
async function clientWork(client, operations, refusals) {
  for (;;) {
    const operation = { key: randomUUID(), body: form(refusals), id: null, refused: false };
    operations.push(operation);
    try {
      operation.id = (await client.post('/households', operation.body, keyOf(operation))).id;
    } catch (error) {
      operation.refused = error.status !== undefined;
      if (error.status !== 422) return;
    }
  }
}

async function stopInWork(rounds, signal, refusals) {
  const client = await rounds.signIn(), operations = [];
  const work = Array.from({ length: CLIENTS }, () => clientWork(client, operations, refusals));
  const answered = () => operations.filter((operation) => operation.id).length;
  for (let i = 0; i < 400 && answered() < CLIENTS; i++) await pause(10);
  await pause(50 + below(450));
  // In half of the rounds right behind an answer, where it hurts most.
  if (chance(0.5)) for (let i = 0, before = answered(); i < 400 && answered() === before; i++) await pause(5);
  const end = await rounds.stop(signal);
  await Promise.all(work);
  return { operations, end };
}

// After the restart; `sum` counts over all rounds.
async function judge(rounds, operations, sum) {
  const client = await rounds.signIn();
  const rows = look(rounds.db, `SELECT rowid AS row, hex(operation) AS operation FROM idempotency WHERE rowid > ${rounds.seen ?? 0}`);
  const stored = new Set(rows.map((row) => row.operation.toLowerCase()));
  rounds.seen = rows.reduce((last, { row }) => Math.max(last, row), rounds.seen ?? 0);
  const isStored = (operation) => stored.has(operation.key.replaceAll('-', ''));
  const answered = operations.filter((operation) => operation.id), refused = operations.filter((operation) => operation.refused);
  sum.acked += answered.length;
  sum.refused += refused.length;
  sum.kept += refused.filter(isStored).length;
  await spread(answered, 16, async (operation) => { if (!isStored(operation) || !(await client.get(`/households/${operation.id}`).catch(() => null))) sum.lost++; });
  const open = operations.filter((operation) => !operation.id && !operation.refused);
  await spread(open, 16, async (operation) => { if (operation.body.members[0].nik !== '123') { await client.post('/households', operation.body, keyOf(operation)); sum.resent++; } });
}

async function oneRound(rounds, signal, refusals, sum) {
  await rounds.start();
  const { operations, end } = await stopInWork(rounds, signal, refusals);
  sum.slowest = Math.max(sum.slowest, end.ms);
  sum.codes.add(end.code);
  await rounds.start([]);
  await judge(rounds, operations, sum);
  await rounds.stop('SIGTERM');
}

async function oneRegistry(binary, count, signal, { extra = [], refusals = false, untilLost = false }, sum) {
  const rounds = new Rounds(binary, extra), before = sum.acked + sum.resent;
  try {
    await rounds.prepare();
    for (let i = 0; i < count && !(untilLost && sum.lost > 0); i++) await oneRound(rounds, signal, refusals, sum);
    sum.dup += Math.max(0, lookOne(rounds.db, 'SELECT count(*) FROM household') - (sum.acked + sum.resent - before));
    sum.verified &&= verifies(binary, rounds.db);
  } finally { rounds.server.kill('SIGKILL'); rounds.remove(); }
}

// `untilLost` ends with the first loss: enough of a mutant.
export async function outage(binary, count, signal, options = {}) {
  const sum = { acked: 0, refused: 0, kept: 0, lost: 0, resent: 0, dup: 0, slowest: 0, codes: new Set(), verified: true };
  for (let left = count; left > 0; left -= ROUNDS_A_REGISTRY) await oneRegistry(binary, Math.min(left, ROUNDS_A_REGISTRY), signal, options, sum);
  return sum;
}
