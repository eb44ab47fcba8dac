import type { CurvePoint } from '../curves.js';
import { drawAxes, picture, px, text, xOf, yOf, type Area, type Axis } from './axes.js';

export interface Line {
  readonly name: string;
  readonly colour: string;
  readonly isDashed?: boolean;
  readonly points: readonly CurvePoint[];
}

export interface Marker extends CurvePoint {
  readonly shape: 'dot' | 'diamond';
  readonly colour: string;
}

export interface LineChart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  readonly markers?: readonly Marker[];
  /** What the shapes of the markers mean. */
  readonly shapes?: readonly { readonly shape: Marker['shape']; readonly name: string }[];
}

const WIDTH = 880;
const HEIGHT = 520;
const AREA: Area = { left: 90, top: 56, width: 500, height: 390 };
const LEGEND_X = AREA.left + AREA.width + 24;

/** Lines over two axes, with the legend beside them. */
export function lineChart({ title, x, y, lines, markers = [], shapes = [] }: LineChart): string {
  const legend = [
    ...lines.map((line, at) => {
      const middle = AREA.top + 14 + at * 24;
      return `<path d="M${LEGEND_X},${middle}h30" ${strokeOf(line)}/>${text(line.name, { x: LEGEND_X + 40, y: middle + 4 })}`;
    }),
    ...shapes.map(({ shape, name }, at) => {
      const middle = AREA.top + 30 + (lines.length + at) * 24;
      return `${drawMarker(LEGEND_X + 15, middle, shape, '#52606d')}${text(name, { x: LEGEND_X + 40, y: middle + 4 })}`;
    }),
  ];
  return picture(WIDTH, HEIGHT, title, [
    drawAxes(AREA, x, y),
    ...lines.map((line) => `<path d="${pathOf(line, x, y)}" ${strokeOf(line)}/>`),
    ...markers.map((marker) =>
      drawMarker(xOf(x, AREA, marker.x), yOf(y, AREA, marker.y), marker.shape, marker.colour),
    ),
    ...legend,
  ]);
}

const strokeOf = ({ colour, isDashed = false }: Line): string =>
  `fill="none" stroke="${colour}" stroke-width="2.4" stroke-linejoin="round"${isDashed ? ' stroke-dasharray="7 5"' : ''}`;

function pathOf({ points }: Line, x: Axis, y: Axis): string {
  const places = points.map((point) => `${xOf(x, AREA, point.x)},${yOf(y, AREA, point.y)}`);
  return `M${places.join('L')}`;
}

function drawMarker(x: number, y: number, shape: Marker['shape'], colour: string): string {
  const [cx, cy] = [px(x), px(y)];
  const edge = `fill="${colour}" stroke="#ffffff" stroke-width="1.5"`;
  return shape === 'dot'
    ? `<circle cx="${cx}" cy="${cy}" r="5" ${edge}/>`
    : `<path d="M${cx},${cy - 9}l9,9l-9,9l-9,-9Z" ${edge}/>`;
}
