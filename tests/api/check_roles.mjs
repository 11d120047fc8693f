// check_roles.mjs: every route of the OpenAPI document as every role, without a session, and with another area's ids: what is shown, refused, and never leaked.
import { step, equal, truth, close } from './check.mjs';
import { startRegistry, fill, Client, USERS, family } from './registry.mjs';

const registry = await startRegistry(process.argv[2]);
try {
  const { program, batches, disbursements, households } = await fill(registry.base);
  const maya = await new Client(registry.base).signIn('maya');
  const outside = await maya.post('/households', { ...family(20, '15.02.01.2001'), members: [{ ...family(20, '15.02.01.2001').members[0], name: 'Rahasia Jangkat' }] });
  const spec = await (await fetch(`${registry.base}/openapi.json`)).json();
  const { roles, routes } = await maya.get('/permissions');
  const may = new Map(roles.map((role) => [role.role, new Set(role.permissions)]));
  const clients = new Map();
  for (const [name, role] of USERS) if (!clients.has(role)) clients.set(role, await new Client(registry.base).signIn(name));
  clients.set('nobody', new Client(registry.base));
  const ids = (path, own) => path.replace(/\{[a-z_]*id\}/g, (_, at) => (at, own(path))).replace('{code}', '15.01').replace('{name}', 'sex').replace('{version}', '1');
  const ownId = (path) => (path.includes('/programs/') ? program.id : path.includes('/batches/') ? batches.draft : path.includes('/disbursements/') ? disbursements[1].id : path.includes('/households/') ? households[1].id : '01900000-0000-7000-8000-000000000001');
  const listed = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));
  let tried = 0, leaked = 0;

  await step('the OpenAPI document and the permissions page tell the same routes', () => {
    truth(spec.openapi.startsWith('3.1'), spec.openapi);
    for (const [path, methods] of Object.entries(spec.paths))
      for (const method of Object.keys(methods))
        if (['get', 'post', 'patch', 'delete'].includes(method)) truth(listed.has(`${method.toUpperCase()} ${path}`), `${method} ${path} is not on the permissions page`);
  });
  await step('every route as every role: allowed or refused as the table says', async () => {
    for (const route of routes) {
      if (route.path.includes('/session') || route.path.includes('/setup') || !route.path.startsWith('/api/')) continue;
      const path = ids(route.path.replace('/api/v1', ''), ownId);
      for (const [role, client] of clients) {
        const permissions = may.get(role) || new Set();
        const wanted = route.permissions;
        const open = wanted.includes('public'), allowed = open || (role !== 'nobody' && (wanted.includes('signed_in') || wanted.includes('signed in') || wanted.some((name) => permissions.has(name))));
        let status = 200, body = '';
        try { body = JSON.stringify(await client.call(route.method, path, route.method === 'GET' || route.method === 'DELETE' ? undefined : {})); } catch (error) { status = error.status; body = error.message; }
        tried++;
        if (!allowed) truth(status === (role === 'nobody' ? 401 : 403), `${role} ${route.method} ${route.path}: ${status} instead of a refusal`);
        else truth(status !== 401 && (status !== 403 || /step_up|duties/.test(body)), `${role} ${route.method} ${route.path}: ${status} ${body.slice(0, 120)}`);
        if (status >= 500 && status !== 503) throw new Error(`${role} ${route.method} ${route.path}: ${status}`);
      }
    }
  });
  await step('another area answers like nothing at all, on every route with an id', async () => {
    const rina = clients.get('officer');
    const none = '01900000-0000-7000-8000-00000000dead';
    for (const route of routes) {
      if (route.method !== 'GET' || !/\/households\/\{/.test(route.path)) continue;
      const ask = async (id) => { const answer = await fetch(`${registry.base}${route.path.replace(/\{[a-z_]*id\}/, id)}`, { headers: { Cookie: rina.cookie, 'Sec-Fetch-Site': 'same-origin' } }); return [answer.status, await answer.text()]; };
      equal(await ask(outside.id), await ask(none), route.path);
      tried++;
    }
  });
  await step('lists, searches and exports of an officer never show another area', async () => {
    const rina = clients.get('officer');
    for (const path of ['/households?limit=200', '/disbursements?limit=200', '/batches', '/me/tasks', '/duplicates']) {
      const text = JSON.stringify(await rina.get(path).catch(() => ''));
      tried++;
      if (text.includes(outside.id) || text.includes('Rahasia')) leaked++;
    }
    for (const body of [{ q: 'rahasia jangkat' }, { nik: '1501014505870021' }, { name: 'Rahasia Jangkat', birth_date: '1987-05-05' }]) {
      const text = JSON.stringify(await rina.post('/households/search', body));
      tried++;
      if (text.includes(outside.id)) leaked++;
    }
    equal(leaked, 0, 'leaked');
  });
  await step('a method that a path does not know is 405 with Allow', async () => {
    for (const method of ['PUT', 'DELETE', 'TRACE'].slice(0, 2)) {
      const answer = await fetch(`${registry.base}/api/v1/households`, { method, headers: { Cookie: maya.cookie, 'Sec-Fetch-Site': 'same-origin', 'X-Requested-With': 'lumbung' } });
      equal(answer.status, 405, method);
      truth((answer.headers.get('allow') || '').includes('GET'), 'no Allow');
    }
  });
  console.log(`# routes x roles x objects tried ${tried}, leaked ${leaked}`);
} finally {
  await registry.stop();
}
close();
