// proof_check.js: an exported file against its manifest, and the manifest against a key that one trusts. Everything is computed here.
import { canonical } from './canonical.js';
import { bytes, fileDigest, parseNote, checkSignature, keyId } from './merkle.js';

// Rows of a CSV without its head: line ends outside quotes.
function countLines(text) {
  let lines = 0, quoted = false;
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    else if (char === '\n' && !quoted) lines++;
  }
  return lines + (text && !text.endsWith('\n') ? 1 : 0);
}

function rowsOf(format, buffer) {
  if (format !== 'csv' && format !== 'ndjson') return null; // the digest covers a workbook too
  const lines = countLines(new TextDecoder().decode(buffer));
  return format === 'csv' ? lines - 1 : lines;
}

const sameBytes = (left, right) => left.length === right.length && left.every((byte, i) => byte === right[i]);

// The log's head inside the manifest: signed by the same key, and of the same registry.
async function checkCheckpoint(manifest, key) {
  let note;
  try {
    note = parseNote(manifest.checkpoint);
  } catch {
    return { holds: false, note: {} };
  }
  if (note.origin !== `lumbung/${manifest.origin}` || note.name !== note.origin || note.keyId !== await keyId(note.name, key)) return { holds: false, note };
  return { holds: await checkSignature(key, note.signature, note.text), note };
}

// Each check: {name, holds (true, false, null: not possible in this browser), found, wanted}. Throws when a file cannot be read as what it should be.
export async function checkExport(buffer, manifestText, trusted) {
  const signed = canonical(manifestText, 'signature'), manifest = JSON.parse(manifestText);
  if (manifest?.lumbung_manifest !== 1) throw new SyntaxError('no manifest');
  const digest = await fileDigest(buffer), rows = rowsOf(manifest.format, buffer);
  const own = bytes(String(manifest.public_key || '')), signature = bytes(String(manifest.signature || ''));
  const checkpoint = await checkCheckpoint(manifest, trusted);
  const checks = [
    { name: 'digest', holds: digest === manifest.sha256, found: digest, wanted: manifest.sha256 },
    { name: 'bytes', holds: buffer.byteLength === manifest.bytes, found: buffer.byteLength, wanted: manifest.bytes },
    rows !== null && { name: 'rows', holds: rows === manifest.rows, found: rows, wanted: manifest.rows },
    { name: 'key', holds: sameBytes(own, trusted), wanted: manifest.public_key },
    { name: 'signature', holds: own.length === 32 && signature.length === 64 ? await checkSignature(own, signature, signed) : false },
    { name: 'checkpoint', holds: checkpoint.holds },
  ].filter(Boolean);
  const holds = checks.some((check) => check.holds === false) ? false : checks.some((check) => check.holds === null) ? null : true;
  return { holds, checks, manifest, size: checkpoint.note.size };
}
