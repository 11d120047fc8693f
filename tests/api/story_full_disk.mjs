// story_full_disk.mjs: a disk that fills while 64 clients register, and has space again: nothing acknowledged is lost, nothing refused is kept.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { step, equal, truth, close } from './check.mjs';
import { PASSWORD, family } from './registry.mjs';
import { cli, makeRegistry, pause, serve, signIn, snapshot } from './trial.mjs';

const binary = process.argv[2], CLIENTS = 64, TRIES = 600, BALLAST = 4 << 20;
const folder = mkdtempSync(join(tmpdir(), 'lumbung-full-'));

// A disk of 12 MiB of its own; where mounting is not allowed, a limit on the size of every file that the server writes.
const disk = join(folder, 'disk'), ballast = join(disk, 'ballast');
mkdirSync(disk);
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12m,mode=0700', 'none', disk]).status === 0;
console.log(`# ${mounted ? 'a small disk is mounted' : 'no mount here: the size of files is limited instead'}`);
const LIMIT = mounted ? [] : ['sh', '-c', "trap '' XFSZ; exec \"$@\"", 'sh', 'prlimit', `--fsize=${4 << 20}:`];
function fill(bytes) {
  const file = openSync(ballast, 'w');
  try { for (let left = bytes; left > 0; left -= 65536) writeSync(file, Buffer.alloc(65536, 1)); } catch (error) { if (error.code !== 'ENOSPC') throw error; }
  closeSync(file);
}
const limit = (running, bytes) => equal(spawnSync('prlimit', ['--pid', String(running.server.pid), `--fsize=${bytes}:`]).status, 0, 'prlimit');
const fillUp = (running) => (mounted ? fill(64 << 20) : limit(running, 4096));
const makeSpace = (running) => (mounted ? unlinkSync(ballast) : limit(running, 'unlimited'));
// What is small may still fit for a while (a log that begins anew lies on space that it has): tries until one is refused; returns the refusal.
async function refusal(attempt) {
  for (let i = 0; i < TRIES; i++) { const error = await attempt().then(() => null, (refused) => refused); if (error) return error; }
  throw new Error(`nothing was refused in ${TRIES} tries`);
}

const households = { kept: [], refused: [], odd: [] };
let serial = 0;
const fresh = () => { const i = serial++; return { ...family(i % 99), id: UUID7(), hamlet: `Dusun ${i}`, members: [{ name: `Warga ${i.toString(36)}`, id_reason: 'no_card', sex: 'F', birth_date: `19${50 + (i % 50)}-0${1 + (i % 9)}-1${i % 9}`, relationship: 'head' }] }; };
const UUID7 = () => { const hex = randomUUID().replaceAll('-', ''), at = Date.now().toString(16).padStart(12, '0'); return `${at.slice(0, 8)}-${at.slice(8)}-7${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`; };

async function register(client, body, key = `"${randomUUID()}"`) {
  const outcome = { id: body.id, body, key };
  try {
    await client.call('POST', '/households', body, { 'Idempotency-Key': key });
    households.kept.push(outcome);
  } catch (error) {
    (error.status === 503 && error.data?.code === 'disk' ? households.refused : households.odd).push({ ...outcome, error: error.message });
  }
}

const status = (client, id) => client.get(`/households/${id}`).then(() => 200, (error) => error.status);
async function statuses(client, list) {
  const found = new Map();
  for (const { id } of list) { const one = await status(client, id); found.set(one, (found.get(one) ?? 0) + 1); }
  return Object.fromEntries(found);
}

async function story(db) {
  await makeRegistry(binary, db);
  const running = await serve(binary, db, LIMIT), rina = await signIn(running.base, 'rina');
  if (mounted) fill(BALLAST);

  await step('64 clients register until the disk is full: every answer is 201 or 503 `disk`', async () => {
    const until = Date.now() + 60000;
    await Promise.all(Array.from({ length: CLIENTS }, async () => {
      while (households.refused.length < 4 * CLIENTS && households.odd.length === 0 && Date.now() < until) await register(rina, fresh());
    }));
    equal(households.odd.slice(0, 3).map((one) => one.error), [], 'other answers');
    truth(households.kept.length > CLIENTS && households.refused.length >= CLIENTS, `${households.kept.length} kept, ${households.refused.length} refused`);
    console.log(`# ${households.kept.length} acknowledged, ${households.refused.length} refused`);
  });
  await step('full: the refusal says so in both languages and that nothing was stored', async () => {
    fillUp(running);
    for (const [language, word] of [['id', /penuh/], ['en', /full/]]) {
      const refused = await refusal(() => rina.call('POST', '/households', fresh(), { 'Accept-Language': language }));
      equal([refused.status, refused.data?.code], [503, 'disk'], language);
      truth(word.test(refused.data.detail), refused.data.detail);
    }
  });
  await step('full: reading goes on, with all that was acknowledged and nothing that was refused', async () => {
    equal(await statuses(rina, households.kept.slice(-50)), { 200: 50 }, 'kept');
    equal(await statuses(rina, households.refused.slice(-50)), { 404: 50 }, 'refused');
    equal((await fetch(`${running.base}/healthz`)).status, 200, 'healthz');
  });
  await step('full: signing in is refused as `disk`, not as a wrong password', async () => {
    const error = await refusal(() => signIn(running.base, 'rina'));
    equal([error.status, error.data?.code], [503, 'disk']);
  });
  await step('full: trying to sign in again and again locks nobody out', async () => {
    for (let i = 0; i < 12; i++) await signIn(running.base, 'rina').catch((error) => equal([error.status, error.data.code], [503, 'disk'], `try ${i}`));
  });
  const photos = () => snapshot(disk).filter((line) => line.includes('.blobs/') && !line.includes(' 40')).length;
  const photograph = (key = randomUUID()) => fetch(`${running.base}/api/v1/attachments`, { method: 'POST', body: Buffer.concat([Buffer.from('ffd8ffe000040000ffc000110800800100030122000211', 'hex'), Buffer.alloc(1 << 20, 7)]),
    headers: { 'Content-Type': 'image/jpeg', 'X-Requested-With': 'lumbung', 'Sec-Fetch-Site': 'same-origin', Cookie: rina.cookie, 'Idempotency-Key': `"${key}"` } });
  await step('full: a photo is refused and leaves no file', async () => {
    const answer = await photograph();
    equal([answer.status, (await answer.json()).code], [503, 'disk']);
    equal(photos(), 0, 'photos');
  });
  if (mounted) await step('full: console commands say so in one line and leave nothing half-done', () => {
    for (const words of [['user', 'add', 'baru', '--role', 'officer', '--password-stdin', '--db', db], ['backup', '--db', db, join(disk, 'backup')], ['export', 'disbursements', '--db', db, '--out', join(disk, 'out.csv')]]) {
      const names = readdirSync(disk);
      let result = cli(binary, words, `${PASSWORD}\n`);
      for (let i = 0; i < TRIES && words[0] === 'user' && result.status === 0; i++) result = cli(binary, ['user', 'add', `baru${i}`, ...words.slice(3)], `${PASSWORD}\n`);
      truth(result.status === 1 || result.status === 2, `${words[0]}: ${result.status} ${result.stderr}`);
      truth(/full|space/i.test(result.stderr) && result.stderr.trim().split('\n').length === 1, `${words[0]}: ${result.stderr}`);
      equal(readdirSync(disk), names, `${words[0]} left`);
    }
  });
  await step('space returns: the server goes on by itself', async () => {
    makeSpace(running);
    const until = Date.now() + 15000, before = households.kept.length;
    while (households.kept.length === before && Date.now() < until) { await register(rina, fresh()); await pause(100); }
    truth(households.kept.length > before, `still refused: ${households.odd.at(-1)?.error ?? 'disk'}`);
    truth(/lane\.recovered/.test(running.errors()), 'the log does not say that it recovered');
  });
  await step('a refused registration sent again with its key is stored once', async () => {
    const again = households.refused.splice(0, 8);
    for (const one of again) { await register(rina, one.body, one.key); await register(rina, one.body, one.key); }
    equal(households.odd, [], 'other answers');
    equal(await statuses(rina, again), { 200: 8 });
  });
  await step('a photo sent three times with its key is one file', async () => {
    const key = randomUUID(), ids = [];
    for (let i = 0; i < 3; i++) ids.push((await (await photograph(key)).json()).id);
    equal([new Set(ids).size, photos()], [1, 1]);
  });
  const whole = async (client) => {
    equal(await statuses(client, households.kept), { 200: households.kept.length }, 'acknowledged');
    equal(await statuses(client, households.refused), { 404: households.refused.length }, 'refused');
  };
  await step('all that was acknowledged is there, nothing that was refused', () => whole(rina));
  await step('SIGTERM stops it with 0', async () => equal(await running.stop(), 0, 'exit'));
  await step('`lumbung verify` holds', () => { const result = cli(binary, ['verify', '--db', db]); equal(result.status, 0, result.stderr); });
  if (mounted) await step('a server started on a full disk serves, or says in one line that it is full', async () => {
    fillUp(running);
    const result = cli('timeout', ['5', binary, 'serve', '--db', db, '--listen', '127.0.0.1:0']);
    truth(result.status === 124 || result.status === 0 || (/full|space/i.test(result.stderr) && result.status === 1), `${result.status} ${result.stderr}`);
    makeSpace();
  });
  await step('after a restart the same', async () => {
    const second = await serve(binary, db);
    await whole(await signIn(second.base, 'rina'));
    equal(await second.stop(), 0, 'exit');
    equal(cli(binary, ['verify', '--db', db]).status, 0, 'verify');
  });
}

try {
  await story(join(disk, 'desa.db'));
} finally {
  if (mounted) spawnSync('umount', ['-l', disk]);
  rmSync(folder, { recursive: true, force: true });
}
close();
