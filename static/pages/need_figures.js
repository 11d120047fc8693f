// need_figures.js: what a line of the needs table says: shares, classes of the map, and how hidden figures and changes are written.
import { number } from '../app/i18n.js';

export const CLASSES = 5;
// Each measure: a part of a whole in per cent, or a count.
export const MEASURES = {
  need_share: (line) => share(line.need, line.assessed),
  gap_share: (line) => share(line.gap, line.assessed),
  cover_share: (line) => share(line.covered, line.need),
  need: (line) => line.need,
  gap: (line) => line.gap,
};
export const isShare = (measure) => measure.endsWith('_share');

const share = (part, whole) => (part === null || whole === null || !whole ? null : (100 * part) / whole);

// The upper ends of the classes: fifths of a hundred for shares, so that maps of two days or areas compare; round steps for counts.
export function classEnds(measure, lines) {
  if (isShare(measure)) return [20, 40, 60, 80, 100];
  const most = Math.max(5, ...lines.map((line) => MEASURES[measure](line) ?? 0));
  const raw = most / CLASSES, power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(1, [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((value) => value >= raw && Number.isInteger(value)) ?? Math.ceil(raw));
  return Array.from({ length: CLASSES }, (_, i) => step * (i + 1));
}

// null: no figure, or one that may not be shown.
export function classOf(value, ends) {
  if (value === null || value === undefined) return null;
  const found = ends.findIndex((end, i) => (i === ends.length - 1 ? true : value < end));
  return found;
}

export const percent = (value) => (value === null ? '–' : `${number(Math.round(value))}%`);
export const written = (measure, value) => (value === null || value === undefined ? '–' : isShare(measure) ? percent(value) : number(value));

export function rangeText(measure, ends, i) {
  const from = i === 0 ? 0 : ends[i - 1], unit = isShare(measure) ? '%' : '';
  const to = i === ends.length - 1 ? ends[i] : isShare(measure) ? ends[i] : ends[i] - 1;
  return `${number(from)}–${number(to)}${unit}`;
}
