// story_forms.mjs: a questionnaire with every type of question: made, answered, refused where it is wrong, replaced by a version, and compared.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, family } from './registry.mjs';
import { sampleForm } from './form_sample.mjs';

const binary = process.argv[2];
const registry = await startRegistry(binary);
const day = (days) => new Date(Date.now() + 9 * 3600000 + days * 86400000).toISOString().slice(0, 10);

// A PNG of one black pixel.
function pixel() {
  const table = Array.from({ length: 256 }, (_, n) => { let c = n; for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; return c >>> 0; });
  const crc = (bytes) => (bytes.reduce((c, byte) => table[(c ^ byte) & 255] ^ (c >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;
  const part = (type, data) => { const body = Buffer.concat([Buffer.from(type), data]), size = Buffer.alloc(4), sum = Buffer.alloc(4); size.writeUInt32BE(data.length); sum.writeUInt32BE(crc(body)); return Buffer.concat([size, body, sum]); };
  const head = Buffer.alloc(13); head.writeUInt32BE(1, 0); head.writeUInt32BE(1, 4); head[8] = 8;
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), part('IHDR', head), part('IDAT', deflateSync(Buffer.from([0, 0]))), part('IEND', Buffer.alloc(0))]);
}

try {
  const as = (name) => new Client(registry.base).signIn(name);
  const rina = await as('rina'), maya = await as('maya');
  const household = await rina.post('/households', family(0));
  const [mother, child] = household.members;
  const attach = async (client) => {
    const answer = await fetch(`${registry.base}/api/v1/attachments`, { method: 'POST', headers: { 'X-Requested-With': 'lumbung', 'Sec-Fetch-Site': 'same-origin', Cookie: client.cookie, 'Content-Type': 'image/png' }, body: pixel() });
    truth(answer.ok, `attachment: ${answer.status}`);
    return (await answer.json()).id;
  };
  let form, second;
  const record = (answers, more = {}) => rina.post(`/households/${household.id}/assessments`, { form_id: form.id, assessed_on: day(0), answers, ...more });
  const each = () => [{ member_id: mother.id, school: 'no' }, { member_id: child.id, ...(Number(child.birth_date.slice(0, 4)) <= 2022 ? { school: 'no' } : {}) }];
  const least = () => ({ rooms: 2, side: 'hilir', each: each() });

  await step('a questionnaire is checked before it is stored', async () => {
    const found = await maya.post('/forms/check', sampleForm());
    equal([found.new, found.version, found.questions], [true, 1, []], 'check');
    await refused(maya.post('/forms/check', { ...sampleForm(), questions: [] }), 422, 'fields', '/questions');
    await refused(maya.post('/forms/check', []), 400, 'malformed');
    await refused(rina.post('/forms/check', sampleForm()), 403);
  });
  await step('the manager stores it; an officer may not', async () => {
    await refused(rina.post('/forms', sampleForm()), 403);
    form = await maya.post('/forms', sampleForm());
    equal([form.version, form.questions.length, Object.keys(form.lists)], [1, sampleForm().questions.length, ['yes_no', 'places']], 'form');
  });
  await step('the least that is wanted is taken, and what is calculated is worked out here', async () => {
    const made = await record({ ...least(), animals: [{ kind: 'kambing', number: 3 }, { kind: 'ayam', number: 10 }] });
    equal([made.answers.herd, made.answers.adults, made.answers.each[0].adult, made.answers.each[1].adult], [13, 1, 1, 0], 'calculated');
    equal(Object.keys(made.answers), ['rooms', 'side', 'each', 'animals', 'herd', 'adults'], 'the order of the form');
  });
  await step('every type is taken', async () => {
    const front = await attach(rina);
    const made = await record({ rooms: 3, area: 36.5, moved: '2001-02-03', side: 'hulu', hamlet: 'h2', fuel: ['gas', 'other'], fuel_other: 'sekam', wishes: ['seed', 'food', 'cash'], spot: '-2.0881 101.4683 812.0 6.5', front,
      card: '8992761', land: 'yes', crop: 'padi', each: each() });
    equal([made.answers.area, made.answers.wishes, made.answers.front], [36.5, ['seed', 'food', 'cash'], front], 'answers');
    truth((await maya.call('GET', `/attachments/${front}`)).length > 0, 'who may see the family may see the photo');
    equal(made.scores.find((score) => score.name === 'LAND').value, -3, 'score');
  });
  await step('the client is not trusted', async () => {
    for (const [change, pointer] of [
      [{ rooms: undefined }, '/answers/rooms'], [{ rooms: 31 }, '/answers/rooms'], [{ rooms: '2' }, '/answers/rooms'], [{ area: 0.5 }, '/answers/area'], [{ moved: day(2) }, '/answers/moved'],
      [{ moved: '2023-02-30' }, '/answers/moved'], [{ hamlet: 'h1' }, '/answers/hamlet'], [{ fuel: ['coal'] }, '/answers/fuel'], [{ fuel: ['other'] }, '/answers/fuel_other'], [{ wishes: ['food'] }, '/answers/wishes'],
      [{ spot: '91 0' }, '/answers/spot'], [{ land: 'yes' }, '/answers/land'], [{ side: 'hulu' }, '/answers/land'], [{ side: 'hulu', land: 'yes' }, '/answers/crop'], [{ herd: 1 }, '/answers/herd'],
      [{ adults: 2 }, '/answers/adults'], [{ about: 'x' }, '/answers/about'], [{ colour: 1 }, '/answers/colour'], [{ kind: 'x' }, '/answers/kind'], [{ each: undefined }, '/answers/each'],
      [{ each: each().slice(0, 1) }, '/answers/each'], [{ each: [...each(), each()[0]] }, '/answers/each/0/member_id'], [{ each: [each()[0], { member_id: household.id }] }, '/answers/each/1/member_id'],
      [{ each: [{ member_id: mother.id }, each()[1]] }, '/answers/each/0/school'], [{ each: [{ ...each()[0], adult: 0 }, each()[1]] }, '/answers/each/0/adult'],
      [{ animals: [{ kind: 'ayam' }] }, '/answers/animals/0/number'], [{ animals: [{ kind: 'ayam', number: 0 }] }, '/answers/animals/0/number'], [{ animals: 'ayam' }, '/answers/animals'],
      [{ front: 'photo.jpg' }, '/answers/front'], [{ front: '01900000-0000-7000-8000-000000000001' }, '/answers/front'],
    ]) await refused(record({ ...least(), ...change }), 422, 'fields', pointer);
  });
  await step('a photo of somebody else is no answer', async () => refused(record({ ...least(), front: await attach(maya) }), 422, 'fields', '/answers/front'));
  await step('a message is said in the words of the form', async () => {
    const problem = await refused(record({ ...least(), moved: day(2) }), 422, 'fields', '/answers/moved');
    equal(problem.errors[0].detail, 'Not in the future.', 'detail');
  });
  await step('a new version says what it changed and what becomes of the scores', async () => {
    const next = sampleForm();
    next.questions.find((question) => question.name === 'rooms').max = 20;
    next.questions = next.questions.filter((question) => question.name !== 'card');
    next.questions.push({ name: 'remarks', type: 'text', label: { id: 'Catatan', en: 'Remarks', ar: 'ملاحظات' } });
    const check = await maya.post('/forms/check', next);
    equal([check.new, check.version], [false, 2], 'check');
    equal(check.questions.map(({ question, change, members = [] }) => [question, change, members]), [['rooms', 'changed', ['max']], ['remarks', 'added', []], ['card', 'removed', []]], 'questions');
    equal(check.questions[0].scores, ['LAND'], 'the score that weighs it');
    equal(check.scores, [{ name: 'LAND', change: 'same' }], 'bounds alone change no points');
    second = await maya.post('/forms', next);
    equal(second.version, 2, 'version');
    const stored = await maya.get(`/forms/${second.id}/difference`);
    equal([stored.questions, stored.scores, stored.from.version, stored.to.version], [check.questions, check.scores, 1, 2], 'the same once stored');
    equal((await maya.get(`/forms/${form.id}/difference?from=${second.id}`)).questions.map((row) => row.change).sort(), ['added', 'changed', 'removed'], 'the other way round');
    equal((await maya.get(`/forms/${second.id}/difference?from=${second.id}`)).questions, [], 'against itself');
    await refused(maya.get(`/forms/${second.id}/difference?from=01900000-0000-7000-8000-000000000001`), 404);
    await refused(maya.get(`/forms/${second.id}/difference?from=x`), 400);
  });
  await step('a choice with other points, a question that is gone: the score is another', async () => {
    const other = sampleForm();
    other.scores[0].weights[0].points.no = 5;
    equal((await maya.post('/forms/check', other)).scores, [{ name: 'LAND', change: 'changed' }], 'points');
    const moved = sampleForm();
    moved.lists.yes_no = moved.lists.yes_no.slice(0, 2).reverse();
    equal((await maya.post('/forms/check', moved)).scores, [{ name: 'LAND', change: 'changed' }], 'choices');
    equal((await maya.post('/forms/check', { ...sampleForm(), scores: [] })).scores, [{ name: 'LAND', change: 'removed' }], 'removed');
  });
  await step('all versions are listed, the newest first, by an id of any of them', async () => {
    for (const { id } of [form, second]) equal((await rina.get(`/forms/${id}/versions`)).items.map((row) => [row.version, row.state]), [[2, 'active'], [1, 'retired']], 'versions');
    await refused(rina.get('/forms/01900000-0000-7000-8000-000000000001/versions'), 404);
  });
  await step('what was asked with the old version before the new one came is taken', async () => {
    truth((await record(least())).form_version === 1, 'the day of the change');
    truth((await record(least(), { assessed_on: day(-3) })).form_version === 1, 'three days before');
  });
  await step('the answers of an old version open in the words of that version', async () => {
    const { items } = await rina.get(`/households/${household.id}/assessments`);
    equal([...new Set(items.map((row) => row.form_version))], [1], 'versions');
    equal((await rina.get(`/forms/${form.id}`)).questions.find((question) => question.name === 'rooms').max, 30, 'the old bound');
  });

  // --- workbooks
  const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  const upload = async (client, body, { type = XLSX, query = '' } = {}) => {
    const answer = await fetch(`${registry.base}/api/v1/forms/workbook${query}`, { method: 'POST', headers: { 'X-Requested-With': 'lumbung', 'Sec-Fetch-Site': 'same-origin', 'Accept-Language': 'en', Cookie: client.cookie, 'Content-Type': type }, body });
    const data = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(`${answer.status} ${JSON.stringify(data)}`), { status: answer.status, data });
    return data;
  };
  const download = async (client, id) => {
    const answer = await fetch(`${registry.base}/api/v1/forms/${id}/workbook`, { headers: { Cookie: client.cookie, 'Accept-Language': 'en' } });
    if (!answer.ok) { const data = await answer.json(); throw Object.assign(new Error(String(answer.status)), { status: answer.status, data }); }
    equal(answer.headers.get('content-type'), XLSX, 'type');
    return Buffer.from(await answer.arrayBuffer());
  };
  const cli = (...words) => spawnSync(binary, words, { encoding: 'utf8' });
  // What a workbook can say: everything but scores and members of the household.
  const plain = () => { const whole = sampleForm(); return { ...whole, name: 'Buku kerja', scores: undefined, questions: whole.questions.filter((question) => question.name !== 'each' && question.name !== 'adults') }; };
  let book;
  await step('a questionnaire goes out as a workbook and comes back the same', async () => {
    const made = await maya.post('/forms', plain());
    book = await download(rina, made.id);
    const again = await upload(maya, book);
    equal([again.name, again.version, again.languages], ['Buku kerja', 2, ['id', 'en', 'ar']], 'head');
    const changes = (await maya.get(`/forms/${again.id}/difference`)).questions.filter((row) => !row.members?.every((member) => ['choices', 'list'].includes(member)));
    equal(changes.map(({ question, members }) => [question, members]), [['rooms', ['constraint', 'min', 'max']], ['area', ['constraint', 'min']], ['number', ['constraint', 'min']], ['herd', ['calculation']]], 'bounds join the constraint, a sum of nothing is 0');
    const third = await upload(maya, await download(maya, again.id));
    equal((await maya.get(`/forms/${third.id}/difference`)).questions, [], 'and from then on nothing changes');
  });
  await step('what a workbook cannot say is refused at its question', async () => {
    const problem = await refused(download(maya, form.id), 422, 'fields', '/questions/12/questions/0/relevant');
    equal(problem.errors[0].code, 'workbook', 'code');
  });
  await step('bad workbooks are refused, and nothing is stored', async () => {
    await refused(upload(rina, book), 403);
    await refused(upload(maya, 'type,name,label'), 422, 'workbook');
    await refused(upload(maya, book.subarray(0, book.length / 2)), 422, 'workbook');
    await refused(upload(maya, Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), book])), 422, 'workbook');
    await refused(upload(maya, book, { type: 'text/csv' }), 415);
    await refused(upload(maya, book, { query: '?colour=red' }), 400);
    await refused(upload(maya, book, { query: '?language=1' }), 400).catch(() => refused(upload(maya, book, { query: '?language=1' }), 422));
    equal((await maya.get('/forms')).items.find((entry) => entry.name === 'Buku kerja').version, 3, 'versions');
  });
  await step('the command line takes the same workbook into the registry that is being served, and gives it back', async () => {
    const [path, out] = [join(registry.folder, 'buku.xlsx'), join(registry.folder, 'keluar.xlsx')];
    writeFileSync(path, book);
    let done = cli('form', 'import', '--db', registry.db, path);
    equal([done.status, done.stdout], [0, 'Buku kerja: version 4\n'], done.stderr);
    done = cli('form', 'export', '--db', registry.db, 'Buku kerja', out);
    equal(done.status, 0, done.stderr);
    equal(JSON.parse(cli('form', 'check', out).stdout).questions.length, plain().questions.length, 'questions');
    equal(cli('form', 'export', '--db', registry.db, 'Tidak ada', out).status, 2, 'a name that is not there');
    equal(cli('form', 'import', '--db', registry.db, binary).status, 2, 'no workbook');
    equal(cli('form', 'check', join(registry.folder, 'nowhere.xlsx')).status, 2, 'no file');
    equal([cli('form', 'check').status, cli('form', 'colour', '--db', registry.db).status], [2, 2], 'usage');
  });
  await step('submissions of phones become a table; those that are not in order are told apart', async () => {
    const [path, good, bad] = ['buku.xlsx', 'baik.xml', 'buruk.xml'].map((name) => join(registry.folder, name));
    writeFileSync(good, '<x id="Buku kerja"><rooms>2</rooms><side>hilir</side><spot>1.5 2.5 0 5</spot><animals><kind>ayam</kind><number>3</number></animals></x>');
    writeFileSync(bad, '<x id="Buku kerja"><rooms>99</rooms></x>');
    const done = cli('form', 'csv', path, good, bad);
    equal(done.status, 3, 'one of two');
    const [head, line, more] = done.stdout.split('\n');
    truth(head.startsWith('rooms,area,moved,side,hamlet,fuel/gas,fuel/wood,fuel/other,fuel_other,wishes,spot,_spot_latitude') && head.includes('animals[1]/kind') && more === '', head);
    truth(line.startsWith('2,n/a,n/a,hilir') && line.includes('1.5 2.5 0 5,1.5,2.5,0,5'), line);
    truth(/buruk\.xml: \/answers\/rooms/.test(done.stderr), done.stderr);
  });
} finally {
  await registry.stop();
}
close();
