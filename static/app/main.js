// main.js: starts the program: language, session, routes, frame.
import { html, render, useState } from './html.js';
import { loadLanguage } from './i18n.js';
import { setHooks } from './api.js';
import { refresh, session, forget } from './session.js';
import { route, Router, navigate } from './router.js';
import { Frame, CodeDialog } from './frame.js';
import { Skeleton } from './parts.js';
import officerRoutes from '../pages/officer_routes.js';
import deskRoutes from '../pages/desk_routes.js';

for (const [pattern, load, options] of [...officerRoutes, ...deskRoutes]) route(pattern, load, options);

function App() {
  const [ask, setAsk] = useState(null);
  setHooks({
    askCode: () => new Promise((done, failed) => setAsk({ done: () => { setAsk(null); done(); }, cancel: () => { setAsk(null); failed(Object.assign(new Error('cancelled'), { status: 403, code: 'step_up', errors: [], detail: null })); } })),
    onSignedOut: () => { if (session()) { forget(); navigate(`/masuk?ke=${encodeURIComponent(location.pathname + location.search)}`); } },
  });
  return html`<${Router} frame=${Frame} fallback=${html`<${Skeleton} lines=${6} />`} />${ask && html`<${CodeDialog} ask=${ask} />`}`;
}

async function start() {
  await loadLanguage();
  await refresh().catch(() => {});
  render(html`<${App} />`, document.getElementById('app'));
  if ('serviceWorker' in navigator && location.protocol === 'https:') navigator.serviceWorker.register('/sw.js').catch(() => {});
}

start();
