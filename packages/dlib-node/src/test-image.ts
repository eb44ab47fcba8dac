import type { Box } from './box.js';
import type { GreyImage } from './grey-image.js';
import { randomNumbers } from './test-model.js';

/** Smooth noise: a grid of random greys, one every 16 pixels, blended in between. */
export function drawNoise(width: number, height: number, seed: number): GreyImage {
  const random = randomNumbers(seed);
  const cell = 16;
  const columns = Math.ceil(width / cell) + 1;
  const rows = Math.ceil(height / cell) + 1;
  const grid = Float64Array.from({ length: columns * rows }, () => random() * 255);
  return draw(width, height, (x, y) => {
    const column = Math.floor(x / cell);
    const row = Math.floor(y / cell);
    const fx = x / cell - column;
    const fy = y / cell - row;
    const at = (c: number, r: number) => grid[r * columns + c]!;
    const upper = at(column, row) * (1 - fx) + at(column + 1, row) * fx;
    const lower = at(column, row + 1) * (1 - fx) + at(column + 1, row + 1) * fx;
    return upper * (1 - fy) + lower * fy;
  });
}

/** A face as a child draws it, filling the box: bright oval, dark eyes, brows and mouth, shaded to one side. */
export function drawFace(width: number, height: number, face: Box): GreyImage {
  const inside = (u: number, v: number, cu: number, cv: number, ru: number, rv: number) =>
    ((u - cu) / ru) ** 2 + ((v - cv) / rv) ** 2 < 1;
  return draw(width, height, (x, y) => {
    const u = (x - face.left) / face.width;
    const v = (y - face.top) / face.height;
    if (!inside(u, v, 0.5, 0.5, 0.45, 0.6)) return 60;
    if (inside(u, v, 0.3, 0.33, 0.09, 0.05) || inside(u, v, 0.7, 0.33, 0.09, 0.05)) return 20;
    if (inside(u, v, 0.3, 0.2, 0.13, 0.03) || inside(u, v, 0.7, 0.2, 0.13, 0.03)) return 50;
    if (inside(u, v, 0.5, 0.8, 0.18, 0.06)) return 80;
    if (inside(u, v, 0.5, 0.55, 0.06, 0.1)) return 150;
    return 220 - 60 * u;
  });
}

function draw(width: number, height: number, grey: (x: number, y: number) => number): GreyImage {
  const data = Uint8Array.from({ length: width * height }, (_, i) => grey(i % width, Math.floor(i / width)));
  return { data, width, height };
}
