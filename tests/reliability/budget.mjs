// budget.mjs: sixty-four batches of random size want more than their program has, all at once, and go on to approval and release. What is given out stays
// within the budget, what fits is not refused, and the ledger's balances are the sums of their postings.
import { Client, family, startRegistry } from '../api/registry.mjs';
import { below, chance, lookOne, spread, verifies } from './common.mjs';

const BATCHES = 64, FAMILIES = 12, WIDTH = 16;
const SIGN_IN_EACH_MS = 200000; // a second factor counts for five minutes

async function signIn(base, crew) {
  if (crew.at && Date.now() - crew.at < SIGN_IN_EACH_MS) return;
  for (const name of ['rina', 'maya', 'hendra', 'tuti']) crew[name] = await new Client(base).signIn(name);
  crew.at = Date.now();
}

// Families of one to five members: their sizes are their amounts.
function sized(i) {
  const body = family(i);
  for (let child = 0; child < i % 4; child++) body.members.push({ name: `Adik ${i}-${child}`, id_reason: 'no_card', sex: 'F', birth_date: `2019-0${child + 1}-11`, relationship: 'child' });
  return body;
}

async function lockedBatches(crew, program, enrollments) {
  const batches = [];
  await spread(Array.from({ length: BATCHES }), WIDTH, async (_, i) => {
    const cycle = await crew.maya.post(`/programs/${program.id}/cycles`, { name: `C${i}`, starts_on: '2026-11-01', ends_on: '2026-11-30' });
    const keep = below(enrollments.length), exclude = enrollments.filter((_, n) => n !== keep && chance(0.5));
    const { id } = await crew.maya.post(`/cycles/${cycle.id}/batches`, { exclude });
    const { total_minor, digest } = await crew.maya.post(`/batches/${id}/lock`);
    batches.push({ id, total: total_minor, digest });
  });
  return batches;
}

async function goThrough(crew, batch) {
  batch.submitted = await crew.maya.post(`/batches/${batch.id}/submit`).then(() => true, (error) => {
    if (error.data?.code !== 'budget') throw error;
    return false;
  });
  if (!batch.submitted) return;
  await crew.hendra.post(`/batches/${batch.id}/approve`, { digest: batch.digest });
  await crew.tuti.post(`/batches/${batch.id}/release`);
  batch.released = true;
}

async function round(crew, number, households, sum) {
  const made = await crew.maya.post('/programs', { name: `Anggaran ${number}`, category: 'direct_aid', owner: 'Dinas Sosial', currency: 'IDR', unit: 'household', rule: 'true', entitlement: 'amount(1000 * size(household.members))', budget_minor: 100, starts_on: '2026-01-01' });
  await crew.maya.post(`/programs/${made.id}/activate`);
  const enrollments = [];
  await spread(households, WIDTH, async (household) => { enrollments.push((await crew.maya.post(`/programs/${made.id}/enrollments`, { household_id: household })).id); });
  const batches = await lockedBatches(crew, made, enrollments);
  const wanted = batches.reduce((total, batch) => total + batch.total, 0), budget = Math.floor((wanted * (20 + below(60))) / 10000) * 100;
  const { version } = await crew.maya.get(`/programs/${made.id}`);
  await crew.maya.call('PATCH', `/programs/${made.id}`, { budget_minor: budget }, { 'If-Match': `"${version}"` });
  await goThrough(crew, batches[0]); // opens the program's account
  await Promise.all(batches.slice(1).map((batch) => goThrough(crew, batch)));
  const taken = batches.filter((batch) => batch.submitted).reduce((total, batch) => total + batch.total, 0);
  sum.batches += batches.length;
  sum.released += batches.filter((batch) => batch.released).length;
  sum.refused += batches.filter((batch) => !batch.submitted).length;
  // Nothing came back during the round: whatever would fit now would have fitted then.
  sum.fitting_refused += batches.filter((batch) => !batch.submitted && batch.total <= budget - taken).length;
}

const OVERSPENT = `SELECT count(*) FROM program p WHERE p.budget_minor < (SELECT coalesce(sum(amount_minor), 0) FROM disbursement d WHERE d.program_id = p.id)
  OR p.budget_minor < (SELECT coalesce(sum(total_minor), 0) FROM batch b WHERE b.program_id = p.id AND b.state IN ('in_approval', 'approved', 'released', 'reconciled', 'closed'))`;
const DRIFTED = 'SELECT count(*) FROM ledger_account a WHERE a.balance_minor <> coalesce((SELECT sum(p.amount_minor) FROM ledger_posting p WHERE p.account_id = a.id), 0)';
const SUM = 'SELECT coalesce(sum(amount_minor), 0) FROM ledger_posting';

export async function budget(binary, rounds) {
  const registry = await startRegistry(binary), crew = {};
  const sum = { rounds, batches: 0, released: 0, refused: 0, fitting_refused: 0 };
  try {
    await signIn(registry.base, crew);
    const households = [];
    for (let i = 0; i < FAMILIES; i++) households.push((await crew.rina.post('/households', sized(i))).id);
    for (let i = 0; i < rounds; i++) {
      await signIn(registry.base, crew);
      await round(crew, i, households, sum);
    }
    sum.overspent = lookOne(registry.db, OVERSPENT);
    sum.drift = lookOne(registry.db, DRIFTED);
    sum.sum = lookOne(registry.db, SUM);
    sum.verified = verifies(binary, registry.db);
  } finally { await registry.stop(); }
  return sum;
}
