// story_scores.mjs: scores over HTTP: definitions and what is wrong with them, a trial, everybody scored by a job that survives kill -9 and can be cancelled,
// a household's scores with their parts and history, and rules that read them to the last digit.
import { existsSync, readFileSync } from 'node:fs';
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, family } from './registry.mjs';

const registry = await startRegistry(process.argv[2]);
const NOBODY = '01900000-0000-7000-8000-000000000001';
const PPI = '../shared/data/ppi', FORMULA = '../shared/data/pmt-formula/openg2p-nsr-mock.json';
const LABEL = { id: 'Uji', en: 'Trial' };
const size = (more = {}) => ({ name: 'size', label: LABEL, input: 'size(household.members)', coefficient: '-2.85', ...more });
const definition = (name, indicators = [size()], more = {}) => ({ name, label: LABEL, constant: '39.84', indicators, ...more });
const MANY = 1200;
const letters = (i) => [...String(i)].map((digit) => 'abcdefghij'[digit]).join('');
const household = (i) => ({ ...family(0, i % 2 ? '15.01.01.2001' : '15.02.01.2001'), members: [{ name: `Warga ${letters(i * 7919 % 99991)} ${letters(i)}`, nik: `150101450587${String(i + 1).padStart(4, '0')}`, sex: 'F', birth_date: '1987-05-05', relationship: 'head' }] });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
try {
  const as = (name) => new Client(registry.base).signIn(name);
  const rina = await as('rina'), maya = await as('maya'), audi = await as('audi');
  const mine = await rina.post('/households', family(0)), far = await maya.post('/households', family(1, '15.02.01.2001'));
  const finished = async (job) => {
    for (let i = 0; i < 600; i++) {
      const found = await maya.get(`/jobs/${job}`);
      if (found.state !== 'open') return found;
      await pause(50);
    }
    throw new Error('the job does not end');
  };
  const use = async (body) => {
    const made = await maya.post('/scores', body);
    const { job_id } = await maya.post(`/scores/${made.id}/activate`);
    equal((await finished(job_id)).state, 'done', 'job');
    return made;
  };

  for (const [what, body, pointer] of [
    ['a bare decimal has gone through binary', definition('A', [size({ coefficient: -2.85 })]), '/indicators/0/coefficient'],
    ['an unknown field', definition('A', [size({ weight: 1 })]), '/indicators/0/weight'],
    ['an unknown question', definition('A', [size({ input: 'household.needs.jumlah' })]), '/indicators/0/input'],
    ['an unknown score', definition('A', [size({ input: "score('TIDAK ADA')" })]), '/indicators/0/input'],
    ['a misspelt field of the household', definition('A', [size({ input: 'size(household.membres)' })]), '/indicators/0/input'],
    ['a text as a number', definition('A', [size({ input: 'household.rt' })]), '/indicators/0/input'],
    ['ranges that overlap', definition('A', [size({ coefficient: undefined, ranges: [{ to: 3, points: 1 }, { from: 3, points: 0 }] })]), '/indicators/0/ranges/1/from'],
    ['ranges with a gap', definition('A', [size({ coefficient: undefined, ranges: [{ to: 3, points: 1 }, { from: 5, points: 0 }] })]), '/indicators/0/ranges/1/from'],
    ['a table with a gap', definition('A', [size()], { lookup: { lines: ['nl100'], rows: [{ from: 0, to: 0, values: [1] }, { from: 2, to: 2, values: [1] }] } }), '/lookup/rows/1/from'],
    ['a score that rests on itself', definition('A', [size({ input: "score('A')" })]), '/indicators/0/input'],
    ['the name of a questionnaire\'s score', definition('NEEDS'), '/name'],
    ['no indicator', definition('A', []), '/indicators'],
  ]) await step(`refused with the field: ${what}`, () => refused(maya.post('/scores', body), 422, 'fields', pointer));
  await step('a list is no definition, and an officer defines none', async () => {
    await refused(maya.post('/scores', []), 422, 'fields');
    await refused(rina.post('/scores', definition('A')), 403, 'forbidden');
    await refused(rina.post(`/scores/${NOBODY}/activate`), 403, 'forbidden');
    await refused(maya.post(`/scores/${NOBODY}/activate`), 404, 'not_found');
    await refused(maya.get(`/scores/${NOBODY}`), 404, 'not_found');
    equal((await maya.get('/scores')).items, []);
  });
  await step('a trial stores nothing and tells parts, sum and what is missing', async () => {
    const trial = await maya.post('/scores/trial', { household_id: mine.id, definition: definition('A', [size(), size({ name: 'rooms', input: 'household.housing.rooms', coefficient: '1' })]) });
    equal([trial.value, trial.parts, trial.missing], [null, [{ indicator: 'size', input: 2, points: '-5.7' }], [{ indicator: 'rooms', pointers: ['/housing'] }]]);
    equal((await maya.post('/scores/trial', { household_id: mine.id, definition: definition('A') })).value, '34.14');
    await refused(maya.post('/scores/trial', { household_id: NOBODY, definition: definition('A') }), 404, 'not_found');
    await refused(rina.post('/scores/trial', { household_id: mine.id, definition: definition('A') }), 403, 'forbidden');
    equal((await maya.get('/scores')).items, []);
    equal((await maya.get(`/households/${mine.id}/scores`)).items, []);
  });
  await step('a draft holds for nobody; taken into use it holds for everybody', async () => {
    const made = await maya.post('/scores', definition('PMT'));
    equal([made.state, made.version], ['draft', 1]);
    equal((await rina.get(`/households/${mine.id}/scores`)).items, []);
    await use(definition('PMT'));
    const { items: [score] } = await rina.get(`/households/${mine.id}/scores`);
    equal([score.name, score.version, score.value, score.stale, score.sum, score.lines], ['PMT', 2, '34.14', false, '34.14', null]);
    equal((await maya.get(`/households/${far.id}/scores`)).items[0].value, '34.14');
    await refused(rina.get(`/households/${far.id}/scores`), 404, 'not_found');
    equal((await audi.get(`/households/${mine.id}/scores`)).items[0].parts, [{ indicator: 'size', points: '-5.7' }], 'an auditor sees no answers');
  });
  await step('a changed household has a stale score until it is computed anew, and the old one stays as history', async () => {
    await rina.post(`/households/${mine.id}/members`, { name: 'Bayi', id_reason: 'no_card', sex: 'F', birth_date: '2026-01-01', relationship: 'child' });
    equal((await rina.get(`/households/${mine.id}/scores`)).items[0].stale, true);
    const { items } = await rina.post(`/households/${mine.id}/scores`);
    equal(items.map((score) => [score.value, score.stale]), [['31.29', false], ['34.14', true]]);
    equal((await rina.post(`/households/${mine.id}/scores`)).items.length, 2, 'the same again is no new row');
    await refused(rina.post(`/households/${far.id}/scores`), 404, 'not_found');
    await refused(audi.post(`/households/${mine.id}/scores`), 403, 'forbidden');
  });
  await step('rules read decimals exactly, and a score that is not there is undetermined', async () => {
    const program = await maya.post('/programs', { name: 'Uji skor', category: 'direct_aid', owner: 'Dinas', currency: 'IDR', unit: 'household', rule: 'true', entitlement: 'amount(1000)', budget_minor: 100000, starts_on: '2026-01-01' });
    const outcome = async (rule) => (await maya.post(`/programs/${program.id}/eligibility`, { household_id: mine.id, rule })).outcome;
    for (const [rule, wanted] of [["score_between('PMT', '31.29', '31.29')", 'eligible'], ["score_between('PMT', '0', '31.28')", 'not_eligible'], ["score('PMT') <= 40", 'undetermined'],
      ["score_between('LAIN', '0', '40')", 'undetermined']]) equal(await outcome(rule), wanted, rule);
  });

  if (existsSync(PPI)) for (const [edition, first, lines] of [['ppiIDN2012', 0, 3], ['ppiIDN2012_a', 0, 8], ['ppiIDN2020', 1, 19], ['ppiIDN2023', 0, 9]]) {
    await step(`the published table ${edition} as a definition: every line of every score in reach`, async () => {
      const [head, ...rows] = readFileSync(`${PPI}/${edition}.csv`, 'utf8').trim().split('\n').map((line) => line.split(',').map((cell) => cell.replaceAll('"', '')));
      const table = { lines: head.slice(1), rows: rows.map(([score, ...values]) => ({ from: Number(score), to: Number(score), values })) };
      equal([table.lines.length, rows.length, Number(rows[0][0])], [lines, 101 - first, first]);
      for (const at of [first, 50, 100]) {
        const trial = await maya.post('/scores/trial', { household_id: mine.id, definition: definition('PPI', [size({ input: `size(household.members) * 0 + ${at}`, coefficient: 1 })], { constant: 0, lookup: table }) });
        equal(trial.value, String(at));
        for (const [i, line] of table.lines.entries()) equal(Number(trial.lines[line]), Number(rows[at - first][i + 1]), `${edition} ${at} ${line}`);
      }
      const outside = await maya.post('/scores/trial', { household_id: mine.id, definition: definition('PPI', [size({ input: `size(household.members) * 0 + ${first} - 1`, coefficient: 1 })], { constant: 0, lookup: table }) });
      equal([outside.lines, outside.refused.map((entry) => entry.code)], [null, ['range']]);
    });
  } else console.log('skip the published tables are not there');
  if (existsSync(FORMULA)) await step('the documented formula, with the numbers as its file writes them', async () => {
    const text = readFileSync(FORMULA, 'utf8');
    const terms = [...text.matchAll(/"var":"(\w+)","coef":(-?[\d.]+)/g)].map(([, name, coefficient]) => ({ name: name.toLowerCase(), label: LABEL, input: 'size(household.members)', coefficient }));
    equal(terms.length, 6);
    const trial = await maya.post('/scores/trial', { household_id: mine.id, definition: definition('PMT', terms, { constant: /"constant":([\d.]+)/.exec(text)[1], least: 0, most: 100 }) });
    equal([trial.value, trial.sum], ['5.67', '5.67'], '39.84 + 3 x (6.50 + 6.10 - 2.85 - 4.88 - 6.50 - 9.76)');
  }); else console.log('skip the documented formula is not there');

  for (let i = 0; i < MANY; i += 40) await Promise.all(Array.from({ length: 40 }, (_, j) => maya.post('/households', household(i + j))));
  await step('kill -9 in the middle: after the start the job goes on behind the last household, and everybody has the new version', async () => {
    const made = await maya.post('/scores', definition('PMT', [size({ coefficient: '-3' })]));
    const { job_id } = await maya.post(`/scores/${made.id}/activate`);
    let kills = 0, done = 0;
    for (; kills < 3; kills++) {
      await pause(30);
      const job = await maya.get(`/jobs/${job_id}`);
      if (job.state !== 'open') break;
      truth(job.done >= done && job.total === MANY + 2, `done ${job.done} of ${job.total} after ${done}`);
      done = job.done;
      await registry.kill();
      await registry.resume();
    }
    truth(kills > 0, 'the job was over before it could be killed');
    const job = await finished(job_id);
    equal([job.state, job.done, job.result.scored], ['done', MANY + 2, MANY + 2]);
    equal((await maya.get(`/scores/${made.id}`)).state, 'active');
    const { items } = await maya.get('/households?limit=200');
    for (const { id } of items.slice(0, 40)) equal((await maya.get(`/households/${id}/scores`)).items.filter((score) => score.state === 'active').length, 1, 'rows of the version');
  });
  await step('a job that is cancelled leaves the old version in use', async () => {
    const made = await maya.post('/scores', definition('PMT', [size({ coefficient: '-4' })]));
    const { job_id } = await maya.post(`/scores/${made.id}/activate`);
    await refused(maya.post(`/scores/${made.id}/activate`), 409, 'state');
    await maya.call('DELETE', `/jobs/${job_id}`);
    equal((await maya.get(`/jobs/${job_id}`)).state, 'cancelled');
    equal((await maya.get(`/scores/${made.id}`)).state, 'draft');
    equal((await rina.get(`/households/${mine.id}/scores`)).items.find((score) => score.state === 'active').sum, '30.84');
    await refused(maya.call('DELETE', `/jobs/${job_id}`), 409, 'state');
  });
  await step('every version is listed, the newest first', async () => {
    const { items: [last] } = await maya.get('/scores');
    equal([last.state, last.version], ['draft', 4]);
    const used = await maya.get('/scores?limit=1');
    equal(used.items.length, 1);
    truth(used.next, 'a cursor to the next');
    equal((await maya.get(`/scores?limit=200&after=${used.next}`)).items.length, 3);
  });
} finally {
  await registry.stop();
}
close();
