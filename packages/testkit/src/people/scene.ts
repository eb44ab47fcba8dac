import { css, darker, lighter, mix, type Colour } from './colour.js';
import { develop } from './develop.js';
import { drawExposure } from './photo.js';
import { randomFrom, type Random } from './random.js';
import { curve, type Point } from './sketch.js';

const SIZE = { width: 640, height: 480 } as const;

/** A JPEG of 640×480 of hills under a sky: a picture in which nobody is to be found. Deterministic. */
export function drawScene(seed: number): Promise<Buffer> {
  const random = randomFrom(seed, 7);
  const sky = random.pick<Colour>([
    [126, 172, 214],
    [214, 176, 150],
    [150, 164, 176],
    [96, 120, 164],
  ]);
  const land = random.pick<Colour>([
    [92, 128, 74],
    [148, 134, 84],
    [70, 104, 96],
  ]);
  const sun = { x: random.between(60, 580), y: random.between(40, 130), r: random.between(18, 34) };
  const ranges = [0.45, 0.58, 0.72, 0.86].map((level, index) =>
    drawRange(
      random,
      SIZE.height * level,
      css(mix(sky, darker(land, 0.1 + 0.12 * index), 0.3 + 0.22 * index)),
    ),
  );
  const content = `
<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
  <stop offset="0" stop-color="${css(darker(sky, 0.15))}"/><stop offset="0.7" stop-color="${css(lighter(sky, 0.5))}"/>
</linearGradient></defs>
<rect width="${SIZE.width}" height="${SIZE.height}" fill="url(#sky)"/>
<circle cx="${sun.x}" cy="${sun.y}" r="${sun.r}" fill="rgb(255,244,214)" opacity="0.9"/>
${ranges.join('')}`;
  return develop(content, SIZE, drawExposure(seed, 0), seed);
}

function drawRange(random: Random, level: number, colour: string): string {
  const ridge = Array.from({ length: 8 }, (_, index): Point => [
    (index - 0.5) * (SIZE.width / 6),
    level + random.between(-38, 38),
  ]);
  return `<path d="${curve(ridge)}L${SIZE.width + 60},${SIZE.height}L-60,${SIZE.height}Z" fill="${colour}"/>`;
}
