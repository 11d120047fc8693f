// api.js: calls to the server: problem documents, idempotency keys, the second factor asked in place, jobs followed to their end.
import { lang } from './i18n.js';

export class Problem extends Error {
  constructor(status, body, retryAfter) {
    super(body?.detail || `HTTP ${status}`);
    Object.assign(this, { status, code: body?.code || 'network', title: body?.title, detail: body?.detail, errors: body?.errors || [], data: body || {}, retryAfter });
  }
}

export const newKey = () => crypto.randomUUID();

const hooks = { onSignedOut: () => {}, askCode: null };
// Set once by main.js: what to do when the session ended, and how to ask for a code.
export const setHooks = (given) => Object.assign(hooks, given);

// Whether the server answers at all; who listens is told of each change.
let reached = true;
function setReached(now) {
  if (reached === now) return;
  reached = now;
  dispatchEvent(new CustomEvent('reach', { detail: now }));
}
export const isReached = () => reached;
export const knock = () => fetch('/healthz').then(() => setReached(true), () => setReached(false));

const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

function queryText(query) {
  const pairs = Object.entries(query || {}).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return pairs.length ? `?${new URLSearchParams(pairs)}` : '';
}

async function send(method, path, { query, body, key, ifMatch, raw, type, signal, file } = {}) {
  const headers = { 'X-Requested-With': 'lumbung', 'Accept-Language': lang() };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (raw) headers['Content-Type'] = type;
  if (key) headers['Idempotency-Key'] = `"${key}"`;
  if (ifMatch !== undefined && ifMatch !== null) headers['If-Match'] = `"${ifMatch}"`;
  let response;
  try {
    response = await fetch(`/api/v1${path}${queryText(query)}`, { method, headers, body: raw || (body === undefined ? undefined : JSON.stringify(body)), credentials: 'same-origin', signal });
  } catch (failure) {
    if (signal?.aborted) throw failure;
    setReached(false);
    throw new Problem(0, { code: 'offline' });
  }
  setReached(true);
  const json = (response.headers.get('Content-Type') || '').includes('json');
  const data = response.status === 204 ? null : file && response.ok ? await response.blob() : json ? await response.json() : await response.text();
  if (!response.ok) throw new Problem(response.status, json ? data : null, Number(response.headers.get('Retry-After')) || 1);
  const etag = response.headers.get('ETag');
  return { data, status: response.status, version: etag ? Number(etag.replace(/\D/g, '')) : data?.version, next: data?.next, manifest: response.headers.get('Lumbung-Manifest'), location: response.headers.get('Location') };
}

// Busy answers are tried again a few times; a missing second factor is asked for and the call repeated where it was.
async function call(method, path, options = {}, tries = 0) {
  try {
    return await send(method, path, options);
  } catch (problem) {
    if (problem.status === 503 && tries < 4) {
      await wait(Math.min(problem.retryAfter, 3));
      return call(method, path, options, tries + 1);
    }
    if (problem.status === 403 && problem.code === 'step_up' && hooks.askCode && tries < 1) {
      await hooks.askCode();
      return call(method, path, options, tries + 1);
    }
    if (problem.status === 401 && problem.code === 'unauthenticated') hooks.onSignedOut();
    throw problem;
  }
}

export const api = {
  get: (path, query) => call('GET', path, { query }),
  file: (path, query) => call('GET', path, { query, file: true }), // its bytes as they came
  // Reads by POST (search, eligibility, simulation) pass key: null; everything else gets a key of its own when none is given.
  post: (path, body, { key, ifMatch, signal } = {}) => call('POST', path, { body: body ?? {}, key: key === undefined ? newKey() : key, ifMatch, signal }),
  patch: (path, body, { ifMatch, key } = {}) => call('PATCH', path, { body, ifMatch, key: key || newKey() }),
  delete: (path) => call('DELETE', path),
  upload: (path, raw, type) => call('POST', path, { raw, type, key: newKey() }),
  async all(path, query = {}, most = 2000) {
    const items = [];
    let after;
    do {
      const { data } = await call('GET', path, { query: { ...query, limit: 200, after } });
      items.push(...data.items);
      after = data.next;
    } while (after && items.length < most);
    return items;
  },
  async job(id, onProgress) {
    for (;;) {
      const { data } = await call('GET', `/jobs/${id}`);
      onProgress?.(data);
      if (data.state !== 'open') return data;
      await wait(0.4);
    }
  },
};
