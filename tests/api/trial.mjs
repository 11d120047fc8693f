// trial.mjs: what stories about broken machines share: a server on any file, copies of a small registry, refusals that must leave every byte as it was.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { equal, truth } from './check.mjs';
import { Client, PASSWORD } from './registry.mjs';

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
export const cli = (binary, words, input, more = {}) => spawnSync(binary, words, { encoding: 'utf8', input, timeout: 30000, ...more });

export const VILLAGE = '15.01.01.2001';
const REGIONS = `code,parent,level,kind,name\n15,,1,provinsi,Jambi\n15.01,15,2,kabupaten,Kerinci\n15.01.01,15.01,3,kecamatan,Danau Kerinci\n${VILLAGE},15.01.01,4,desa,Seleman\n`;

// Starts a server; `around` is a command that runs it (prlimit), `more` are further words of `serve`.
export async function serve(binary, db, around = [], more = []) {
  const words = [...around, binary, 'serve', '--db', db, '--listen', '127.0.0.1:0', ...more];
  const server = spawn(words[0], words.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  server.stderr.on('data', (chunk) => { errors += chunk; });
  const ended = new Promise((done) => server.on('exit', (code, signal) => done(code ?? signal)));
  const base = await new Promise((done, failed) => {
    let text = '';
    server.stdout.on('data', (chunk) => { text += chunk; const found = /listening on (\S+)/.exec(text); if (found) done(found[1]); });
    ended.then((code) => failed(new Error(`serve ended with ${code}: ${errors}`)));
  });
  for (let i = 0; i < 200 && base.startsWith('http:') && !(await fetch(`${base}/readyz`)).ok; i++) await pause(25);
  const stop = async () => { server.kill('SIGTERM'); return ended; };
  return { server, base, ended, stop, errors: () => errors };
}

export async function signIn(base, name) {
  const client = new Client(base);
  await client.post('/session', { username: name, password: PASSWORD });
  return client;
}

// A registry with one village and the officer rina.
export async function makeRegistry(binary, db) {
  mkdirSync(join(db, '..'), { recursive: true });
  const { stop } = await serve(binary, db);
  equal(await stop(), 0, 'exit');
  writeFileSync(`${db}.csv`, REGIONS);
  equal(cli(binary, ['import', 'regions', `${db}.csv`, '--db', db]).status, 0, 'import');
  equal(cli(binary, ['user', 'add', 'rina', '--role', 'officer', '--db', db, '--password-stdin'], `${PASSWORD}\n`).status, 0, 'user add');
}

export function copyRegistry(from, to) {
  mkdirSync(join(to, '..'), { recursive: true });
  for (const end of ['', '-wal', '.keys', '.access', '.blobs']) if (existsSync(`${from}${end}`)) cpSync(`${from}${end}`, `${to}${end}`, { recursive: true, mode: 0 });
  return to;
}

// Every path below a folder with its kind, mode and content: what must not change by a refusal. Locks hold a process number and no data, nor do the
// database's shared index and an empty log of it, which every reader makes.
export function snapshot(folder) {
  const lines = [];
  const walk = (path) => {
    for (const name of readdirSync(path).sort()) {
      const at = join(path, name), facts = lstatSync(at);
      if (name.endsWith('.lock') || name.endsWith('-shm') || (name.endsWith('-wal') && facts.size === 0)) continue;
      lines.push(`${at} ${facts.mode.toString(8)} ${facts.isFile() ? createHash('sha256').update(readFileSync(at)).digest('hex') : ''}`);
      if (facts.isDirectory()) walk(at);
    }
  };
  walk(folder);
  return lines;
}

// Runs the binary, which must refuse: this exit code, nothing on stdout, one line on stderr that names what is wrong and a remedy, and not one byte
// of the folder changed.
export function refuses(binary, folder, words, code, said, more = {}) {
  const before = snapshot(folder), result = cli(binary, words, `${PASSWORD}\n`, more), lines = result.stderr.trim().split('\n');
  const what = `lumbung ${words[0]}: ${result.stderr.slice(0, 400)}`;
  equal(result.status, code, `${what} exit`);
  equal(result.stdout, '', `${what} stdout`);
  equal(lines.length, 1, `${what} lines`);
  truth(lines[0].startsWith('lumbung '), `${what} does not begin with its name`);
  for (const word of said) truth(lines[0].includes(word), `${what} does not say "${word}"`);
  equal(snapshot(folder).filter((line) => !before.includes(line)), [], `${what} changed`);
  equal(before.filter((line) => !snapshot(folder).includes(line)), [], `${what} took away`);
}
