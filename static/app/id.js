// id.js: UUIDv7 made on the device, so that members can be named before the server has seen them.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let at = Date.now();
  for (let i = 5; i >= 0; i--) { bytes[i] = at % 256; at = Math.floor(at / 256); }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

// The id in what was typed or pasted, which may be the address of a page; null when there is none.
export const idIn = (text) => /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i.exec(text || '')?.[0].toLowerCase() ?? null;
