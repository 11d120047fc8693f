// story_duties.mjs: every act on a batch in every state, through the API: it happens where the table says so, and elsewhere is 409 and changes nothing; then who may do it.
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, family } from './registry.mjs';

// The state that an act leads to, by the state it finds. What is not named is refused.
const TABLE = {
  lock: { draft: 'locked' },
  submit: { locked: 'in_approval' },
  approve: { in_approval: 'approved' },
  release: { approved: 'released' },
  reject: { in_approval: 'draft', approved: 'draft' },
  recall: { locked: 'draft', in_approval: 'draft', approved: 'draft' },
  cancel: { draft: 'cancelled', locked: 'cancelled', in_approval: 'cancelled', approved: 'cancelled' },
};
const WAY = { draft: [], locked: ['lock'], in_approval: ['lock', 'submit'], approved: ['lock', 'submit', 'approve'], released: ['lock', 'submit', 'approve', 'release'], closed: ['lock', 'submit', 'approve', 'release', 'receive'], cancelled: ['cancel'] };
const APPROVER = new Set(['approve', 'release', 'reject']);

const registry = await startRegistry(process.argv[2]);
try {
  const as = (name) => new Client(registry.base).signIn(name);
  const rina = await as('rina'), maya = await as('maya'), hendra = await as('hendra'), tuti = await as('tuti');
  const household = await rina.post('/households', family(1));
  const program = await maya.post('/programs', { name: 'Semua keadaan', category: 'direct_aid', owner: 'Dinas', currency: 'IDR', unit: 'household', rule: 'true', entitlement: 'amount(1000)', budget_minor: 10 ** 12, starts_on: '2026-01-01' });
  await maya.post(`/programs/${program.id}/activate`);
  await maya.post(`/programs/${program.id}/enrollments`, { household_id: household.id });

  let cycles = 0;
  const read = (id) => maya.get(`/batches/${id}`);
  const act = async (id, name, client = APPROVER.has(name) ? hendra : maya) => {
    const body = name === 'approve' ? { digest: (await read(id)).digest ?? '0'.repeat(64) } : ['reject', 'recall', 'cancel'].includes(name) ? { reason: 'angka keliru' } : {};
    return client.post(`/batches/${id}/${name}`, body);
  };
  const receive = async (id) => {
    for (const line of (await rina.get(`/disbursements?batch=${id}`)).items) await rina.post(`/disbursements/${line.id}/receipt`, { received_by: 'payee', method: 'cash', at: new Date().toISOString() });
  };
  const bring = async (state) => {
    const cycle = await maya.post(`/programs/${program.id}/cycles`, { name: `Tahap ${++cycles}`, starts_on: '2026-11-01', ends_on: '2026-11-30' });
    const { id } = await maya.post(`/cycles/${cycle.id}/batches`);
    for (const name of WAY[state]) await (name === 'receive' ? receive(id) : act(id, name));
    equal((await read(id)).state, state, 'brought to');
    return id;
  };

  for (const state of Object.keys(WAY))
    for (const name of Object.keys(TABLE)) {
      const wanted = TABLE[name][state];
      await step(`${name} when ${state}: ${wanted ?? 'refused'}`, async () => {
        const id = await bring(state), before = await read(id);
        if (wanted) {
          const after = await act(id, name);
          equal(after.state, wanted);
          equal(after.version, before.version + (name === 'reject' || name === 'recall' ? 1 : 0), 'version');
        } else {
          await refused(act(id, name), 409, 'state');
          const after = await read(id);
          equal([after.state, after.version, after.digest, after.approvals], [before.state, before.version, before.digest, before.approvals], 'unchanged');
        }
      });
    }

  await step('own batch: the maker neither approves nor releases nor rejects it', async () => {
    const waiting = await bring('in_approval'), approved = await bring('approved');
    await refused(act(waiting, 'approve', maya), 403);
    await refused(act(waiting, 'reject', maya), 403);
    await refused(act(approved, 'release', maya), 403);
    equal([(await read(waiting)).state, (await read(approved)).state], ['in_approval', 'approved']);
  });
  await step('whoever approves may not make, and officers and auditors do neither', async () => {
    const draft = await bring('draft'), waiting = await bring('in_approval'), audi = await as('audi');
    for (const client of [hendra, rina, audi]) for (const name of ['lock', 'cancel']) await refused(act(draft, name, client), 403, 'forbidden');
    for (const client of [rina, audi]) for (const name of ['approve', 'reject', 'release']) await refused(act(waiting, name, client), 403, 'forbidden');
  });
  await step('what is open of a released batch is given back by somebody who did not release it, once and with a reason', async () => {
    const id = await bring('released'), audi = await as('audi');
    for (const [client, wanted] of [[hendra, false], [audi, false], [maya, true], [tuti, true]])
      equal((await client.get(`/batches/${id}`)).may.includes('close'), wanted, 'offered');
    await refused(hendra.post(`/batches/${id}/close`, { reason: 'lewat waktu' }), 403, 'duties');
    for (const client of [rina, audi]) await refused(client.post(`/batches/${id}/close`, { reason: 'lewat waktu' }), 403, 'forbidden');
    await refused(tuti.post(`/batches/${id}/close`, {}), 422, 'fields', '/reason');
    const { job_id: job } = await tuti.post(`/batches/${id}/close`, { reason: 'lewat waktu' });
    while ((await tuti.get(`/jobs/${job}`)).state === 'open') await new Promise((done) => setTimeout(done, 20));
    const closed = await tuti.get(`/batches/${id}`);
    equal([closed.state, closed.may], ['closed', []]);
    await refused(tuti.post(`/batches/${id}/close`, { reason: 'lagi' }), 409, 'state');
  });
  await step('the digest of the version before a recall approves nothing', async () => {
    const id = await bring('in_approval'), { digest } = await read(id);
    await act(id, 'recall');
    await act(id, 'lock');
    await act(id, 'submit');
    truth((await read(id)).digest !== digest, 'the version is part of the digest');
    await refused(tuti.post(`/batches/${id}/approve`, { digest }), 409, 'digest_changed');
    equal((await tuti.get(`/batches/${id}?version=1`)).digest, digest, 'the old version stays readable');
  });
  await step('an approval taken back is no approval', async () => {
    const id = await bring('approved');
    await refused(tuti.post(`/batches/${id}/withdraw-approval`), 409, 'state');
    equal((await hendra.post(`/batches/${id}/withdraw-approval`)).state, 'in_approval');
    await refused(act(id, 'release', tuti), 409, 'state');
  });
} finally {
  await registry.stop();
}
close();
