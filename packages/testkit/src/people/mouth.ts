import { css, darker, lighter, mix } from './colour.js';
import { continued, curve, type Sketch, type Vertex } from './sketch.js';

/** Two lips, the line between them, and teeth when they part. */
export function drawMouth(sketch: Sketch): string {
  const { at, id, person, photo } = sketch;
  const { face, looks } = person;
  const half = (face.mouthWidth / 2) * (1 + 0.1 * photo.smile);
  const lift = 4 * photo.smile;
  const gap = photo.mouthOpen;
  const y = face.mouthDrop;
  const lip = (along: number, down: number): Vertex => [
    along * half,
    y + down - lift * along ** 2,
    73 - 14 * along ** 2,
  ];
  const upper = face.upperLip * (1 - 0.12 * photo.smile);
  const lower = face.lowerLip * (1 - 0.1 * photo.smile);
  const top = [
    lip(-1, 0),
    lip(-0.5, -upper * 0.72),
    lip(-0.17, -upper),
    lip(0, -upper * 0.78),
    lip(0.17, -upper),
    lip(0.5, -upper * 0.72),
    lip(1, 0),
  ];
  const middle = [
    lip(1, 0),
    lip(0.5, 0.3),
    lip(0.15, 0.9),
    lip(0, 0.4),
    lip(-0.15, 0.9),
    lip(-0.5, 0.3),
    lip(-1, 0),
  ];
  const parted = [
    lip(-1, 0),
    lip(-0.5, gap * 0.85 + 0.3),
    lip(0, gap + 0.6),
    lip(0.5, gap * 0.85 + 0.3),
    lip(1, 0),
  ];
  const bottom = [
    lip(1, 0),
    lip(0.55, gap + lower * 0.66),
    lip(0.2, gap + lower),
    lip(-0.2, gap + lower),
    lip(-0.55, gap + lower * 0.66),
    lip(-1, 0),
  ];
  const red = mix(looks.skin, [168, 58, 62], looks.lipRedness);
  const dark = css(darker(red, 0.82));
  const join = (one: Vertex[], two: Vertex[]): string => `${curve(one.map(at))}${continued(two.map(at))}Z`;
  const line = (points: Vertex[], width: number, colour: string, opacity: number): string =>
    `<path d="${curve(points.map(at))}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" opacity="${opacity}"/>`;
  const fold = (side: -1 | 1): Vertex[] => [
    [side * face.noseWidth * 0.62, face.noseLength * 0.92, 66],
    [side * (half * 0.55 + face.noseWidth * 0.4), (face.noseLength + y) / 2, 62],
    [side * (half + 5), y - lift + 2, 56],
  ];
  const [shineX, shineY] = at([photo.light * 5, y + gap + lower * 0.5, 76]);
  const inside =
    gap > 0
      ? `
<path d="${join(middle, parted)}" fill="rgb(58,20,22)"/>
<path d="${curve([...middle.slice(1, 6), lip(-0.5, gap * 0.5), lip(0, gap * 0.62), lip(0.5, gap * 0.5)].map(at), true)}" fill="rgb(236,228,218)"/>`
      : '';
  return `
<g filter="url(#${id('fine')})">
  ${line(fold(-1), 2.2, css(darker(looks.skin, 0.6)), 0.2 + 0.45 * photo.smile)}
  ${line(fold(1), 2.2, css(darker(looks.skin, 0.6)), 0.2 + 0.45 * photo.smile)}
</g>
<path d="${join(top, middle)}" fill="${css(darker(red, 0.22))}"/>
<path d="${join(parted, bottom)}" fill="${css(red)}"/>
<ellipse cx="${shineX}" cy="${shineY}" rx="${half * 0.32}" ry="${lower * 0.18}" fill="${css(lighter(red, 0.7))}" opacity="0.45"/>
${inside}
${line(middle, 1.5, dark, 0.9)}
${gap > 0 ? line(parted, 1, dark, 0.7) : ''}
${line(bottom.slice(1, 5), 1, css(darker(red, 0.45)), 0.5)}`;
}
