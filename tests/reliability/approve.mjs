// approve.mjs: many people act on one batch at the same moment: submitters, approvers, its maker, a recall, a rejection, a cancellation, an edit, two
// releases. Afterwards there must be an order of the accepted acts that leads to what is stored, and one set of disbursements at most.
import { Client, family, startRegistry } from '../api/registry.mjs';
import { addUser, chance, look, lookOne, shuffle, spread, verifies } from './common.mjs';

const SIGN_IN_EACH_MS = 200000; // a second factor counts for five minutes
const PEOPLE = ['maya', 'budi', 'hendra', 'tuti']; // managers: maya, budi; approvers: budi, hendra, tuti; maya or budi is the maker

// --- the model -----------------------------------------------------------------------------------------------------------------------------

// What an accepted act makes of a batch; null where it cannot be accepted.
const MODEL = {
  submit: (b) => (b.state === 'locked' ? { ...b, state: 'in_approval', makers: [...b.makers, b.who] } : null),
  approve: (b) => {
    if (b.state !== 'in_approval' || b.makers.includes(b.who) || b.version !== 1) return null;
    const approvals = [...new Set([...b.approvals, b.who])];
    return { ...b, approvals, checkers: [...b.checkers, b.who], state: approvals.length >= b.required ? 'approved' : 'in_approval' };
  },
  withdraw: (b) => (b.approvals.includes(b.who) && ['in_approval', 'approved'].includes(b.state) ? { ...b, approvals: b.approvals.filter((who) => who !== b.who), state: 'in_approval' } : null),
  recall: (b) => (['locked', 'in_approval', 'approved'].includes(b.state) && !b.checkers.includes(b.who) ? { ...b, state: 'draft', version: b.version + 1, approvals: [], makers: [...b.makers, b.who] } : null),
  reject: (b) => (['in_approval', 'approved'].includes(b.state) && !b.makers.includes(b.who) ? { ...b, state: 'draft', version: b.version + 1, approvals: [], checkers: [...b.checkers, b.who] } : null),
  cancel: (b) => (['draft', 'locked', 'in_approval', 'approved'].includes(b.state) && !b.checkers.includes(b.who) ? { ...b, state: 'cancelled', makers: [...b.makers, b.who] } : null),
  exclude: () => null, // the line is of the locked version: there is no state in which it can be left out
  release: (b) => (b.state === 'approved' && !b.makers.includes(b.who) ? { ...b, state: 'released', checkers: [...b.checkers, b.who] } : null),
};

// Is there an order of the accepted acts that ends in `wanted`?
function reachable(batch, acts, wanted) {
  if (acts.length === 0) return batch.state === wanted.state && batch.version === wanted.version;
  return acts.some(([act, who], i) => {
    const next = MODEL[act]({ ...batch, who });
    return next !== null && reachable(next, acts.filter((_, j) => j !== i), wanted);
  });
}

// --- the race ------------------------------------------------------------------------------------------------------------------------------

class Crew {
  constructor(base) { this.base = base; this.clients = {}; this.at = 0; }
  async fresh() {
    if (Date.now() - this.at < SIGN_IN_EACH_MS) return this.clients;
    for (const name of [...PEOPLE, 'rina']) this.clients[name] = await new Client(this.base).signIn(name);
    this.at = Date.now();
    return this.clients;
  }
}

const CALLS = {
  submit: () => ['submit', {}], approve: (batch) => ['approve', { digest: batch.digest }], withdraw: () => ['withdraw-approval', {}], recall: () => ['recall', { reason: 'balapan' }],
  reject: () => ['reject', { reason: 'balapan' }], cancel: () => ['cancel', { reason: 'balapan' }], release: () => ['release', {}], exclude: (batch) => [`items/${batch.item}/exclude`, { reason: 'balapan' }],
};

// All at once, in a random order; gives those that were accepted.
async function race(clients, batch, acts) {
  const answers = await Promise.all(shuffle(acts).map(async ([act, who]) => {
    const [path, body] = CALLS[act](batch);
    return clients[who].post(`/batches/${batch.id}/${path}`, body).then(() => [act, who], (error) => {
      if (![403, 404, 409].includes(error.status)) throw error;
      return null;
    });
  }));
  return answers.filter((answer) => answer !== null);
}

const some = (share, act) => (chance(share) ? [act] : []);

async function raceBatch(clients, program, name, maker) {
  const other = maker === 'maya' ? 'budi' : 'maya';
  const cycle = await clients.maya.post(`/programs/${program.id}/cycles`, { name, starts_on: '2026-11-01', ends_on: '2026-11-30' });
  const { id } = await clients[maker].post(`/cycles/${cycle.id}/batches`);
  const { digest } = await clients[maker].post(`/batches/${id}/lock`);
  const item = (await clients[maker].get(`/batches/${id}/items`)).items[0].id, batch = { id, digest, item };
  const accepted = await race(clients, batch, [['submit', maker], ...some(0.3, ['submit', other])]);
  accepted.push(...await race(clients, batch, [['approve', 'hendra'], ['approve', 'tuti'], ['approve', 'budi'], ['exclude', maker], ...some(0.25, ['recall', 'maya']), ...some(0.15, ['reject', 'tuti']), ...some(0.15, ['cancel', maker])]));
  if ((await clients.maya.get(`/batches/${id}`)).state === 'approved')
    accepted.push(...await race(clients, batch, [['release', 'hendra'], ['release', 'tuti'], ...some(0.3, ['release', 'budi']), ...some(0.25, ['recall', maker]), ...some(0.15, ['cancel', 'maya']), ...some(0.2, ['withdraw', 'hendra'])]));
  return { id: id.replaceAll('-', ''), maker, required: program.required, accepted };
}

// --- the judgement, from the file ----------------------------------------------------------------------------------------------------------

const STORED = `SELECT lower(hex(b.id)) AS id, b.state, b.version, b.approvals_required AS required, b.total_minor AS total,
  (SELECT count(*) FROM batch_approval a WHERE a.batch_id = b.id AND a.version = b.version AND a.digest = b.digest AND a.withdrawn_at_ms IS NULL) AS approvals,
  (SELECT count(*) FROM batch_item i WHERE i.batch_id = b.id AND i.version = b.version AND i.state = 'in') AS items,
  (SELECT count(*) FROM disbursement d WHERE d.batch_id = b.id) AS lines, (SELECT count(DISTINCT d.enrollment_id) FROM disbursement d WHERE d.batch_id = b.id) AS units,
  coalesce((SELECT balance_minor FROM ledger_account l WHERE l.kind = 'batch' AND l.owner_id = b.id), 0) AS claimed,
  coalesce((SELECT balance_minor FROM ledger_account l WHERE l.kind = 'open' AND l.owner_id = b.id), 0) AS open FROM batch b`;

// A state and everything that has to be so in it.
function isLegal(b) {
  const approved = b.approvals >= b.required, out = b.lines === 0 && b.open === 0;
  switch (b.state) {
    case 'draft': return b.approvals === 0 && out && b.claimed === 0;
    case 'cancelled': return out && b.claimed === 0;
    case 'in_approval': return !approved && out && b.claimed === b.total;
    case 'approved': return approved && out && b.claimed === b.total;
    case 'released': return approved && b.lines === b.items && b.units === b.items && b.claimed === 0 && b.open === b.total;
    default: return false;
  }
}

const SELF_APPROVED = `SELECT count(*) FROM batch_duty d JOIN batch_duty m ON m.batch_id = d.batch_id AND m.user_id = d.user_id AND m.duty = 'make' WHERE d.duty IN ('approve', 'release')`;

function judge(db, races, sum) {
  const stored = new Map(look(db, STORED).map((row) => [row.id, row]));
  for (const one of races) {
    const batch = stored.get(one.id), start = { state: 'locked', version: 1, required: one.required, approvals: [], makers: [one.maker], checkers: [] };
    if (!isLegal(batch)) sum.illegal++;
    if (!reachable(start, one.accepted, batch)) sum.unreachable++;
    if (batch.lines > batch.units) sum.twice_released++;
    if (batch.state === 'released') sum.released++;
  }
  sum.self_approved = lookOne(db, SELF_APPROVED);
}

const CASH = 'amount(1000)', GOODS = "[{'code': 'beras', 'kind': 'goods', 'item': 'kg beras', 'quantity': 10}]";

async function programOf(clients, household, name, entitlement, required) {
  const program = await clients.maya.post('/programs', { name, category: 'direct_aid', owner: 'Dinas Sosial', currency: 'IDR', unit: 'household', rule: 'true', entitlement, budget_minor: 10 ** 12, approvals_required: required, starts_on: '2026-01-01' });
  await clients.maya.post(`/programs/${program.id}/activate`);
  await clients.maya.post(`/programs/${program.id}/enrollments`, { household_id: household.id });
  return { id: program.id, required };
}

// Goods have no ledger behind them: there only the batch itself stands against a second release.
export async function approve(binary, races) {
  const registry = await startRegistry(binary), crew = new Crew(registry.base);
  const sum = { races, released: 0, illegal: 0, unreachable: 0, twice_released: 0, self_approved: 0 };
  try {
    addUser(binary, registry.db, 'budi', ['manager', 'approver'], true);
    let clients = await crew.fresh();
    const household = await clients.rina.post('/households', family(1)), programs = [];
    for (const entitlement of [CASH, GOODS]) for (const required of [1, 2]) programs.push(await programOf(clients, household, `Balapan ${programs.length}`, entitlement, required));
    const raced = [];
    for (let i = 0; i < races; i += 2) {
      clients = await crew.fresh();
      await spread([i, i + 1].filter((n) => n < races), 2, async (n) => { raced.push(await raceBatch(clients, programs[n % 4], `C${n}`, n % 8 < 4 ? 'maya' : 'budi')); });
    }
    judge(registry.db, raced, sum);
    sum.verified = verifies(binary, registry.db);
  } finally { await registry.stop(); }
  return sum;
}
