// drafts.js: unfinished forms on this device, sealed with a key that the browser keeps and never hands out; gone with the sign-out of another user.
import { openDB } from '../vendor/idb.js';
import { session } from './session.js';

const open = () => openDB('lumbung', 1, { upgrade(db) { db.createObjectStore('drafts', { keyPath: 'id' }); db.createObjectStore('keys'); } });

async function deviceKey(db) {
  const kept = await db.get('keys', 'drafts');
  if (kept) return kept;
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  await db.put('keys', key, 'drafts');
  return key;
}

// kind and link tell where it goes on; title is sealed with the rest.
export async function saveDraft(id, { kind, link, title, data }) {
  const db = await open();
  const key = await deviceKey(db);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(JSON.stringify({ title, data })));
  await db.put('drafts', { id, kind, link, owner: session()?.user.id, saved_at: new Date().toISOString(), iv, sealed });
}

async function unseal(db, row) {
  const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: row.iv }, await deviceKey(db), row.sealed);
  return JSON.parse(new TextDecoder().decode(plain));
}

export async function loadDraft(id) {
  const db = await open();
  const row = await db.get('drafts', id);
  if (!row || row.owner !== session()?.user.id) return null;
  return (await unseal(db, row)).data;
}

export async function listDrafts() {
  const db = await open();
  const mine = (await db.getAll('drafts')).filter((row) => row.owner === session()?.user.id);
  return Promise.all(mine.map(async ({ id, kind, link, saved_at, ...row }) => ({ id, kind, link, saved_at, title: (await unseal(db, row)).title })));
}

export async function dropDraft(id) {
  const db = await open();
  await db.delete('drafts', id);
}
