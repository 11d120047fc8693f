// story_account.mjs: one's own account: a role that demands an authenticator opens nothing without one; the password is changed by who knows it.
import { spawnSync } from 'node:child_process';
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, PASSWORD, codeOf } from './registry.mjs';

const binary = process.argv[2];
const registry = await startRegistry(binary);
const add = (name, ...words) => equal(spawnSync(binary, ['user', 'add', name, ...words, '--password-stdin', '--db', registry.db], { input: `${PASSWORD}\n` }).status, 0, `user add ${name}`);
const signIn = async (username, password = PASSWORD, code = undefined) => { const client = new Client(registry.base); client.who = await client.post('/session', { username, password, ...(code ? { totp: code } : {}) }); return client; };
const NEW = 'padi menguning di sawah 27', bare = { 'Idempotency-Key': '' };
try {
  for (const [name, role] of [['budi', 'manager'], ['citra', 'approver'], ['dodo', 'auditor'], ['eka', 'admin']]) add(name, '--role', role);
  add('joko', '--role', 'officer');

  const budi = await signIn('budi');
  await step('a manager without an authenticator is told so, with no permission', () => equal([budi.who.second_factor, budi.who.second_factor_missing, budi.who.permissions], [false, true, []]));
  const spec = await (await fetch(`${registry.base}/openapi.json`)).json();
  const OWN = /^\/api\/v1\/(session|session\/step-up|me\/sessions|me\/sessions\/\{id\}|me\/password|me\/second-factor|jobs\/\{id\})$/;
  const calls = Object.entries(spec.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation }))).filter(({ path, operation }) => operation['x-permission'] !== 'public' && !OWN.test(path));
  for (const name of ['budi', 'citra', 'dodo', 'eka']) await step(`${name}: each of ${calls.length} calls beyond the own account is 403 second_factor`, async () => {
    truth(calls.length > 80, `${calls.length} calls`);
    const client = await signIn(name);
    for (const { path, method } of calls) await refused(client.call(method, path.replace('/api/v1', '').replace(/\{\w*id\}/g, '01900000-0000-7000-8000-000000000001').replace(/\{\w+\}/g, 'x'), method === 'GET' || method === 'DELETE' ? undefined : {}), 403, 'second_factor');
  });
  await step('an officer works without one', async () => { const joko = await signIn('joko'); equal(joko.who.second_factor_missing, false); await joko.get('/codes'); await joko.get('/regions'); });
  await step('the refusal names the page, in both languages', async () => {
    for (const [language, page] of [['id', 'halaman Akun'], ['en', 'page Account']]) truth((await budi.call('GET', '/programs', undefined, { 'Accept-Language': language }).catch((error) => error.data)).detail.includes(page), language);
  });

  const offer = await budi.get('/me/second-factor');
  const enroll = (changes) => budi.post('/me/second-factor', { password: PASSWORD, totp_secret: offer.totp_secret, totp: codeOf(offer.totp_secret), ...changes }, bare);
  await step('every offer is another secret', async () => truth((await budi.get('/me/second-factor')).totp_secret !== offer.totp_secret, 'the same'));
  for (const [what, changes, status, code, pointer] of [
    ['a wrong code', { totp: '000000' }, 422, 'fields', '/totp'], ['a code of letters', { totp: '12a456' }, 422, 'fields', '/totp'], ['a code of five digits', { totp: '12345' }, 422, 'fields', '/totp'], ['no code', { totp: undefined }, 422, 'fields', '/totp'],
    ['a code of ten minutes ago', { totp: codeOf(offer.totp_secret, -20) }, 422, 'fields', '/totp'], ['a short secret', { totp_secret: 'ABCD' }, 422, 'fields', '/totp_secret'], ['a secret of no base32', { totp_secret: '1'.repeat(32) }, 422, 'fields', '/totp_secret'],
    ['an unknown field', { role: 'admin' }, 422, 'fields', '/role'], ['no password', { password: undefined }, 422, 'fields', '/password'], ['a wrong password', { password: 'bukan kata sandinya' }, 401, 'sign_in_failed'],
  ]) await step(`set-up with ${what} is refused`, () => refused(enroll(changes), status, code, pointer));
  await step('nothing of that was stored', async () => { equal((await budi.get('/session')).second_factor_missing, true); await refused(budi.get('/programs'), 403, 'second_factor'); });
  const other = await signIn('budi');
  await step('a right code sets it up: the role opens, other sessions end', async () => {
    truth((await enroll({})).step_up_until > new Date().toISOString(), 'no fresh factor');
    equal((await budi.get('/session')).second_factor_missing, false);
    await budi.get('/programs');
    await refused(other.get('/session'), 401, 'unauthenticated');
  });
  await step('it is not set up twice', async () => { await refused(budi.get('/me/second-factor'), 409, 'state'); await refused(enroll({}), 409, 'state'); });
  await step('signing in asks for the code from now on, and the code of the set-up is used up', async () => {
    await refused(signIn('budi'), 401, 'totp_required');
    await refused(signIn('budi', PASSWORD, codeOf(offer.totp_secret, -1)), 401, 'sign_in_failed');
  });

  const joko = await signIn('joko'), elsewhere = await signIn('joko');
  const change = (client, password_now, password) => client.post('/me/password', { password_now, password }, bare);
  for (const [what, now, next, status, code, pointer] of [
    ['a wrong present one', 'bukan kata sandinya', NEW, 401, 'sign_in_failed'], ['eleven characters', PASSWORD, 'sebelas kar', 422, 'fields', '/password'], ['a common one', PASSWORD, 'password12345', 422, 'fields', '/password'],
    ['the program\'s name', PASSWORD, 'lumbung2026!!', 422, 'fields', '/password'], ['1,025 characters', PASSWORD, 'x'.repeat(1025), 422, 'fields', '/password'], ['none', PASSWORD, undefined, 422, 'fields', '/password'], ['no present one', undefined, NEW, 422, 'fields', '/password_now'],
  ]) await step(`a password change with ${what} is refused`, () => refused(change(joko, now, next), status, code, pointer));
  await step('a changed password ends the other sessions, not this one', async () => { await change(joko, PASSWORD, NEW); await joko.get('/session'); await refused(elsewhere.get('/session'), 401, 'unauthenticated'); });
  await step('the old password is gone, the new one signs in', async () => { await refused(signIn('joko'), 401, 'sign_in_failed'); await signIn('joko', NEW); });
  await step('guesses at the present password are counted', async () => {
    let status = 401;
    for (let i = 0; i < 8 && status === 401; i++) status = await change(joko, 'bukan kata sandinya', NEW).then(() => 200, (error) => error.status);
    equal(status, 429);
  });
  await step('both acts are in the audit log, without a secret', async () => {
    const audi = await new Client(registry.base).signIn('audi'), text = JSON.stringify(await audi.get('/audit/events?limit=200'));
    truth(text.includes('user.password') && text.includes('user.second_factor'), 'not logged');
    truth(!text.includes(offer.totp_secret) && !text.includes(NEW), 'a secret is in the log');
  });
  await step('without a session none of it answers', async () => {
    const nobody = new Client(registry.base);
    await refused(change(nobody, PASSWORD, NEW), 401, 'unauthenticated');
    await refused(nobody.get('/me/second-factor'), 401, 'unauthenticated');
  });
} finally {
  await registry.stop();
}
close();
