import { css, darker, lighter, mix } from './colour.js';
import { curve, type Sketch, type Vertex } from './sketch.js';
import { mirrored } from './head.js';

/** A nose is mostly shadow: the flank away from the light, the wings, the nostrils and what lies under the tip. */
export function drawNose(sketch: Sketch): string {
  const { at, id, person, photo } = sketch;
  const { face, looks } = person;
  const base = face.noseLength;
  const wing = face.noseWidth / 2;
  const shade = css(darker(looks.skin, 0.75));
  const shine = css(lighter(looks.skin, 0.8));
  const lit = photo.light;
  const flank: Vertex[] = [
    [7, -10, 66],
    [6.5, base * 0.3, 72],
    [wing * 0.55, base * 0.68, 80],
    [wing * 0.95, base * 0.9, 74],
    [wing * 0.5, base * 0.84, 82],
    [4, base * 0.4, 78],
  ];
  const alar: Vertex[] = [
    [wing * 0.94, base * 0.8, 73],
    [wing * 1.02, base * 0.87, 72],
    [wing * 0.86, base * 0.99, 73],
    [wing * 0.5, base * 0.985, 80],
  ];
  const rim: Vertex[] = [
    [wing * 0.56, base * 1, 79],
    [wing * 0.22, base * 1.045, 84],
    [0, base * 1.06, 85],
  ];
  const fill = (shape: Vertex[], opacity: number): string =>
    `<path d="${curve(shape.map(at), true)}" fill="${shade}" opacity="${opacity}"/>`;
  const line = (shape: Vertex[], width: number, opacity: number): string =>
    `<path d="${curve(shape.map(at))}" fill="none" stroke="${css(darker(looks.skin, 0.68))}" stroke-width="${width}" stroke-linecap="round" opacity="${opacity}"/>`;
  const nostril = (side: -1 | 1): string => {
    const [x, y] = at([side * wing * 0.46, base * 0.985, 80]);
    return `<ellipse cx="${x}" cy="${y}" rx="${wing * 0.24}" ry="2.3" transform="rotate(${-side * 14} ${x} ${y})" fill="${css(darker(looks.skin, 0.88))}" opacity="0.9"/>`;
  };
  const [tipX, tipY] = at([lit * 2.5, base * 0.82, 94]);
  const bridge = [
    [lit * 1.5, -6, 70],
    [lit * 1.5, base * 0.3, 80],
    [lit * 2, base * 0.66, 90],
  ] as const;
  const under = [
    [-wing * 0.8, base * 1.04, 72],
    [0, base * 1.14, 74],
    [wing * 0.8, base * 1.04, 72],
    [0, base * 1.02, 78],
  ] as const;
  return `
<g filter="url(#${id('fine')})">
  ${fill(flank, 0.3 - 0.2 * lit)}${fill(flank.map(mirrored), 0.3 + 0.2 * lit)}
  <path d="${curve(under.map(at), true)}" fill="${shade}" opacity="0.6"/>
  <path d="${curve(bridge.map(at))}" fill="none" stroke="${shine}" stroke-width="5" stroke-linecap="round" opacity="0.55"/>
  <ellipse cx="${tipX}" cy="${tipY}" rx="5.5" ry="4.5" fill="${shine}" opacity="0.6"/>
  <ellipse cx="${at([0, base * 0.93, 88])[0]}" cy="${at([0, base * 0.93, 88])[1]}" rx="${wing * 0.5}" ry="4" fill="${css(mix(looks.skin, [190, 80, 66], 0.4))}" opacity="0.35"/>
</g>
${line(alar, 1.5, 0.75)}${line(alar.map(mirrored), 1.5, 0.75)}
${line([...rim, ...rim.slice(0, 2).toReversed().map(mirrored)], 1.3, 0.6)}
${nostril(-1)}${nostril(1)}`;
}
