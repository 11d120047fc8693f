// score_text.js: a score definition as lines that people type and paste, and back; decimals stay texts, so that no digit is lost.
import { lang } from '../app/i18n.js';

export const say = (label) => label?.[lang()] ?? label?.id ?? '';
// "39.84" as it is written in the language of the page.
export const decimal = (text) => (text === null || text === undefined ? '–' : lang() === 'id' ? String(text).replace('.', ',') : String(text)).replace('-', '−');
// What was typed: a comma is a point.
export const typed = (text) => { const plain = String(text ?? '').trim().replace('−', '-'); return /^-?\d+,\d+$/.test(plain) ? plain.replace(',', '.') : plain; };

const linesOf = (text) => String(text || '').split('\n').map((line) => line.trim()).filter(Boolean);
const halves = (line) => { const at = line.lastIndexOf('='); return at < 0 ? [line, ''] : [line.slice(0, at).trim(), typed(line.slice(at + 1))]; };

export const pointsText = (points) => Object.entries(points || {}).map(([choice, value]) => `${choice} = ${value}`).join('\n');
export const readPoints = (text) => Object.fromEntries(linesOf(text).map(halves));

const end = (value) => (value === undefined || value === null ? '' : value);
export const rangesText = (ranges) => (ranges || []).map((range) => `${range.from !== undefined && range.from === range.to ? range.from : `${end(range.from)}..${end(range.to)}`} = ${range.points}`).join('\n');
function readEnds(text) {
  const at = text.indexOf('..'), from = typed(at < 0 ? text : text.slice(0, at)), to = typed(at < 0 ? text : text.slice(at + 2));
  return { ...(from && { from }), ...(to && { to }) };
}
export const readRanges = (text) => linesOf(text).map((line) => { const [ends, points] = halves(line); return { ...readEnds(ends), points }; });

// A table as survey programs write it: "score,nl100,..." and a row for each score or range of scores ("0..4").
export const lookupText = (lookup) => (lookup ? [['score', ...lookup.lines], ...lookup.rows.map((row) => [row.from === row.to ? row.from : `${end(row.from)}..${end(row.to)}`, ...row.values])].map((cells) => cells.join(',')).join('\n') : '');
export function readLookup(text) {
  const [head, ...rows] = linesOf(text).map((line) => line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')));
  if (!head) return undefined;
  return { lines: head.slice(1).map((name) => name.toLowerCase().replace(/\W+/g, '_')), rows: rows.map(([score, ...values]) => ({ ...readEnds(score), values })) };
}

const slug = (text) => String(text || '').toLowerCase().normalize('NFD').replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '').slice(0, 50) || 'indikator';
export const KINDS = ['coefficient', 'points', 'ranges'];
export const kindOf = (indicator) => KINDS.find((kind) => indicator[kind] !== undefined) || 'coefficient';

// From the fields of the form to what the server takes.
export function definitionOf(given) {
  const names = new Set();
  const indicators = given.indicators.map((row) => {
    let name = row.name || slug(row.label_id);
    while (names.has(name)) name += '_2';
    names.add(name);
    const bounds = row.kind === 'points' ? {} : { ...(typed(row.least) && { least: typed(row.least) }), ...(typed(row.most) && { most: typed(row.most) }) };
    const adds = row.kind === 'points' ? { points: readPoints(row.points) } : row.kind === 'ranges' ? { ranges: readRanges(row.ranges), ...(typed(row.step) && { step: typed(row.step) }) } : { coefficient: typed(row.coefficient) };
    return { name, label: { id: row.label_id || '', en: row.label_en || '' }, input: row.input || '', ...adds, ...bounds };
  });
  const lookup = readLookup(given.lookup);
  return { name: (given.name || '').trim(), label: { id: given.label_id || '', en: given.label_en || '' }, ...(given.source?.trim() && { source: given.source.trim() }), ...(typed(given.constant) && { constant: typed(given.constant) }), indicators,
    ...(typed(given.least) && { least: typed(given.least) }), ...(typed(given.most) && { most: typed(given.most) }), ...(lookup && { lookup }) };
}

export const emptyIndicator = () => ({ kind: 'coefficient' });
export function fieldsOf(definition) {
  return { name: definition.name, label_id: definition.label?.id, label_en: definition.label?.en, source: definition.source, constant: definition.constant, least: definition.least, most: definition.most, lookup: lookupText(definition.lookup),
    indicators: definition.indicators.map((row) => ({ name: row.name, label_id: row.label?.id, label_en: row.label?.en, input: row.input, kind: kindOf(row), coefficient: row.coefficient, points: pointsText(row.points), ranges: rangesText(row.ranges), step: row.step, least: row.least, most: row.most })) };
}
