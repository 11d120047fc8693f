// story_wire.mjs: what the HTTP and TLS libraries would let through, over raw sockets to the real server: refused, closed, and nothing behind it served.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { step, equal, truth, close } from './check.mjs';
import { startRegistry, Client } from './registry.mjs';
import { pause, serve } from './trial.mjs';

const binary = process.argv[2];
const registry = await startRegistry(binary), port = Number(new URL(registry.base).port);
const folder = mkdtempSync(join(tmpdir(), 'lumbung-wire-'));

// What the server says until it closes; `sent` may go on while it answers.
const say = (text, within = 5000) => new Promise((done) => {
  const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
  let all = '';
  const timer = setTimeout(() => { all += '(still open)'; socket.destroy(); }, within);
  socket.on('data', (chunk) => { all += chunk; });
  socket.on('error', () => {});
  socket.on('close', () => { clearTimeout(timer); done(all); });
});
// A byte every second until the server has had enough: after how many seconds.
const drip = (head, most) => new Promise((done) => {
  const begun = Date.now(), socket = net.connect(port, '127.0.0.1', () => socket.write(head));
  const timer = setInterval(() => (Date.now() - begun > most * 1000 ? socket.destroy() : socket.write('a')), 1000);
  socket.on('error', () => {});
  socket.on('data', () => {});
  socket.on('close', () => { clearInterval(timer); done((Date.now() - begun) / 1000); });
});
const SECOND = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n', POST = 'POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

try {
  const rina = await new Client(registry.base).signIn('rina');
  const slow = Promise.all([drip('GET /healthz HTTP/1.1\r\nHost: a\r\nX: ', 20), drip(`POST /api/v1/households HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${rina.cookie}\r\nX-Requested-With: lumbung\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{`, 50)]);

  for (const [name, text] of [
    ['a length and chunks', `${POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`], ['two lengths', `${POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x`], ['two equal lengths', `${POST}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`],
    ['a blank before the colon', `${POST}Transfer-Encoding : chunked\r\nContent-Length: 2\r\n\r\n{}`], ['a signed length', `${POST}Content-Length: +2\r\n\r\n{}`], ['another encoding', `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    ['two hosts', 'GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'], ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'], ['%00 in the address', 'GET /health%00x HTTP/1.1\r\nHost: a\r\n\r\n'], ['%00 in the query', 'GET /healthz?a=%00 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a zero byte in a header name', 'GET /healthz HTTP/1.1\r\nHost: a\r\nX-\0y: 1\r\n\r\n'], ['a header name with a bracket', 'GET /healthz HTTP/1.1\r\nHost: a\r\nX(y: 1\r\n\r\n'],
  ]) await step(`wire: ${name} is 400, closed, and what follows is never served`, async () => {
    const answer = await say(text + SECOND);
    truth(/^HTTP\/1\.1 400/.test(answer), answer.slice(0, 100));
    truth(!/HTTP\/1\.1 [^4]/.test(answer), `served: ${answer.slice(-200)}`);
    truth(!answer.includes('(still open)'), 'the connection stays open');
  });
  for (const method of ['TRACE', 'PUT', 'FOO', 'CONNECT', 'OPTIONS']) await step(`wire: ${method} reaches no handler`, async () => { const answer = await say(`${method} /api/v1/session HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`); truth(/^HTTP\/1\.1 40[05]/.test(answer), answer.slice(0, 100)); });
  await step('wire: headers of 40 KiB are refused', async () => { const answer = await say(`GET /healthz HTTP/1.1\r\nHost: a\r\n${Array.from({ length: 40 }, (_, i) => `X-${i}: ${'a'.repeat(1000)}\r\n`).join('')}\r\n`); truth(/^HTTP\/1\.1 4(31|00|13)/.test(answer) || answer === '', answer.slice(0, 100)); });

  const key = join(folder, 'key.pem'), certificate = join(folder, 'cert.pem');
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', certificate, '-days', '2', '-subj', '/CN=localhost']);
  if (made.status !== 0) console.log('skip TLS: openssl is not here to make a certificate');
  else {
    const secure = await serve(binary, join(folder, 't.db'), [], ['--tls-cert', certificate, '--tls-key', key]), securePort = Number(new URL(secure.base).port);
    const connect = (options, to = securePort) => new Promise((done) => {
      const socket = tls.connect({ port: to, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => { done([socket.getProtocol(), socket.getCipher().standardName]); socket.destroy(); });
      socket.on('error', (error) => done(error.code));
    });
    // That this client could speak what is refused shows a lax server of its own.
    const lax = tls.createServer({ key: readFileSync(key), cert: readFileSync(certificate), ciphers: 'ALL@SECLEVEL=0', minVersion: 'TLSv1' });
    await new Promise((done) => lax.listen(0, '127.0.0.1', done));
    const refuses = async (options) => {
      truth(Array.isArray(await connect(options, lax.address().port)), 'this client cannot speak it');
      const found = await connect(options);
      truth(/ALERT|ECONNRESET/.test(found), String(found));
    };
    for (const version of ['TLSv1', 'TLSv1.1']) await step(`tls: ${version} is refused by the server`, () => refuses({ ciphers: 'ALL@SECLEVEL=0', minVersion: version, maxVersion: version }));
    for (const cipher of ['ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA', 'ECDHE-ECDSA-AES128-SHA256', 'ECDHE-ECDSA-AES256-SHA384']) await step(`tls: ${cipher} (CBC) is refused by the server`, () => refuses({ ciphers: `${cipher}:@SECLEVEL=0`, maxVersion: 'TLSv1.2' }));
    lax.close();
    for (const version of ['TLSv1.2', 'TLSv1.3']) await step(`tls: ${version} is spoken, authenticated encryption only`, async () => { const [protocol, cipher] = await connect({ minVersion: version, maxVersion: version }); equal(protocol, version); truth(/GCM|CHACHA20|CCM/.test(cipher), cipher); });
    await step('tls: plain HTTP on its port gets no page', async () => {
      const answer = await new Promise((done) => { const socket = net.connect(securePort, '127.0.0.1', () => socket.write(SECOND)); let all = ''; socket.on('data', (chunk) => { all += chunk.toString('latin1'); }); socket.on('error', () => {}); socket.on('close', () => done(all)); setTimeout(() => socket.destroy(), 3000); });
      truth(!answer.includes('200 OK'), answer.slice(0, 80));
    });
    equal(await secure.stop(), 0, 'exit');
  }
  await step('wire: a byte a second ends at the deadline (10 s for headers, 30 s for a body), while others are served', async () => {
    await pause(1);
    equal((await fetch(`${registry.base}/healthz`)).status, 200);
    const [headers, body] = await slow;
    truth(headers >= 5 && headers < 16 && body < 45, `${headers} s and ${body} s`);
  });
} finally {
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
}
close();
