// need_map.js: the areas below one, drawn as they lie, coloured by the class of their figure; each can be reached with the keyboard and opens its own.
import { html, useState } from '../app/html.js';
import { t } from '../app/i18n.js';
import { navigate } from '../app/router.js';
import { CLASSES, MEASURES, classOf, rangeText } from './need_figures.js';

const WIDTH = 640, MARGIN = 6;

// Rings of whole steps, differences from the first position on, to places on the screen: as on a sheet that touches the area in its middle.
function project(shapes, unit) {
  let west = Infinity, east = -Infinity, south = Infinity, north = -Infinity;
  const read = shapes.map(({ code, rings }) => {
    let left = Infinity, right = -Infinity, low = Infinity, high = -Infinity;
    const lines = rings.map((ring) => {
      let x = 0, y = 0;
      const points = [];
      for (let i = 0; i + 1 < ring.length; i += 2) {
        x += ring[i]; y += ring[i + 1];
        points.push([x / unit, y / unit]);
        left = Math.min(left, x / unit); right = Math.max(right, x / unit); low = Math.min(low, y / unit); high = Math.max(high, y / unit);
      }
      return points;
    });
    west = Math.min(west, left); east = Math.max(east, right); south = Math.min(south, low); north = Math.max(north, high);
    return { code, lines, box: [left, right, low, high] };
  });
  const narrow = Math.cos(((south + north) / 2) * (Math.PI / 180));
  const scale = (WIDTH - 2 * MARGIN) / Math.max((east - west) * narrow, (north - south), 1e-9);
  const place = ([x, y]) => [MARGIN + (x - west) * narrow * scale, MARGIN + (north - y) * scale];
  const height = Math.max((north - south) * scale, 40) + 2 * MARGIN, width = (east - west) * narrow * scale + 2 * MARGIN;
  return {
    width, height,
    areas: read.map(({ code, lines, box: [left, right, low, high] }) => ({
      code,
      path: lines.map((points) => `M${points.map((point) => place(point).map((value) => value.toFixed(1)).join(' ')).join('L')}Z`).join(''),
      middle: place([(left + right) / 2, (low + high) / 2]), across: (right - left) * narrow * scale,
    })),
  };
}

export const Hatch = () => html`<defs><pattern id="map-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
  <rect class="hatch-ground" width="6" height="6" /><line class="hatch" x1="0" y1="0" x2="0" y2="6" /></pattern></defs>`;

export const Legend = ({ measure, ends, hides }) => html`<ul class="legend" aria-label=${t('need.legend')}>
  ${Array.from({ length: CLASSES }, (_, i) => html`<li key=${i}><svg viewBox="0 0 24 16" aria-hidden="true"><rect class=${`map-${i}`} x="0.5" y="0.5" width="23" height="15" /></svg>${rangeText(measure, ends, i)}</li>`)}
  <li><svg viewBox="0 0 24 16" aria-hidden="true"><rect class="map-none" x="0.5" y="0.5" width="23" height="15" /></svg>${t(hides ? 'need.none.hidden' : 'need.none')}</li></ul>`;

export function Swatch({ kind }) {
  return html`<svg class="swatch" viewBox="0 0 16 16" aria-hidden="true"><rect class=${`map-${kind ?? 'none'}`} x="0.5" y="0.5" width="15" height="15" /></svg>`;
}

// `said`: one line about an area, for its name on the map and for below it.
export function Map({ shapes, lines, measure, ends, label, said, hrefOf }) {
  const [picked, setPicked] = useState(null);
  const { width, height, areas } = project(shapes.items, shapes.unit);
  const byCode = Object.fromEntries(lines.map((line) => [line.region.code, line]));
  const open = (event, href) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    navigate(href);
  };
  const shown = areas.filter(({ code }) => byCode[code]);
  return html`<div class="stack tight"><svg class="map" viewBox=${`0 0 ${width.toFixed(0)} ${height.toFixed(0)}`} role="group" aria-label=${label}>
      ${shown.map(({ code, path }) => html`<a key=${code} href=${hrefOf(code)} aria-label=${said(byCode[code])} onClick=${(event) => open(event, hrefOf(code))}
        onMouseEnter=${() => setPicked(code)} onFocus=${() => setPicked(code)}><path class=${`map-${classOf(MEASURES[measure](byCode[code]), ends) ?? 'none'}`} d=${path} /></a>`)}
      ${shown.filter(({ code, across }) => across > byCode[code].region.name.length * 7.5).map(({ code, middle: [x, y] }) => html`<text key=${code} x=${x.toFixed(0)} y=${(y + 4).toFixed(0)} aria-hidden="true">${byCode[code].region.name}</text>`)}
    </svg>
    <p class="small map-said" aria-hidden="true">${picked && byCode[picked] ? said(byCode[picked]) : html`<span class="soft">${t('need.map.help')}</span>`}</p></div>`;
}
