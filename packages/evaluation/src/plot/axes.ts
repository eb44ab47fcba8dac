/** A plot's drawing area within its picture, in pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Axis {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly isLog?: boolean;
  readonly ticks: readonly number[];
  /** A tick as text. */
  readonly show: (tick: number) => string;
}

/** Where a value lies between `from` and `to`; values beyond the axis lie on its end. */
export function along({ min, max, isLog = false }: Axis, value: number, from: number, to: number): number {
  const at = isLog ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
  return from + Math.min(1, Math.max(0, at)) * (to - from);
}

export const xOf = (axis: Axis, { left, width }: Area, value: number): number =>
  px(along(axis, value, left, left + width));
export const yOf = (axis: Axis, { top, height }: Area, value: number): number =>
  px(along(axis, value, top + height, top));

/** Grid, ticks and labels of both axes. */
export function drawAxes(area: Area, x: Axis, y: Axis): string {
  const { left, top, width, height } = area;
  const bottom = top + height;
  const columns = x.ticks.map((tick) => {
    const at = xOf(x, area, tick);
    return `<path d="M${at},${top}V${bottom}" stroke="${GRID}"/>${text(x.show(tick), { x: at, y: bottom + 18, anchor: 'middle' })}`;
  });
  const rows = y.ticks.map((tick) => {
    const at = yOf(y, area, tick);
    return `<path d="M${left},${at}H${left + width}" stroke="${GRID}"/>${text(y.show(tick), { x: left - 8, y: at + 4, anchor: 'end' })}`;
  });
  const middle = top + height / 2;
  return [
    ...columns,
    ...rows,
    `<path d="M${left},${top}V${bottom}H${left + width}" fill="none" stroke="${INK}"/>`,
    text(x.label, { x: left + width / 2, y: bottom + 40, anchor: 'middle' }),
    `<g transform="rotate(-90 ${left - 52} ${middle})">${text(y.label, { x: left - 52, y: middle, anchor: 'middle' })}</g>`,
  ].join('\n');
}

export const INK = '#1f2933';
const GRID = '#e3e8ee';

export interface TextStyle {
  readonly x: number;
  readonly y: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  readonly isBold?: boolean;
  readonly colour?: string;
}

export function text(
  content: string,
  { x, y, anchor = 'start', size = 13, isBold = false, colour = INK }: TextStyle,
): string {
  const weight = isBold ? ' font-weight="bold"' : '';
  return `<text x="${px(x)}" y="${px(y)}" font-size="${size}"${weight} text-anchor="${anchor}" fill="${colour}">${escaped(content)}</text>`;
}

/** A whole picture. Fonts that Debian's renderer and every browser have. */
export function picture(width: number, height: number, title: string, content: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, Verdana, sans-serif">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${text(title, { x: 24, y: 32, size: 16, isBold: true })}
${content.join('\n')}
</svg>
`;
}

/** Tenths of a pixel are enough for a line. */
export const px = (value: number): number => Math.round(value * 10) / 10;

export const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
