// router.js: paths to pages, loaded when first opened. Back keeps the place in a list; every page starts at its heading.
import { html, useState, useEffect } from './html.js';
import { loadWords, t } from './i18n.js';
import { session, can } from './session.js';

const routes = [];
let listener = () => {};
const places = new Map();
const queries = new Map(); // how a list was filtered when it was left, by its path

export function route(pattern, load, options = {}) {
  const names = [];
  const expression = new RegExp(`^${pattern.replace(/:(\w+)/g, (_, name) => { names.push(name); return '([^/]+)'; })}$`);
  routes.push({ expression, names, load, options });
}

export function navigate(path, { replace = false } = {}) {
  places.set(location.pathname + location.search, window.scrollY);
  queries.set(location.pathname, location.search);
  history[replace ? 'replaceState' : 'pushState']({}, '', path);
  listener();
}

export function match(path) {
  for (const { expression, names, load, options } of routes) {
    const found = expression.exec(path);
    if (found) return { load, options, params: Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(found[i + 1])])) };
  }
  return null;
}

function intercept(event) {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.target || link.hasAttribute('download')) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || url.pathname.startsWith('/api/') || (url.hash && url.pathname === location.pathname)) return;
  event.preventDefault();
  navigate(url.pathname + (link.classList.contains('back') && queries.get(url.pathname) || url.search));
}

// The query of a list, kept in the address so that it survives a reload and can be shared.
export function useQuery() {
  const query = Object.fromEntries(new URLSearchParams(location.search));
  const set = (changes) => {
    const next = { ...query, ...changes };
    for (const key of Object.keys(next)) if (next[key] === '' || next[key] === undefined || next[key] === null) delete next[key];
    const text = new URLSearchParams(next).toString();
    navigate(location.pathname + (text ? `?${text}` : ''), { replace: true });
  };
  return [query, set];
}

// After a page has drawn: its title, its heading in focus, and the old place when one came back.
export function settle(restore, path = location.pathname, tries = 0) {
  requestAnimationFrame(() => {
    const heading = document.querySelector('main h1');
    const loads = restore !== undefined && document.querySelector('main .skeleton'); // an old place is only there once the list is
    if ((!heading || loads) && tries < 100 && location.pathname === path) { // a page that still loads has its heading later
      setTimeout(() => settle(restore, path, tries + 1), 50);
      return;
    }
    document.title = heading ? `${heading.textContent} · Lumbung` : 'Lumbung';
    if (restore !== undefined) {
      window.scrollTo(0, restore);
      heading?.focus({ preventScroll: true });
    } else {
      if (tries === 0) window.scrollTo(0, 0);
      heading?.focus({ preventScroll: true });
    }
  });
}

export function Router({ frame, fallback }) {
  const [, redraw] = useState(0);
  const [page, setPage] = useState(null);
  const [failed, setFailed] = useState(null);
  useEffect(() => {
    const open = () => redraw((count) => count + 1);
    listener = open;
    const back = () => redraw((count) => count + 1);
    addEventListener('popstate', back);
    document.addEventListener('click', intercept);
    return () => { removeEventListener('popstate', back); document.removeEventListener('click', intercept); };
  }, []);
  const path = location.pathname;
  const found = match(path);
  useEffect(() => {
    let live = true;
    setFailed(null);
    if (!found) { setPage({ path, component: null }); return; }
    if (!session() && !found.options.public) { navigate(`/masuk?ke=${encodeURIComponent(path + location.search)}`, { replace: true }); return; }
    if (session()?.second_factor_missing && !found.options.public && path !== '/akun') { navigate('/akun', { replace: true }); return; }
    Promise.all([found.load(), found.options.words ? loadWords(found.options.words) : null]).then(([module]) => {
      if (!live) return;
      setPage({ path, component: module.default, params: found.params, options: found.options });
      settle(places.get(path + location.search));
      places.delete(path + location.search);
    }, (error) => live && setFailed(error));
    return () => { live = false; };
  }, [path]);
  let body;
  if (failed) body = html`<div class="note bad" role="alert"><b>${t('error.page')}</b><p>${t('error.page.help')}</p></div>`;
  else if (!page || page.path !== path) body = fallback;
  else if (!page.component || (page.options.perm && !can(page.options.perm))) body = html`<div class="stack"><h1 tabindex="-1">${t('notfound.title')}</h1><p class="soft">${t('notfound.text')}</p><p><a class="button" href="/">${t('nav.home')}</a></p></div>`;
  else body = html`<${page.component} key=${path} ...${page.params} />`;
  return html`<${frame} path=${path} options=${found?.options || {}}>${body}<//>`;
}
