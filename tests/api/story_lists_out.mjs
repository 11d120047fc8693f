// story_lists_out.mjs: any list leaves as CSV, NDJSON or XLSX with the columns that are asked for: the same rows, filters, scope and masks as its pages, and a leaf of the log.
import { step, equal, truth, refused, close } from './check.mjs';
import { startRegistry, Client, family, fill } from './registry.mjs';

const binary = process.argv[2], registry = await startRegistry(binary);
try {
  const { households, program, batches, rina } = await fill(registry.base);
  for (let i = 10; i < 20; i++) await rina.post('/households', family(i, i % 2 ? '15.01.01.2001' : '15.01.01.2002'));
  const as = (name) => new Client(registry.base).signIn(name);
  const maya = await as('maya'), audi = await as('audi'), sari = await as('sari'), hendra = await as('hendra');
  await maya.post('/households', family(60, '15.02.01.2001'));
  const rows = (text) => text.trimEnd().split(/\r?\n/).map((line) => [...line.matchAll(/(^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((cell) => cell[2] !== undefined ? cell[2].replaceAll('""', '"') : cell[3]));
  const dig = (item, name) => name.split('.').reduce((at, part) => at?.[part], item);
  const pages = async (client, path, limit = 5) => {
    const items = [];
    let after;
    do {
      const page = await client.get(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${after ? `&after=${after}` : ''}`);
      items.push(...page.items);
      after = page.next;
    } while (after);
    return items;
  };
  const raw = async (client, path) => {
    const answer = await fetch(`${registry.base}/api/v1${path}`, { headers: { Cookie: client.cookie, 'X-Requested-With': 'lumbung' } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.text();
  };
  const LISTS = [[maya, '/households'], [maya, '/households?region=15.01.01.2002'], [maya, '/disbursements'], [maya, `/disbursements?batch=${batches.released}&state=paid`], [maya, '/programs'], [maya, '/batches'],
    [maya, `/programs/${program.id}/enrollments`], [maya, `/programs/${program.id}/cycles`], [maya, `/batches/${batches.released}/items`], [maya, `/households/${households[0].id}/enrollments`], [maya, '/duplicates'], [maya, '/regions?parent=15.01.01'],
    [audi, '/households'], [audi, '/audit/events'], [sari, '/users'], [rina, '/programs'], [hendra, '/batches']];
  for (const [client, path] of LISTS)
    await step(`${path}: the file holds the rows of the pages, cell by cell`, async () => {
      const wanted = await pages(client, path), link = `${path}${path.includes('?') ? '&' : '?'}`;
      const lines = (await raw(client, `${link}as=ndjson`)).trimEnd().split('\n').filter(Boolean).map((line) => JSON.parse(line));
      equal(lines.length, wanted.length, 'rows');
      const table = rows(await client.get(`${link}as=csv`));
      if (wanted.length === 0) return;
      const flat = (value) => value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
      if (path !== '/audit/events') for (const [i, item] of wanted.entries()) for (const [j, name] of table[0].entries()) {
        const cell = table[i + 1][j];
        truth(cell === flat(dig(item, name)) || cell === `'${flat(dig(item, name))}`, `${name}: ${cell} is not ${flat(dig(item, name))}`);
      }
    });
  await step('chosen columns, in the order that was asked, nested names with dots', async () => {
    const [item] = await pages(maya, '/households');
    const names = Object.keys(item).filter((name) => item[name] === null || typeof item[name] !== 'object').slice(0, 3).reverse();
    equal(rows(await maya.get(`/households?as=csv&columns=${names.join(',')}`))[0], names);
    const line = JSON.parse((await raw(maya, `/households?as=ndjson&columns=${names[0]}`)).split('\n')[0]);
    equal(Object.keys(line), [names[0]]);
  });
  await step('a workbook is one, and its name is the list', async () => {
    const answer = await fetch(`${registry.base}/api/v1/households?as=xlsx`, { headers: { Cookie: maya.cookie, 'X-Requested-With': 'lumbung' } });
    const bytes = Buffer.from(await answer.arrayBuffer());
    equal([answer.status, bytes.subarray(0, 2).toString(), answer.headers.get('content-type'), /filename="?([^";]+)/.exec(answer.headers.get('content-disposition'))?.[1]],
      [200, 'PK', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'households.xlsx']);
  });
  await step('a filter that finds nothing gives a head and no row', async () => equal((await maya.get('/disbursements?state=no_such&as=csv&columns=id,state')).trim(), 'id,state'));
  await step('what cannot be is refused', async () => {
    for (const query of ['as=pdf', 'as=', 'as=csv&columns=', 'as=csv&columns=no_such', 'as=csv&columns=id,,state', `as=csv&columns=${Array.from({ length: 70 }, (_, i) => `c${i}`).join(',')}`])
      await refused(maya.get(`/households?${query}`), 400, 'query');
    const problem = await refused(maya.get('/households?as=csv&columns=no_such'), 400, 'query');
    truth(problem.detail.includes('no_such') && problem.detail.includes('region'), problem.detail);
  });
  await step('lists of persons need the right to exports, and a fresh second factor; an officer exports none', async () => {
    await refused(rina.get('/households?as=csv'), 403, 'forbidden');
    await refused(rina.get(`/programs/${program.id}/enrollments?as=csv`), 403, 'forbidden');
    await refused(sari.get('/households?as=csv'), 403);
    await refused(rina.get('/audit/events?as=csv'), 403);
  });
  await step('each file is in the log with its list, columns, rows and digest; whom it showed is in the access log', async () => {
    await maya.get('/households?as=csv&columns=id');
    truth((await audi.get('/audit/events?limit=5')).items.some((item) => item.action === 'export.list'), 'no leaf');
    let shown = [];
    for (let i = 0; i < 40 && shown.length === 0; i++) {
      shown = (await audi.get(`/audit/access?household=${households[0].id}`)).items.filter((line) => line.route.endsWith('/households') && line.by === 'maya');
      await new Promise((done) => setTimeout(done, 100));
    }
    truth(shown.length > 0, 'the access log does not know whom the file showed');
  });
} finally {
  await registry.stop();
}
close();
