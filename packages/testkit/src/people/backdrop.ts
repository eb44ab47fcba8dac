import { css, darker, lighter, type Colour } from './colour.js';
import type { Random } from './random.js';

/** A wall out of focus: a gradient and a few soft patches of light. */
export function drawBackdrop(random: Random, width: number, height: number): string {
  const wall = random.pick<Colour>([
    [168, 186, 196],
    [196, 188, 172],
    [150, 170, 150],
    [186, 168, 162],
    [120, 138, 158],
    [204, 204, 200],
    [112, 124, 116],
  ]);
  const patches = Array.from({ length: 4 }, (_, index) => {
    const tone = random.chance(0.5) ? lighter(wall, 0.4) : darker(wall, 0.25);
    const id = `patch${index}`;
    return `<radialGradient id="${id}"><stop offset="0" stop-color="${css(tone)}" stop-opacity="0.4"/><stop offset="1" stop-color="${css(tone)}" stop-opacity="0"/></radialGradient>
<circle cx="${random.between(0, width)}" cy="${random.between(0, height)}" r="${height * random.between(0.3, 0.7)}" fill="url(#${id})"/>`;
  }).join('');
  return `
<defs><linearGradient id="wall" x1="${random.between(0, 1)}" y1="0" x2="${random.between(0, 1)}" y2="1">
  <stop offset="0" stop-color="${css(lighter(wall, 0.25))}"/><stop offset="1" stop-color="${css(darker(wall, 0.3))}"/>
</linearGradient></defs>
<rect width="${width}" height="${height}" fill="url(#wall)"/>${patches}`;
}
