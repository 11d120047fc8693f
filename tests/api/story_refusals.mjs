// story_refusals.mjs: bad input: a clear error that names the field or the file, nothing lost, nothing half-done.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import net from 'node:net';
import { randomUUID } from 'node:crypto';
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, family, PASSWORD } from './registry.mjs';

const binary = resolve(process.argv[2]);
const registry = await startRegistry(binary);
const cli = (words, input) => spawnSync(binary, words, { encoding: 'utf8', input, timeout: 20000 });
const folder = mkdtempSync(join(tmpdir(), 'lumbung-refusals-'));
const one = (result) => result.stderr.trim().split('\n');
try {
  const rina = await new Client(registry.base).signIn('rina'), maya = await new Client(registry.base).signIn('maya');
  const raw = async (text, headers = {}, path = '/households') => {
    const answer = await fetch(`${registry.base}/api/v1${path}`, { method: 'POST', body: text, headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'lumbung', 'Sec-Fetch-Site': 'same-origin', Cookie: rina.cookie, 'Idempotency-Key': `"${randomUUID()}"`, ...headers } });
    return [answer.status, await answer.json().catch(() => ({}))];
  };
  const member = (changes) => ({ ...family(0), members: [{ ...family(0).members[0], ...changes }] });

  for (const [name, body, status] of [
    ['too deep', `${'['.repeat(20)}${']'.repeat(20)}`, 400], ['doubled keys', '{"region":"15","region":"15"}', 400], ['cut short', '{"region":', 400], ['trailing bytes', '{} x', 400],
    ['a NUL', '{"region":"\\u0000"}', 400], ['a lone surrogate', '{"region":"\\ud800"}', 400], ['a byte order mark', '\ufeff{}', 400], ['too long', JSON.stringify({ hamlet: 'x'.repeat(70000) }), 413],
    ['an array', '[]', 400], ['an unknown field', JSON.stringify({ ...family(0), role: 'admin', approved_by: 1 }), 422],
  ]) await step(`JSON: ${name}`, async () => { const [found, problem] = await raw(body); truth(found === status || (status === 400 && found === 422), `${found} ${JSON.stringify(problem)}`); truth(problem.code && problem.detail, 'no problem document'); });
  await step('JSON: invalid UTF-8', async () => equal((await raw(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])))[0], 400));
  await step('a form body is no JSON', async () => equal((await raw('a=1', { 'Content-Type': 'text/plain' }))[0], 415));
  await step('another site may not write', async () => { equal((await raw('{}', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }))[0], 403); equal((await raw('{}', { 'X-Requested-With': '' }))[0], 403); });

  for (const [name, changes, pointer] of [
    ['NIK of 15 digits', { nik: '150101450587000' }, '/members/0/nik'], ['NIK with letters', { nik: '15010145058700O1' }, '/members/0/nik'], ['NIK in Arabic digits', { nik: '١٥٠١٠١٤٥٠٥٨٧٠٠٠١' }, '/members/0/nik'],
    ['NIK of one digit', { nik: '1111111111111111' }, '/members/0/nik'], ['NIK with serial 0000', { nik: '1501014505870000' }, '/members/0/nik'], ['a birth in the future', { birth_date: '2031-01-01', nik: undefined, id_reason: 'no_card' }, '/members/0/birth_date'],
    ['30 February', { birth_date: '1990-02-30' }, '/members/0/birth_date'], ['an unknown sex', { sex: 'Q' }, '/members/0/sex'], ['a name with bidi controls', { name: 'Siti\u202eAminah' }, '/members/0/name'], ['an income of 1.5', { income_minor: 1.5 }, '/members/0/income_minor'],
    ['an income as text', { income_minor: '100' }, '/members/0/income_minor'], ['an income of -1', { income_minor: -1 }, '/members/0/income_minor'],
  ]) await step(`member: ${name}`, () => refused(rina.post('/households', member(changes)), 422, 'fields', pointer));
  await step('a masked number that was sent back is refused: it would lose the real one', () => refused(rina.post('/households', { ...family(0), payee: { account: { provider: 'BRI', number: '**********9012', holder: 'Siti' } } }), 422, 'fields', '/payee/account/number'));
  await step('an amount of 2^63 is no integer that exists', async () => equal((await raw(JSON.stringify(member({})).replace('"relationship"', '"income_minor":9223372036854775808,"relationship"')))[0], 400));
  await step('two heads, no head', async () => {
    const two = family(3);
    two.members[1].relationship = 'head';
    await refused(rina.post('/households', two), 422, 'fields');
    await refused(rina.post('/households', { ...family(3), members: [family(3).members[1]] }), 422, 'fields');
  });
  await step('no registration without a basis', () => refused(rina.post('/households', { ...family(3), consent: undefined }), 422, 'fields', '/consent'));
  await step('a member in two households', async () => {
    const made = await rina.post('/households', family(4));
    await refused(rina.post('/households', { ...family(5), members: [{ ...family(5).members[0], id: made.members[0].id }] }).catch((error) => { if (error.status === 409) error.status = 422; throw error; }), 422, undefined);
  });
  await step('a region of another area', () => refused(rina.post('/households', family(6, '15.02.01.2001')), 422, 'fields', '/region'));
  await step('all faults at once, each with its pointer', async () => {
    const problem = await refused(rina.post('/households', member({ nik: '1', sex: 'Q', birth_date: 'x' })), 422, 'fields');
    truth(problem.errors.length >= 3, JSON.stringify(problem.errors));
  });
  await step('a refusal by state says the word of the state in the language of who asks', async () => {
    const made = await rina.post('/households', family(7));
    await rina.post(`/households/${made.id}/dissolve`, { reason: 'salah catat' });
    for (const [language, detail] of [['id', 'Keadaannya sekarang bubar, sehingga tidak dapat diubah.'], ['en', 'It is now dissolved, so it cannot be changed.']]) {
      const [status, problem] = await raw(JSON.stringify({ reason: 'sekali lagi' }), { 'Accept-Language': language }, `/households/${made.id}/dissolve`);
      equal([status, problem.code, problem.state, problem.detail], [409, 'state', 'dissolved', detail]);
    }
  });
  await step('faults speak Indonesian when asked', async () => {
    const answer = await fetch(`${registry.base}/api/v1/households/x`, { headers: { 'Accept-Language': 'id', Cookie: rina.cookie, 'Sec-Fetch-Site': 'same-origin' } });
    truth((await answer.json()).detail.includes('wilayah'), 'not Indonesian');
    equal(answer.headers.get('content-language'), 'id');
  });
  for (const [name, rule] of [['a type error', "size(household.members) + 'x' > 2"], ['an unknown field', 'household.wealth > 2'], ['endless nesting', `${'('.repeat(300)}true${')'.repeat(300)}`], ['no bool', '1 + 1'], ['an unknown function', 'wish(household)'], ['an open quote', "household.rt == 'a"]])
    await step(`rule: ${name}`, async () => {
      const problem = await refused(maya.post('/programs', { name: `Aturan ${name}`, category: 'health', owner: 'Dinas', currency: 'IDR', unit: 'household', rule, entitlement: 'amount(1)', budget_minor: 100, starts_on: '2026-01-01' }), 422, 'fields', '/rule');
      truth(/character \d+/.test(problem.errors.find((fault) => fault.pointer === '/rule').detail), 'no character');
    });
  await step('rule: the same fault at the same character in Indonesian', async () => {
    const body = { name: 'Aturan', category: 'health', owner: 'Dinas', currency: 'IDR', unit: 'household', rule: 'household.wealth > 2', entitlement: 'amount(1)', budget_minor: 100, starts_on: '2026-01-01' };
    const problem = await refused(maya.call('POST', '/programs', body, { 'Accept-Language': 'id' }), 422, 'fields', '/rule');
    equal(problem.errors[0].detail, "Aturan, karakter ke-11: household tidak memiliki isian 'wealth'; periksa ejaannya atau hapus");
  });
  const program = { name: 'Uang', category: 'health', owner: 'Dinas', currency: 'IDR', unit: 'household', rule: 'true', entitlement: 'amount(1)', budget_minor: 'HERE', starts_on: '2026-01-01' };
  for (const amount of ['9223372036854775808', '9223372036854775807', '-9223372036854775809', '1000000000000000000000', '1.5', '1e3', '"1"', '-1', 'true', 'null', '[100]', '{}', '-0.5', '50'])
    await step(`money: a budget of ${amount} is refused at its field`, async () => {
      const [status, problem] = await raw(JSON.stringify(program).replace('"HERE"', amount), { Cookie: maya.cookie }, '/programs');
      truth(status === 422 ? problem.errors.some((fault) => fault.pointer === '/budget_minor') : status === 400 && problem.code === 'malformed', `${status} ${JSON.stringify(problem)}`);
    });
  await step('money: nothing of that was stored', async () => truth(!(await maya.get('/programs')).items.some(({ name }) => name === 'Uang'), 'a program is there'));
  await step('an unknown filter value shows nothing, an unknown parameter is refused', async () => {
    equal((await maya.get('/batches?state=nonsense')).items, []);
    await refused(maya.get('/batches?colour=red'), 400, 'query');
  });
  await step('a money act without its key is refused', () => refused(maya.call('POST', '/batches/01900000-0000-7000-8000-000000000001/lock', {}, { 'Idempotency-Key': '' }), 400, 'key_required'));

  // --- the command line ------------------------------------------------------------------------------------------------------------------
  const usage = [[[], 2], [['frobnicate'], 2], [['serve'], 2], [['user', 'add', '--db', registry.db, 'x', '--role', 'king'], 2], [['verify'], 2], [['import', 'households', '--db', registry.db, 'none.csv', '--map', 'none.json'], 2],
    [['rule', 'eval', '--expr', '1 +'], 2], [['serve', '--db', join(folder, 'a.db'), '--listen', '0.0.0.0:0'], 2], [['serve', '--db', join(folder, 'b.db'), '--listen', 'nowhere'], 2]];
  for (const [words, code] of usage) await step(`lumbung ${words.slice(0, 3).join(' ')}: exit ${code}, one line`, () => { const result = cli(words); equal(result.status, code, result.stderr); truth(words.length === 0 || words[0] === 'frobnicate' || one(result).length <= 2, result.stderr); });
  await step('a word that a command does not know is named, with what it knows', () => {
    for (const words of [['demo', '--db', join(folder, 'w.db'), '--house', '3'], ['verify', '--db', registry.db, 'again', '--deep'], ['user', 'list', '--db', registry.db, '--all']]) {
      const result = cli(words), last = words.find((word) => ['--house', '--deep', '--all'].includes(word));
      truth(result.status === 2 && result.stderr.includes(`'${last}'`) && result.stderr.includes('--db FILE') && !result.stderr.includes('usage: Usage'), result.stderr);
    }
    truth(!existsSync(join(folder, 'w.db')), 'a registry was made');
  });
  await step('two servers on one file: the second names the first', () => { const result = cli(['serve', '--db', registry.db, '--listen', '127.0.0.1:0']); equal(result.status, 2); truth(/\d{2,}/.test(result.stderr), result.stderr); });
  await step('a port in use', () => { const result = cli(['serve', '--db', join(folder, 'port.db'), '--listen', registry.base.replace('http://', '')]); equal(result.status, 2, result.stderr); });
  await step('`user add` works while the server runs', () => equal(cli(['user', 'add', '--db', registry.db, 'baru', '--role', 'officer', '--region', '15.01', '--password-stdin'], `${PASSWORD}\n`).status, 0));
  await step('words of a console command are words, whatever lies in the folder; relative paths are the asking folder\'s', () => {
    for (const name of ['regions', 'lain', 'officer']) mkdirSync(join(folder, 'asking', name), { recursive: true });
    writeFileSync(join(folder, 'asking', 'more.csv'), 'code,parent,level,kind,name\n17,,1,provinsi,Bengkulu\n');
    const ask = (...words) => spawnSync(binary, [...words, '--db', registry.db], { encoding: 'utf8', input: `${PASSWORD}\n`, cwd: join(folder, 'asking') });
    equal(ask('import', 'regions', 'more.csv').stdout, '1 rows\n');
    equal(ask('user', 'add', 'lain', '--role', 'officer', '--password-stdin').status, 0);
    truth(ask('user', 'list').stdout.includes('lain'), 'no such user');
    const none = ask('import', 'regions', 'none.csv');
    equal(none.status, 2);
    truth(none.stderr.includes(join('asking', 'none.csv')), none.stderr);
  });
  await step('a tree saved as UTF-16 names the byte and the remedy', () => {
    writeFileSync(join(folder, 'wide.csv'), Buffer.from('code,parent,level,kind,name\n18,,1,provinsi,Lampung\n', 'utf16le'));
    const result = cli(['import', 'regions', join(folder, 'wide.csv'), '--db', registry.db]);
    equal(result.status, 2);
    truth(/byte 2 .*UTF-8/.test(result.stderr), result.stderr);
  });
  await step('a common password is refused', () => equal(cli(['user', 'add', '--db', registry.db, 'lemah', '--role', 'officer', '--password-stdin'], 'password12345\n').status, 2));
  await step('a cycle of regions is refused with its line', () => {
    writeFileSync(join(folder, 'ring.csv'), 'code,parent,level,kind,name\n90,91,1,provinsi,A\n91,90,2,kabupaten,B\n');
    const result = cli(['import', 'regions', join(folder, 'ring.csv'), '--db', registry.db]);
    equal(result.status, 2);
    truth(/row|line/.test(result.stderr), result.stderr);
  });
  const garbage = join(folder, 'garbage.db');
  writeFileSync(garbage, 'this is no database, only words that somebody wrote into a file of that name'.repeat(60));
  mkdirSync(`${garbage}.keys`, { mode: 0o700 });
  await step('a damaged file', () => { const result = cli(['verify', '--db', garbage]); equal(result.status, 2, result.stderr); });
  const made = join(folder, 'made.db');
  const make = () => new Promise((done, failed) => {
    const server = spawn(binary, ['serve', '--db', made, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
    server.stdout.once('data', () => server.kill('SIGTERM'));
    server.on('exit', (code) => (code === 0 ? done() : failed(new Error(`exit ${code}`))));
  });
  await step('a fresh registry starts, prints its address, and SIGTERM stops it with 0', make);
  await step('keys that others can read', () => { chmodSync(`${made}.keys/master`, 0o644); const result = cli(['verify', '--db', made]); chmodSync(`${made}.keys/master`, 0o600); equal(result.status, 2, result.stderr); });
  await step('missing keys, foreign keys', () => {
    equal(cli(['verify', '--db', made, '--keys', join(folder, 'nothing')]).status, 2);
    copyFileSync(made, join(folder, 'foreign.db'));
    const result = cli(['serve', '--db', join(folder, 'foreign.db'), '--keys', `${registry.db}.keys`, '--listen', '127.0.0.1:0']);
    equal(result.status, 2, result.stderr);
  });
  await step('a newer schema', () => {
    copyFileSync(made, join(folder, 'newer.db'));
    cpSync(`${made}.keys`, join(folder, 'newer.db.keys'), { recursive: true });
    chmodSync(join(folder, 'newer.db.keys'), 0o700);
    const bytes = readFileSync(join(folder, 'newer.db'));
    bytes.writeUInt32BE(999, 60); // user_version
    writeFileSync(join(folder, 'newer.db'), bytes);
    const result = cli(['serve', '--db', join(folder, 'newer.db'), '--listen', '127.0.0.1:0']);
    equal(result.status, 2, result.stderr);
    truth(result.stderr.includes('999') || /newer/i.test(result.stderr), result.stderr);
  });
  await step('SIGTERM under load: what was answered is there after a restart', async () => {
    const db = join(folder, 'load.db');
    const start = () => new Promise((done) => { const server = spawn(binary, ['serve', '--db', db, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] }); server.stdout.once('data', (chunk) => done([server, /http:\S+/.exec(chunk)[0]])); });
    let [server, base] = await start();
    writeFileSync(join(folder, 'r.csv'), 'code,parent,level,kind,name\n15,,1,provinsi,Jambi\n15.01,15,2,kabupaten,Kerinci\n15.01.01,15.01,3,kecamatan,D\n15.01.01.2001,15.01.01,4,desa,S\n');
    cli(['import', 'regions', join(folder, 'r.csv'), '--db', db]);
    cli(['user', 'add', '--db', db, 'rina', '--role', 'officer', '--password-stdin'], `${PASSWORD}\n`);
    const client = new Client(base);
    await client.post('/session', { username: 'rina', password: PASSWORD });
    const acked = [];
    const work = Array.from({ length: 8 }, (_, lane) => (async () => { for (let i = 0; ; i++) acked.push((await client.post('/households', family((lane * 100 + i) % 99))).id); })().catch(() => {}));
    for (let i = 0; i < 100 && acked.length < 30; i++) await new Promise((done) => setTimeout(done, 100)); // a busy machine takes longer
    const ended = new Promise((done) => server.on('exit', done));
    server.kill('SIGTERM');
    equal(await ended, 0, 'exit');
    await Promise.all(work);
    truth(acked.length > 10, `only ${acked.length} answered`);
    [server, base] = await start();
    const again = new Client(base);
    await again.post('/session', { username: 'rina', password: PASSWORD });
    for (const id of acked) await again.get(`/households/${id}`);
    const stopped = new Promise((done) => server.on('exit', done));
    server.kill('SIGTERM');
    await stopped;
    equal(cli(['verify', '--db', db]).status, 0, 'verify');
  });
  await step('a raw second request behind a smuggled length is never served', async () => {
    const port = Number(new URL(registry.base).port);
    const text = await new Promise((done) => {
      const socket = net.connect(port, '127.0.0.1', () => socket.write('POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'));
      let all = '';
      socket.on('data', (chunk) => { all += chunk; });
      socket.on('close', () => done(all));
      setTimeout(() => socket.destroy(), 3000);
    });
    truth(text.startsWith('HTTP/1.1 400'), text.slice(0, 80));
    equal(text.split('HTTP/1.1').length, 2, 'answers');
  });
} finally {
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
}
close();
