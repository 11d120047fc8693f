// merkle.js: RFC 6962 in the browser: a leaf, a proof, a signed head, checked without trusting the server.
export const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const sha256 = async (...parts) => {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', all));
};

export const fileDigest = async (buffer) => hex(await crypto.subtle.digest('SHA-256', buffer));

// RFC 9162, 2.1.3.2. Returns each step, so that a person can follow it: {side, sibling, node}.
export async function recompute({ leaf, index, size, hashes }) {
  let node = await sha256(Uint8Array.of(0), bytes(leaf));
  const steps = [{ node: hex(node) }];
  let fn = index, sn = size - 1;
  for (const text of hashes) {
    const sibling = bytes(text);
    if (sn === 0) return { steps, root: null };
    if (fn % 2 === 1 || fn === sn) {
      node = await sha256(Uint8Array.of(1), sibling, node);
      steps.push({ side: 'left', sibling: text, node: hex(node) });
      while (fn % 2 === 0 && fn !== 0) { fn = Math.floor(fn / 2); sn = Math.floor(sn / 2); }
    } else {
      node = await sha256(Uint8Array.of(1), node, sibling);
      steps.push({ side: 'right', sibling: text, node: hex(node) });
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return { steps, root: sn === 0 ? hex(node) : null };
}

// A C2SP signed note: three lines, a blank one, then "— name base64(key id, signature)".
export function parseNote(note) {
  const [body, signatures] = note.split('\n\n');
  const [origin, size, root] = body.split('\n');
  const found = /^— (\S+) (\S+)/m.exec(signatures || '');
  const raw = found ? Uint8Array.from(atob(found[2]), (char) => char.charCodeAt(0)) : new Uint8Array();
  return { origin, size: Number(size), root: hex(Uint8Array.from(atob(root || ''), (char) => char.charCodeAt(0))), name: found?.[1], keyId: hex(raw.slice(0, 4)), signature: raw.slice(4), text: `${body}\n` };
}

// true or false; null when this browser knows no Ed25519.
export async function checkSignature(key, signature, text) {
  try {
    const imported = await crypto.subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify']);
    return await crypto.subtle.verify({ name: 'Ed25519' }, imported, signature, new TextEncoder().encode(text));
  } catch (failure) {
    return failure.name === 'NotSupportedError' ? null : false;
  }
}

const unbase64 = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

// A note names its key by the first four bytes of this.
export async function keyId(name, key) {
  return hex((await sha256(new TextEncoder().encode(`${name}\n`), Uint8Array.of(1), key)).slice(0, 4));
}

// 64 hex digits, or "name+id+base64(0x01, key)" with its own id. null when it is neither.
export async function parseKey(text) {
  const plain = text.trim();
  if (/^[0-9a-f]{64}$/i.test(plain)) return { key: bytes(plain.toLowerCase()) };
  const found = /^(\S+?)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(plain);
  if (!found) return null;
  const typed = unbase64(found[3]), key = typed.slice(1);
  return typed[0] === 1 && (await keyId(found[1], key)) === found[2] ? { key, name: found[1] } : null;
}

export async function checkNote(note, vkey) {
  const parsed = parseNote(note), trusted = await parseKey(vkey);
  return trusted ? checkSignature(trusted.key, parsed.signature, parsed.text) : false;
}
