// story_broken.mjs: broken files, keys, folders, ports: a clear error that names the remedy, and not one byte changed.
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, openSync, closeSync, rmSync, statSync, symlinkSync, truncateSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { step, equal, truth, close } from './check.mjs';
import { family } from './registry.mjs';
import { cli, copyRegistry, makeRegistry, refuses, serve, signIn, snapshot } from './trial.mjs';

const binary = process.argv[2], root = process.getuid() === 0;
const folder = mkdtempSync(join(tmpdir(), 'lumbung-broken-'));
const good = join(folder, 'good', 'desa.db');
const skip = (name, why) => console.log(`skip ${name}: ${why}`);

// Every command that opens a registry, in its own words.
const COMMANDS = (db, out) => [['serve', '--db', db, '--listen', '127.0.0.1:0'], ['verify', '--db', db], ['user', 'add', 'baru', '--role', 'officer', '--password-stdin', '--db', db], ['user', 'list', '--db', db],
  ['import', 'regions', join(folder, 'r.csv'), '--db', db], ['export', 'disbursements', '--db', db, '--out', out], ['backup', '--db', db, out]];
// A copy of the good registry in a folder of its own, broken by `damage`.
let copies = 0;
const broken = (damage) => { const db = copyRegistry(good, join(folder, `copy${copies++}`, 'desa.db')); damage(db); return [join(db, '..'), db]; };
const all = (damage, said, more = {}) => { const [at, db] = broken(damage); for (const words of COMMANDS(db, join(at, 'out'))) refuses(binary, at, words, 2, said, more); };
const overwrite = (path, position, bytes) => { const file = openSync(path, 'r+'); writeSync(file, bytes, 0, bytes.length, position); closeSync(file); };
const words = Buffer.from('only words that somebody wrote into a file of that name. '.repeat(80));

async function damagedFiles() {
  await step('a file of words is no registry: every command says so and leaves it', () => all((db) => writeFileSync(db, words), ['desa.db', 'not a registry']));
  await step('a damaged beginning', () => all((db) => overwrite(db, 0, Buffer.alloc(100, 0x5a)), ['desa.db', 'damaged', 'backup']));
  await step('a damaged table of contents', () => all((db) => overwrite(db, 100, Buffer.alloc(3000, 0x5a)), ['desa.db', 'damaged', 'backup']));
  await step('a database of another program', () => all((db) => { unlinkSync(db); equal(spawnSync('sqlite3', [db, 'CREATE TABLE a (b); INSERT INTO a VALUES (1)']).status, 0); }, ['desa.db', 'another']));
  await step('a folder in the place of the file', () => all((db) => { unlinkSync(db); mkdirSync(db); }, ['desa.db', 'not a regular file']));
  await step('a newer schema: every command asks for the newer program', () => all((db) => overwrite(db, 60, Buffer.from([0, 0, 3, 231])), ['999', 'newer program']));
  await step('damage in the middle: verify finds it and names the backup', () => {
    const [at, db] = broken((path) => overwrite(path, 4096 * 20, Buffer.alloc(4096 * 30, 0x5a)));
    const before = snapshot(at), result = cli(binary, ['verify', '--db', db]);
    truth(result.status !== 0 && result.stdout === '', `${result.status} ${result.stdout}`);
    equal(result.stderr.trim().split('\n').length, 1, result.stderr);
    truth(/damaged|does not verify/.test(result.stderr), result.stderr);
    equal(snapshot(at), before, 'files');
  });
  await step('a file cut in half: verify finds it', () => {
    const [at, db] = broken((path) => truncateSync(path, Math.floor(statSync(path).size / 2 / 4096) * 4096));
    const before = snapshot(at), result = cli(binary, ['verify', '--db', db]);
    truth(result.status !== 0, result.stdout);
    truth(/damaged|does not verify/.test(result.stderr), result.stderr);
    equal(snapshot(at), before, 'files');
  });
}

async function keys() {
  for (const name of ['master', 'log-sign', 'epoch-1']) {
    const key = (db) => join(`${db}.keys`, name);
    await step(`keys: ${name} is missing`, () => all((db) => unlinkSync(key(db)), [name, 'missing', 'backup']));
    await step(`keys: others can read ${name}`, () => all((db) => chmodSync(key(db), 0o640), [name, 'others can read', '0600']));
    await step(`keys: ${name} is cut short`, () => all((db) => truncateSync(key(db), 7), ['wrong size', 'backup']));
    await step(`keys: ${name} is a link to elsewhere`, () => all((db) => { copyRegistry(key(db), join(folder, `away${copies}`, name)); unlinkSync(key(db)); symlinkSync(join(folder, `away${copies}`, name), key(db)); }, [name, 'backup']));
  }
  await step('keys: log-sign is damaged', () => all((db) => overwrite(join(`${db}.keys`, 'log-sign'), 0, Buffer.alloc(32)), ['log-sign', 'damaged', 'backup']));
  await step('keys: the folder is missing', () => all((db) => rmSync(`${db}.keys`, { recursive: true }), ['.keys', 'missing', 'backup']));
  await step('keys: the folder can be read by others', () => all((db) => chmodSync(`${db}.keys`, 0o755), ['folder', 'others can read', '0700']));
  const other = join(folder, 'other', 'lain.db');
  await makeRegistry(binary, other);
  await step('keys of another registry, by copy', () => all((db) => { rmSync(`${db}.keys`, { recursive: true }); copyRegistry(`${other}.keys`, `${db}.keys`); }, ['another registry', '--keys']));
  await step('keys of another registry, by --keys', () => {
    const [at, db] = broken(() => {});
    for (const command of COMMANDS(db, join(at, 'out'))) refuses(binary, at, [...command, '--keys', `${other}.keys`], 2, ['another registry', '--keys']);
  });
  if (!root) skip('keys of another owner', 'only root can give a file away');
  else await step('keys of another owner', () => all((db) => chownSync(join(`${db}.keys`, 'master'), 65534, 65534), ['master', 'another user', 'owner']));
}

async function ports() {
  const taken = net.createServer();
  await new Promise((done) => taken.listen(0, '127.0.0.1', done));
  const port = String(taken.address().port);
  await step('a port in use: named, with the remedy; the registry stays as it was', () => {
    const [at, db] = broken(() => {});
    refuses(binary, at, ['serve', '--db', db, '--listen', `127.0.0.1:${port}`], 2, [port, 'in use', '--listen']);
  });
  taken.close();
  await step('an address that is not of this machine', () => { const [at, db] = broken(() => {}); refuses(binary, at, ['serve', '--db', db, '--listen', '192.0.2.1:0', '--behind-proxy', '10.0.0.0/8'], 2, ['192.0.2.1', '--listen']); });
}

// What an office's disk may do to the folder: another owner, or mounted for reading only.
async function readOnly() {
  const [at, db] = broken(() => {});
  const writing = (path, out) => COMMANDS(path, out).filter(([name]) => name !== 'verify');
  const verifies = (where, program, words_) => {
    const before = snapshot(where), result = cli(program, words_);
    equal([result.status, result.stderr], [0, ''], 'verify');
    truth(result.stdout.includes('received equals the receipts'), result.stdout);
    equal(snapshot(where), before, 'files');
  };
  const stranger = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  if (!root || cli(stranger[0], [...stranger.slice(1), binary, 'rule', 'eval', '--expr', '1']).status !== 0) skip('a folder that this user may not write', 'another user cannot be taken on, or cannot run the binary');
  else await step('a folder that this user may not write: every command names it', () => {
    for (const path of [folder, at]) chmodSync(path, 0o755);
    spawnSync('chown', ['-R', '65534:65534', `${db}.keys`, db]);
    try {
      for (const command of writing(db, join(at, 'out'))) refuses(stranger[0], at, [...stranger.slice(1), binary, ...command], 2, [at, 'writ']);
      verifies(at, stranger[0], [...stranger.slice(1), binary, 'verify', '--db', db]);
    } finally {
      spawnSync('chown', ['-R', '0:0', at]);
    }
  });
  if (!root || spawnSync('mount', ['--bind', at, at]).status !== 0) return skip('a read-only folder', 'this machine does not let us mount');
  try {
    equal(spawnSync('mount', ['-o', 'remount,bind,ro', at]).status, 0, 'mount');
    await step('a read-only folder: every command is refused and names it, but verify, which proves the registry as it lies there', () => {
      for (const command of writing(db, join(at, 'out'))) refuses(binary, at, command, 2, [at]);
      verifies(at, binary, ['verify', '--db', db]);
      refuses(binary, at, ['serve', '--db', join(at, 'new.db'), '--listen', '127.0.0.1:0'], 2, ['new.db', 'write']);
      refuses(binary, at, ['demo', '--db', join(at, 'new.db'), '--households', '10'], 2, ['new.db', 'write']);
    });
  } finally {
    spawnSync('umount', [at]);
  }
  if (root && spawnSync('mount', ['--bind', at, at]).status === 0)
    try {
      writeFileSync(`${db}-wal`, 'x');
      equal(spawnSync('mount', ['-o', 'remount,bind,ro', at]).status, 0, 'mount');
      await step('a read-only folder that somebody worked on: verify does not judge half of it', () => refuses(binary, at, ['verify', '--db', db], 2, [at]));
    } finally {
      spawnSync('umount', [at]);
      unlinkSync(`${db}-wal`);
    }
  await step('writable again, it serves as before', async () => { const { base, stop } = await serve(binary, db); await (await signIn(base, 'rina')).post('/households', family(1)); equal(await stop(), 0, 'exit'); });
}

try {
  writeFileSync(join(folder, 'r.csv'), 'code,parent,level,kind,name\n16,,1,provinsi,Lain\n');
  await makeRegistry(binary, good);
  await damagedFiles();
  await keys();
  await ports();
  await readOnly();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
close();
