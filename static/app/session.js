// session.js: who is signed in and what he may do. Nothing of it is stored on the device.
import { api } from './api.js';
import { loadCodes } from './i18n.js';

let current = null;
export const session = () => current;
export const can = (permission) => Boolean(current?.permissions?.includes(permission));
export const isRole = (role) => Boolean(current?.roles?.includes(role));

export async function refresh() {
  try {
    current = (await api.get('/session')).data;
    await loadCodes(api);
  } catch (problem) {
    if (problem.status !== 401) throw problem;
    current = null;
  }
  return current;
}

export async function signIn(username, password, totp) {
  await api.post('/session', { username, password, ...(totp ? { totp } : {}) }, { key: null });
  return refresh();
}

export async function signOut() {
  await api.delete('/session').catch(() => {});
  current = null;
}

export const forget = () => { current = null; };
