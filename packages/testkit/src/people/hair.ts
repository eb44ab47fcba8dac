import { css, darker, lighter } from './colour.js';
import { headOutline, mirrored } from './head.js';
import type { HairStyle } from './looks.js';
import { continued, curve, type Point, type Sketch, type Vertex } from './sketch.js';

interface Cut {
  /** How far the hair stands off the head, in mm. */
  readonly volume: number;
  /** How far it falls below the eyes behind the head, in mm; absent when the ears are free. */
  readonly fall?: number;
  /** Where the parting is, in half face widths; the hairline is lowest away from it. */
  readonly parting: number;
  /** Height of the hairline over the eyes, as a share of the crown's. */
  readonly hairline: number;
  readonly extra?: 'bun' | 'curls';
}

const CUTS: Readonly<Record<HairStyle, Cut>> = {
  crop: { volume: 5, parting: 0, hairline: 0.66 },
  parted: { volume: 9, parting: 0.42, hairline: 0.66 },
  swept: { volume: 14, parting: -0.5, hairline: 0.72 },
  bob: { volume: 13, fall: 92, parting: -0.3, hairline: 0.66 },
  long: { volume: 12, fall: 190, parting: 0.08, hairline: 0.7 },
  bun: { volume: 7, parting: 0.2, hairline: 0.68, extra: 'bun' },
  curls: { volume: 15, fall: 50, parting: -0.2, hairline: 0.68, extra: 'curls' },
};

/** The hair behind head and neck. */
export function drawHairBehind(sketch: Sketch): string {
  const { at, person } = sketch;
  const { face, looks } = person;
  const cut = CUTS[looks.hairStyle];
  const colour = css(darker(looks.hair, 0.25));
  const half = face.faceWidth / 2 + cut.volume;
  const bun = at([0, -face.crownHeight - 17, -30]);
  const knot = `<ellipse cx="${bun[0]}" cy="${bun[1]}" rx="31" ry="25" fill="${css(looks.hair)}"/><path d="${curve(
    [
      [bun[0] - 22, bun[1] + 4],
      [bun[0] - 4, bun[1] - 14],
      [bun[0] + 22, bun[1] - 6],
    ],
  )}" fill="none" stroke="${css(lighter(looks.hair, 0.22))}" stroke-width="4" opacity="0.5"/>`;
  if (cut.extra === 'bun') return knot;
  if (cut.fall === undefined) return '';
  const right: Vertex[] = [
    [half * 0.6, -face.crownHeight - cut.volume * 0.8, -20],
    [half, -face.crownHeight * 0.4, -20],
    [half * 1.06, cut.fall * 0.4, -20],
    [half * 1.02, cut.fall * 0.92, -20],
    [half * 0.7, cut.fall, -20],
  ];
  return `<path d="${curve([...right, ...right.toReversed().map(mirrored)].map(at), true)}" fill="${colour}"/>${cut.extra === 'curls' ? curls(sketch, half, cut.fall) : ''}`;
}

/** The hair on top, down to the hairline. */
export function drawHairInFront(sketch: Sketch): string {
  const { at, id, person } = sketch;
  const { face, looks } = person;
  const cut = CUTS[looks.hairStyle];
  const half = face.faceWidth / 2;
  const line = face.crownHeight * cut.hairline;
  const sideburn = cut.fall === undefined ? 6 : 26;
  const ring = headOutline(face, cut.volume);
  const outer: Vertex[] = [
    [-half - 1, sideburn, -2],
    ...ring.slice(-3),
    ...ring.slice(0, 4),
    [half + 1, sideburn, -2],
  ];
  const hairline: Vertex[] = [
    [half * 0.97, sideburn, 2],
    [half * 0.9, -line * 0.5, 20],
    [half * (0.66 + 0.1 * cut.parting), -line * (0.9 + 0.1 * cut.parting), 34],
    [half * cut.parting, -line * 1.06, 44],
    [half * (cut.parting - 0.34), -line * 0.99, 44],
    [-half * (0.68 - 0.1 * cut.parting), -line * (0.88 - 0.1 * cut.parting), 34],
    [-half * 0.9, -line * 0.5, 20],
    [-half * 0.97, sideburn, 2],
  ];
  const cap = `${curve(outer.map(at))}${continued(hairline.map(at))}Z`;
  const strands = Array.from({ length: 15 }, (_, index) => {
    const across = -0.95 + (index / 14) * 1.9;
    const along = (share: number): number => half * (cut.parting + (across - cut.parting) * share);
    const points = [
      at([along(0.3), -face.crownHeight - cut.volume, 0]),
      at([along(0.72), -(face.crownHeight + line) * 0.52, 30]),
      at([along(1.04), -line * (1.04 - 0.5 * across ** 2), 30]),
    ];
    const tone = index % 2 === 0 ? lighter(looks.hair, 0.25) : darker(looks.hair, 0.55);
    return strand(points, css(tone));
  }).join('');
  return `
<clipPath id="${id('cap')}"><path d="${cap}"/></clipPath>
<path d="${cap}" fill="${css(looks.hair)}"/>
<g clip-path="url(#${id('cap')})">${strands}</g>${cut.extra === 'curls' ? curls(sketch, half + cut.volume * 0.6, -20) : ''}`;
}

const strand = (points: Point[], colour: string): string =>
  `<path d="${curve(points)}" fill="none" stroke="${colour}" stroke-width="2.2" stroke-linecap="round" opacity="0.28"/>`;

/** A rim of locks along the outline, down to `lowest`. */
function curls({ at, person }: Sketch, half: number, lowest: number): string {
  const { face, looks } = person;
  const top = face.crownHeight + 6;
  return Array.from({ length: 19 }, (_, index) => {
    const angle = Math.PI * (-0.22 + (1.44 * index) / 18);
    const reach = Math.sin(angle);
    const [x, y] = at([-Math.cos(angle) * half, reach > 0 ? -reach * top : -reach * lowest * 1.4, -10]);
    const tone = index % 2 === 0 ? looks.hair : darker(looks.hair, 0.2);
    return `<circle cx="${x}" cy="${y}" r="${15 + (index % 3) * 2}" fill="${css(tone)}"/>`;
  }).join('');
}
