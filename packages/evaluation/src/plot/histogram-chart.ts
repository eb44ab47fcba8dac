import type { Histogram } from '../curves.js';
import { drawAxes, INK, percent, picture, px, text, xOf, yOf, type Area, type Axis } from './axes.js';

export interface HistogramPanel {
  readonly name: string;
  readonly histogram: Histogram;
}

const WIDTH = 860;
const PANEL_HEIGHT = 290;
const ENROLLED = '#0f766e';
const STRANGERS = '#c2410c';

/** Scores of enrolled people and of strangers, a panel each; names are given right of the line. */
export function histogramChart(title: string, panels: readonly HistogramPanel[]): string {
  const height = 60 + panels.length * PANEL_HEIGHT;
  return picture(WIDTH, height, title, [
    legend(440, ENROLLED, 'enrolled people'),
    legend(610, STRANGERS, 'strangers'),
    ...panels.map((panel, at) => drawPanel(panel, 60 + at * PANEL_HEIGHT)),
  ]);
}

function legend(x: number, colour: string, name: string): string {
  return `<rect x="${x}" y="44" width="16" height="12" fill="${colour}" opacity="0.65"/>${text(name, { x: x + 24, y: 55 })}`;
}

function drawPanel({ name, histogram }: HistogramPanel, top: number): string {
  const area: Area = { left: 90, top: top + 24, width: 730, height: PANEL_HEIGHT - 84 };
  const { from, step, enrolled, strangers } = histogram;
  const to = from + step * enrolled.length;
  const highest = Math.max(...enrolled, ...strangers);
  const x: Axis = {
    label: 'log-likelihood ratio of the best label, above the threshold',
    ...{ min: from, max: to },
    ticks: roundTicks(from, to, 8),
    show: String,
  };
  const y: Axis = {
    label: 'share of photos',
    ...{ min: 0, max: highest * 1.05 },
    ticks: roundTicks(0, highest, 4),
    show: percent,
  };
  const bars = (shares: readonly number[], colour: string): string => {
    const corners = shares.map((share, at) => {
      const level = yOf(y, area, share);
      return `L${xOf(x, area, from + at * step)},${level}L${xOf(x, area, from + (at + 1) * step)},${level}`;
    });
    const bottom = area.top + area.height;
    return `<path d="M${area.left},${bottom}${corners.join('')}L${px(area.left + area.width)},${bottom}Z" fill="${colour}" fill-opacity="0.5" stroke="${colour}"/>`;
  };
  const zero = xOf(x, area, 0);
  return [
    text(name, { x: area.left, y: top + 14, isBold: true }),
    drawAxes(area, x, y),
    bars(strangers, STRANGERS),
    bars(enrolled, ENROLLED),
    `<path d="M${zero},${area.top}V${area.top + area.height}" stroke="${INK}" stroke-width="2" stroke-dasharray="5 4"/>`,
    text('named →', { x: zero + 6, y: area.top + 12 }),
  ].join('\n');
}

/** About `count` ticks at 1, 2 or 5 times a power of ten. */
export function roundTicks(from: number, to: number, count: number): number[] {
  const raw = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10);
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, at) =>
    Number(((first + at) * step).toPrecision(6)),
  );
}
