// sw.js: keeps the shell (pages and styles, never data) so that the program opens on a bad line. Every answer of /api passes by untouched.
const SHELL = 'lumbung-shell-1';
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== SHELL) await caches.delete(name);
  await self.clients.claim();
})()));
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin || url.pathname.startsWith('/api/') || ['/healthz', '/readyz', '/metrics', '/openapi.json'].includes(url.pathname)) return;
  const page = event.request.mode === 'navigate';
  event.respondWith((async () => {
    const cache = await caches.open(SHELL);
    const name = page ? '/' : event.request;
    try {
      const answer = await fetch(event.request);
      if (answer.ok) await cache.put(name, answer.clone());
      return answer;
    } catch (failure) {
      const kept = await cache.match(name);
      if (kept) return kept;
      throw failure;
    }
  })());
});
