// merkle.js: RFC 6962 in the browser: a leaf, a proof, a signed head, checked without trusting the server.
const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
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

// vkey: name+keyid+base64(0x01, public key). null when this browser knows no Ed25519.
export async function checkNote(note, vkey) {
  const parsed = parseNote(note);
  const key = Uint8Array.from(atob(vkey.trim().split('+').slice(2).join('+')), (char) => char.charCodeAt(0)).slice(1); // BASE64 may hold a plus too
  try {
    const imported = await crypto.subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify']);
    return await crypto.subtle.verify({ name: 'Ed25519' }, imported, parsed.signature, new TextEncoder().encode(parsed.text));
  } catch {
    return null;
  }
}
