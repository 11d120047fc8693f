// idem.mjs: one key sent eight times at once, by eight to sixty-four at a time; once more after a restart; and once with another body.
import { randomUUID } from 'node:crypto';
import { family } from '../api/registry.mjs';
import { lookOne, Rounds, spread } from './common.mjs';

const SENDERS = 8;
const header = (key) => ({ 'Idempotency-Key': `"${key}"` });

async function sendAll(client, tries, sum) {
  for (let at = 0, width = 1; at < tries.length; at += width, width = (width % 8) + 1) {
    await Promise.all(tries.slice(at, at + width).flatMap((one) => Array.from({ length: SENDERS }, async () => {
      sum.submits++;
      one.ids.add((await client.post('/households', one.body, header(one.key))).id);
    })));
  }
}

export async function idem(binary, keys) {
  const rounds = new Rounds(binary);
  const sum = { keys, submits: 0, effects: 0, doubles: 0, resent: 0, other_body: 0 };
  try {
    await rounds.prepare();
    await rounds.start();
    const tries = Array.from({ length: keys }, (_, i) => ({ key: randomUUID(), body: family(i % 99), ids: new Set() }));
    await sendAll(await rounds.signIn(), tries, sum);
    await rounds.stop('SIGTERM');
    await rounds.start();
    const client = await rounds.signIn();
    await spread(tries, 16, async (one) => { one.ids.add((await client.post('/households', one.body, header(one.key))).id); sum.resent++; });
    await spread(tries, 16, (one) => client.post('/households', { ...one.body, hamlet: 'Dusun Lain' }, header(one.key)).then(() => {}, (error) => { if (error.status === 422 && error.data.code === 'key_reused') sum.other_body++; }));
    sum.effects = lookOne(rounds.db, 'SELECT count(*) FROM household');
    sum.doubles = tries.reduce((count, one) => count + one.ids.size - 1, 0);
  } finally { rounds.server.kill('SIGKILL'); rounds.remove(); }
  return sum;
}
