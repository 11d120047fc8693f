// story_facts.mjs: facts of other registries over HTTP: mappings and lines refused with line, column, value, reason and remedy; editions and their age; what rules read.
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, family } from './registry.mjs';

const registry = await startRegistry(process.argv[2]);
const daysAgo = (days) => new Date(Date.now() + 7 * 3600000 - days * 86400000).toISOString().slice(0, 10);
const NIK = '1501014505870001', FAR = '1501014505870002', CARD = '1501010101150007';
const part = (rows, more = {}) => ({ source: 'dtsen', edition: '2026-T3', as_of: daysAgo(30), number: { column: 'NIK', kind: 'nik' }, columns: ['NIK', 'DESIL', 'STATUS'],
  facts: { desil: { column: 'DESIL', type: 'integer', least: 1, most: 10 }, nik_status: { column: 'STATUS', type: 'choice', values: { AKTIF: 'active', MATI: 'dead' } } }, not_found: ['TIDAK DITEMUKAN'], rows: rows.map((cells, i) => ({ line: i + 2, cells })), ...more });
try {
  const as = (name) => new Client(registry.base).signIn(name);
  const rina = await as('rina'), maya = await as('maya'), audi = await as('audi');
  const mine = await rina.post('/households', { ...family(0), kk_number: CARD }), far = await maya.post('/households', family(1, '15.02.01.2001'));
  const facts = async (client, id) => (await client.get(`/households/${id}/facts`)).items.map((fact) => [fact.key, fact.value, fact.edition, fact.age_days, fact.newest]);

  for (const [what, body, pointer] of [
    ['a source with a blank', part([[NIK, '3', '']], { source: 'Data Terpadu' }), '/source'], ['a day to come', part([[NIK, '3', '']], { as_of: daysAgo(-2) }), '/as_of'],
    ['a column that is not in the heading', part([[NIK, '3', '']], { number: { column: 'NIKK', kind: 'nik' } }), '/number/column'], ['a heading with the column twice', part([[NIK, '3', '']], { columns: ['NIK', 'NIK', 'DESIL'] }), '/number/column'],
    ['a number of no kind', part([[NIK, '3', '']], { number: { column: 'NIK', kind: 'phone' } }), '/number/kind'], ['no facts', part([[NIK, '3', '']], { facts: {} }), '/facts'],
    ['a choice without values', part([[NIK, '3', '']], { facts: { desil: { column: 'DESIL', type: 'choice' } } }), '/facts/desil/values'], ['no lines', part([]), '/rows'],
    ['too many lines', part(Array.from({ length: 501 }, () => [NIK, '3', ''])), '/rows'], ['an unknown field', part([[NIK, '3', '']], { colour: 1 }), '/colour'],
  ]) await step(`the mapping is refused with its field: ${what}`, () => refused(maya.post('/facts', body), 422, 'fields', pointer));
  await step('an officer imports none, and nothing was stored so far', async () => {
    await refused(rina.post('/facts', part([[NIK, '3', 'AKTIF']])), 403, 'forbidden');
    equal((await maya.get('/facts/editions')).items, []);
  });
  await step('a trial tells each refused line with column, value, reason and remedy, and stores nothing', async () => {
    const outcome = await maya.post('/facts/trial', part([[NIK, '3', 'AKTIF'], ['15010145058700', '3', 'AKTIF'], [NIK, '11', 'AKTIF'], [NIK, 'tiga', ''], [NIK, '3', 'PINDAH'], ['', '3', ''], [NIK, '3'], ['1501014505879999', '2', 'AKTIF'], [NIK, 'TIDAK DITEMUKAN', ''], [NIK, '4', 'AKTIF']]));
    equal([outcome.accepted, outcome.unmatched, outcome.not_found], [1, 1, 1]);
    equal(outcome.refused.map((row) => [row.line, row.column, row.value, row.code]), [[3, 'NIK', '15010145058700', 'digits'], [4, 'DESIL', '11', 'range'], [5, 'DESIL', 'tiga', 'integer'], [6, 'STATUS', 'PINDAH', 'value'], [7, 'NIK', '', 'empty'], [8, 'NIK', null, 'cells'], [11, 'NIK', NIK, 'doubled']]);
    truth(outcome.refused.every((row) => row.reason && row.remedy), 'a row without reason or remedy');
    equal(await facts(rina, mine.id), []);
    equal((await maya.get('/facts/editions')).items, []);
  });
  await step('what is kept has source, edition and age; sent again it changes nothing', async () => {
    for (let i = 0; i < 2; i++) equal((await maya.post('/facts', part([[NIK, '3', 'AKTIF'], [FAR, '7', '']]))).accepted, 2);
    equal((await facts(rina, mine.id)).sort(), [['desil', 3, '2026-T3', 30, true], ['nik_status', 'active', '2026-T3', 30, true]]);
    equal((await facts(maya, far.id)), [['desil', 7, '2026-T3', 30, true]]);
    await refused(rina.get(`/households/${far.id}/facts`), 404, 'not_found');
    equal((await audi.get(`/households/${mine.id}/facts`)).items.map((fact) => fact.value), [null, null], 'an auditor sees no values');
    const { items: [edition] } = await rina.get('/facts/editions');
    equal([edition.source, edition.edition, edition.age_days, edition.accepted, edition.refused], ['dtsen', '2026-T3', 30, 2, 0]);
  });
  await step('a later part of the file adds its counts', async () => {
    await maya.post('/facts', part([['1501014505879999', '2', '']], { continues: true }));
    const { items: [edition] } = await maya.get('/facts/editions');
    equal([edition.accepted, edition.unmatched], [2, 1]);
    await refused(maya.post('/facts', part([[NIK, '3', '']], { as_of: daysAgo(29) })), 422, 'fields', '/as_of');
  });
  await step('the newest day holds, also when an older edition comes later', async () => {
    await maya.post('/facts', part([[NIK, '2', '']], { edition: '2026-T4', as_of: daysAgo(1) }));
    await maya.post('/facts', part([[NIK, '9', '']], { edition: '2026-T1', as_of: daysAgo(300) }));
    equal((await facts(rina, mine.id)).filter(([key]) => key === 'desil'), [['desil', 2, '2026-T4', 1, true], ['desil', 3, '2026-T3', 30, false], ['desil', 9, '2026-T1', 300, false]]);
  });
  await step('by family card too', async () => {
    await maya.post('/facts', part([[CARD, '1', '']], { source: 'pkh', edition: 'A', as_of: daysAgo(0), number: { column: 'NIK', kind: 'kk' }, facts: { pkh_rank: { column: 'DESIL', type: 'integer' } } }));
    equal((await facts(rina, mine.id))[0], ['pkh_rank', 1, 'A', 0, true]);
  });
  await step('rules read them; not found is undetermined, never not eligible', async () => {
    const program = await maya.post('/programs', { name: 'Uji data luar', category: 'direct_aid', owner: 'Dinas', currency: 'IDR', unit: 'household', rule: 'true', entitlement: 'amount(1000)', budget_minor: 100000, starts_on: '2026-01-01' });
    const outcome = async (rule, household = mine.id) => (await maya.post(`/programs/${program.id}/eligibility`, { household_id: household, rule })).outcome;
    for (const [rule, wanted] of [["external('desil') <= 2", 'eligible'], ["external('desil') > 2", 'not_eligible'], ["external('nik_status') == 'active'", 'eligible'], ["external('bpjs') == 'pbi'", 'undetermined']]) equal(await outcome(rule), wanted, rule);
    equal(await outcome("external('nik_status') == 'active'", far.id), 'undetermined');
    const answer = await maya.post(`/programs/${program.id}/eligibility`, { household_id: far.id, rule: "external('nik_status') == 'active'" });
    equal(answer.missing, ['/external/nik_status']);
  });
  await step('a number that two people bear is refused until somebody has decided', async () => {
    await maya.post('/households', { ...family(2), members: [{ ...family(0).members[0], name: 'Siti Amina' }] });
    const outcome = await maya.post('/facts/trial', part([[NIK, '3', '']]));
    equal(outcome.refused.map((row) => row.code), ['ambiguous']);
  });
} finally {
  await registry.stop();
}
close();
