// session.js: who is signed in and what he may do. Nothing of it is stored on the device.
import { api } from './api.js';
import { loadCodes } from './i18n.js';

let current = null;
export const session = () => current;
export const can = (permission) => Boolean(current?.permissions?.includes(permission));
export const isRole = (role) => Boolean(current?.roles?.includes(role));

// Whether a session may be there: the cookie itself is out of reach of scripts, and asking without one would only log a refusal.
const MARK = 'lumbung.session';

export async function refresh() {
  if (!localStorage.getItem(MARK)) return null;
  try {
    current = (await api.get('/session')).data;
    if (!current.second_factor_missing) await loadCodes(api);
  } catch (problem) {
    if (problem.status !== 401) throw problem;
    forget();
  }
  return current;
}

export async function signIn(username, password, totp) {
  await api.post('/session', { username, password, ...(totp ? { totp } : {}) }, { key: null });
  localStorage.setItem(MARK, '1');
  return refresh();
}

export async function signOut() {
  await api.delete('/session').catch(() => {});
  forget();
}

export const forget = () => {
  current = null;
  localStorage.removeItem(MARK);
};
