import { along, INK, percent, picture, px, text, type Axis } from './axes.js';

export interface Bar {
  readonly name: string;
  readonly isOurs: boolean;
  /** Shares of each group, in the order of the groups. */
  readonly values: readonly number[];
}

const WIDTH = 860;
const ROW = 46;
const NAMES = 270;
const LENGTH = 480;
const COLOURS = { ours: ['#1d4ed8', '#7ea2f4'], others: ['#c2410c', '#f2ab84'] } as const;

/** Shares as lying bars, two a rule: one for each group. */
export function barChart(title: string, groups: readonly [string, string], bars: readonly Bar[]): string {
  const axis: Axis = { label: '', min: 0, max: 1, ticks: [0, 0.25, 0.5, 0.75, 1], show: percent };
  const top = 84;
  const height = top + bars.length * ROW + 40;
  const x = (share: number): number => px(along(axis, share, NAMES, NAMES + LENGTH));
  return picture(WIDTH, height, title, [
    ...groups.map((name, at) => {
      const left = NAMES + at * 230;
      return `<rect x="${left}" y="52" width="16" height="12" fill="${COLOURS.ours[at]!}"/><rect x="${left + 18}" y="52" width="16" height="12" fill="${COLOURS.others[at]!}"/>${text(name, { x: left + 42, y: 63 })}`;
    }),
    ...axis.ticks.map(
      (tick) =>
        `<path d="M${x(tick)},${top - 6}V${top + bars.length * ROW}" stroke="#e3e8ee"/>${text(percent(tick), { x: x(tick), y: top + bars.length * ROW + 20, anchor: 'middle' })}`,
    ),
    ...bars.map((bar, row) => drawBar(bar, top + row * ROW, x)),
    `<path d="M${NAMES},${top - 6}V${top + bars.length * ROW}" stroke="${INK}"/>`,
  ]);
}

function drawBar({ name, isOurs, values }: Bar, top: number, x: (share: number) => number): string {
  const colours = COLOURS[isOurs ? 'ours' : 'others'];
  const parts = values.map((value, at) => {
    const y = top + 2 + at * 18;
    return `<rect x="${NAMES}" y="${y}" width="${px(x(value) - NAMES)}" height="15" fill="${colours[at]!}"/>${text(percent(value), { x: x(value) + 6, y: y + 12, size: 12 })}`;
  });
  return [text(name, { x: NAMES - 12, y: top + 24, anchor: 'end', isBold: isOurs }), ...parts].join('\n');
}
