// export.mjs: G9, a CSV over HTTP against the sqlite3 shell that writes the same columns of the same file with the same joins.
// Called from bench.mjs, or alone: export.mjs BUILD [ROWS]
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client, fill, startRegistry } from '../api/registry.mjs';

const BATCH = 10000, ROUNDS = 5;

// Released lists of 10,000 families each, nine of ten handed out: rows as a release and a receipt write them, put there by SQL.
const grow = (rows) => `
.timeout 60000
PRAGMA synchronous = OFF;
CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${rows})
  SELECT i, i / ${BATCH} AS b, CAST(printf('%08x', i) || randomblob(8) AS BLOB) AS id, CAST(printf('%08x', i % (${rows} / 3)) || 'families' AS BLOB) AS family FROM n;
CREATE TEMP TABLE lists AS SELECT DISTINCT b, CAST(printf('%08x', b) || 'ofalist' || char(33 + b % 90) AS BLOB) AS id FROM n;
CREATE TEMP TABLE places AS SELECT row_number() OVER (ORDER BY code) - 1 AS at, id FROM region WHERE level = 4;
BEGIN;
INSERT INTO batch (id, program_id, cycle_id, region_id, kind, state, version, rule_version, currency, item_count, total_minor, digest, approvals_required, strict_duties,
    created_at_ms, approved_at_ms, released_at_ms, audit_seq)
  SELECT l.id, o.program_id, o.cycle_id, o.region_id, o.kind, 'draft', 1, 1, o.currency, ${BATCH}, ${BATCH} * 75000000, randomblob(32), 1, 0,
    o.created_at_ms, o.approved_at_ms, o.released_at_ms + l.b, l.b FROM lists l, (SELECT * FROM batch WHERE state = 'released' LIMIT 1) o;
INSERT INTO batch_duty (batch_id, duty, user_id, at_ms) SELECT l.id, d.duty, d.user_id, d.at_ms FROM lists l, batch_duty d
  WHERE d.batch_id = (SELECT id FROM batch WHERE state = 'released' LIMIT 1);
INSERT INTO batch_item (id, batch_id, version, enrollment_id, household_id, region_id, payee_sealed, amount_minor, state)
  SELECT n.id, l.id, 1, n.family, n.family, (SELECT id FROM places WHERE at = n.i % 3), x'00', 75000000, 'in' FROM n JOIN lists l ON l.b = n.b;
INSERT INTO disbursement (id, batch_id, item_id, program_id, cycle_id, enrollment_id, household_id, region_id, payee_sealed, currency, amount_minor, received_minor, open_minor,
    given_back_minor, state, reference, retries, released_at_ms, last_received_at_ms)
  SELECT n.id, b.id, n.id, b.program_id, b.cycle_id, n.family, n.family, (SELECT id FROM places WHERE at = n.i % 3), randomblob(180), 'IDR', 75000000,
    iif(n.i % 10, 75000000, 0), iif(n.i % 10, 0, 75000000), 0, iif(n.i % 10, 'paid', 'pending'), printf('G9-%08X', n.i), 0, b.released_at_ms,
    iif(n.i % 10, b.released_at_ms + 86400000, NULL) FROM n JOIN lists l ON l.b = n.b JOIN batch b ON b.id = l.id;
INSERT INTO receipt (id, disbursement_id, kind, amount_minor, quantities, method, received_by, identified_by, at_ms, recorded_at_ms, recorded_by)
  SELECT CAST(printf('%08x', n.i) || randomblob(8) AS BLOB), n.id, 'receipt', 75000000, '[]', 'cash', 'payee', 'card', d.last_received_at_ms, d.last_received_at_ms + 1000,
    (SELECT recorded_by FROM receipt WHERE recorded_by IS NOT NULL LIMIT 1) FROM n JOIN disbursement d ON d.id = n.id WHERE n.i % 10;
INSERT OR REPLACE INTO disbursement_total SELECT d.batch_id, (d.released_at_ms + p.utc_offset_min * 60000) / 86400000 AS released_on, d.state, count(*), sum(d.amount_minor),
    sum(d.received_minor), sum(d.open_minor), sum(d.given_back_minor) FROM disbursement d JOIN program p ON p.id = d.program_id GROUP BY d.batch_id, released_on, d.state;
INSERT OR REPLACE INTO disbursement_sum SELECT d.region_id, d.batch_id, (d.released_at_ms + p.utc_offset_min * 60000) / 86400000 AS released_on, d.state, d.region_id, count(*),
    sum(d.amount_minor), sum(d.received_minor), sum(d.open_minor), sum(d.given_back_minor) FROM disbursement d JOIN program p ON p.id = d.program_id
    GROUP BY d.region_id, d.batch_id, released_on, d.state;
COMMIT;
`;

// As plain as the shell can have it: identifiers in hexadecimal and instants as numbers, with no pseudonym, day or overlap computed.
const BASELINE = `
WITH people AS MATERIALIZED (SELECT d.batch_id, group_concat(u.username, ' ') FILTER (WHERE d.duty = 'make') AS made_by, group_concat(u.username, ' ') FILTER (WHERE d.duty = 'approve') AS approved_by,
    group_concat(u.username, ' ') FILTER (WHERE d.duty = 'release') AS released_by FROM batch_duty d LEFT JOIN user_account u ON u.id = d.user_id GROUP BY d.batch_id)
SELECT hex(d.id) AS disbursement_id, d.reference, p.name AS program, c.name AS cycle, hex(b.id) AS batch_id, hex(b.digest) AS batch_digest, g.code AS region_code, g.name AS region,
  hex(d.household_id) AS household_id, hex(d.household_id) AS payee, d.amount_minor, d.currency, d.state, b.rule_version AS entitled_by, w.made_by, w.approved_by, b.approved_at_ms, w.released_by,
  d.released_at_ms, r.method, r.received_by, r.at_ms AS received_at, o.username AS officer, coalesce(r.reason, d.held_reason) AS reason, b.audit_seq AS audit_leaf, c.starts_on AS cycle_period,
  'cash' AS kind, NULL AS item, NULL AS quantity, NULL AS unit, d.received_minor AS paid_minor, d.given_back_minor AS returned_minor, d.open_minor, r.at_ms AS paid_on, NULL AS provider_ref,
  r.collector_relation, r.identified_by, r.recorded_at_ms AS recorded_at, hex(r.distribution_id) AS distribution, NULL AS duty_overlaps
FROM disbursement d JOIN batch b ON b.id = d.batch_id JOIN program p ON p.id = b.program_id JOIN cycle c ON c.id = b.cycle_id JOIN region g ON g.id = d.region_id JOIN people w ON w.batch_id = b.id
  LEFT JOIN receipt r ON r.disbursement_id = d.id AND d.last_received_at_ms IS NOT NULL AND r.kind = 'receipt' AND NOT EXISTS (SELECT 1 FROM receipt u WHERE u.reverses_id = r.id)
    AND NOT EXISTS (SELECT 1 FROM receipt t WHERE t.disbursement_id = d.id AND t.id > r.id AND t.kind = 'receipt' AND NOT EXISTS (SELECT 1 FROM receipt u WHERE u.reverses_id = t.id))
  LEFT JOIN user_account o ON o.id = r.recorded_by
ORDER BY d.released_at_ms, d.id;
`;

const download = (base, cookie) => new Promise((done, failed) => {
  const started = process.hrtime.bigint();
  get(`${base}/api/v1/exports/disbursements.csv`, { headers: { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' } }, (answer) => {
    let bytes = 0;
    answer.on('data', (chunk) => { bytes += chunk.length; });
    answer.on('end', () => answer.statusCode === 200 ? done({ bytes, ms: Number(process.hrtime.bigint() - started) / 1e6, manifest: answer.headers['lumbung-manifest'] })
      : failed(new Error(`the export was answered with ${answer.statusCode}`)));
  }).on('error', failed);
});

function shell(db, out) {
  const started = process.hrtime.bigint();
  const done = spawnSync('sqlite3', ['-readonly', '-csv', '-header', db], { input: `.output ${out}\n${BASELINE}`, encoding: 'utf8' });
  if (done.status !== 0 || done.stderr) throw new Error(done.stderr);
  return Number(process.hrtime.bigint() - started) / 1e6;
}

const middle = (list) => list.sort((a, b) => a - b)[list.length >> 1];
const rss = (pid) => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
const owner = (db) => Number(/\d+/.exec(readFileSync(`${db}.lock`, 'utf8')));

export async function exporting(binary, bar, rows = 300000) {
  const registry = await startRegistry(binary), out = join(registry.folder, 'shell.csv');
  try {
    await fill(registry.base);
    const grown = spawnSync('sqlite3', [registry.db], { input: grow(rows), encoding: 'utf8' });
    if (grown.status !== 0 || grown.stderr) throw new Error(grown.stderr);
    spawnSync('sync'); // what was written to make the rows must not be paid by who reads them
    const audi = await new Client(registry.base).signIn('audi'), pid = owner(registry.db);
    const ours = [], theirs = [], ratios = [], before = rss(pid);
    let peak = before;
    const watch = setInterval(() => { peak = Math.max(peak, rss(pid)); }, 20);
    let got;
    for (let i = 0; i < ROUNDS; i++) {
      theirs.push(shell(registry.db, out));
      got = await download(registry.base, audi.cookie);
      ours.push(got.ms);
      ratios.push(theirs[i] / ours[i]); // a round's two are neighbours in time: a machine that gets busy between rounds changes both
    }
    clearInterval(watch);
    const manifest = await audi.get(got.manifest.replace('/api/v1', ''));
    if (manifest.rows < rows || manifest.bytes !== got.bytes) throw new Error(`the export holds ${manifest.rows} rows`);
    console.log(`     ${manifest.rows} rows x 40 columns: ${middle(ours).toFixed(0)} ms and ${(got.bytes / 1e6).toFixed(0)} MB over HTTP, sqlite3 -csv ${middle(theirs).toFixed(0)} ms and ${(statSync(out).size / 1e6).toFixed(0)} MB`);
    bar('G9', 'CSV over HTTP against sqlite3 -csv, same columns, same joins', middle(ratios), 1.4, true);
    bar('G9', 'memory at the peak of an export against the size of the file', (peak - before) / (got.bytes / 1e6), 0.25, false);
  } finally {
    await registry.stop();
    rmSync(out, { force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  let missed = 0;
  await exporting(join(process.argv[2], 'lumbung'), (name, what, value, wanted, more) => {
    const ok = more ? value >= wanted : value <= wanted;
    missed += ok ? 0 : 1;
    console.log(`${name.padEnd(4)} ${what.padEnd(66)} ${value.toFixed(2)}x (bar ${more ? '>=' : '<='} ${wanted}) ${ok ? 'ok' : 'MISSED'}`);
  }, Number(process.argv[3] || 300000));
  process.exit(missed ? 1 : 0);
}
