import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Box } from './box.js';
import { flattenLandmarkModel } from './flatten-landmark-model.js';
import type { GreyImage } from './grey-image.js';
import { openLandmarkPredictor } from './landmark-predictor.js';
import { drawFace, drawNoise } from './test-image.js';
import { drawModel, serializeModel } from './test-model.js';

/** dlib rounds its points to whole pixels, ours keep the fractions; the rest is room for the last bit of a float. */
const TOLERANCE = 0.5 + 1e-3;

const source = fileURLToPath(new URL('../native/reference.cc', import.meta.url));
const reference = fileURLToPath(new URL('../build/dlib-reference', import.meta.url));
const dlib68 = '/usr/share/dlib/shape_predictor_68_face_landmarks.dat'; // Debian: libdlib-data

const face = { left: 60, top: 50, width: 180, height: 180 };
const boxes: Box[] = [
  face,
  { left: 71, top: 64, width: 133, height: 151 },
  { left: -40, top: -25, width: 200, height: 200 },
  { left: 250, top: 180, width: 120, height: 120 },
  { left: 0, top: 0, width: 320, height: 260 },
  { left: 100, top: 100, width: 1, height: 1 },
  { left: 140, top: 90, width: 17, height: 23 },
];
const images = { 'a drawn face': drawFace(320, 260, face), 'smooth noise': drawNoise(320, 260, 7) };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agreement-'));
  await writeFile(join(folder, 'small.dat'), serializeModel(drawModel()));
  await compileReference();
}, 300_000); // dlib's templates take their time

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe("agreement with dlib's own shape_predictor", () => {
  it.each(Object.entries(images))('holds for a small model on %s', async (_, image) => {
    await expect(largestDifference(join(folder, 'small.dat'), image)).resolves.toBeLessThan(TOLERANCE);
  });

  it.each(Object.entries(images))('holds for the 68-point model on %s', async (_, image) => {
    await expect(largestDifference(dlib68, image)).resolves.toBeLessThan(TOLERANCE);
  });
});

/** The largest difference of a coordinate over all boxes, in pixels. */
async function largestDifference(dat: string, image: GreyImage): Promise<number> {
  const flat = join(folder, 'model.flat');
  await flattenLandmarkModel(dat, flat);
  const predictor = await openLandmarkPredictor(flat);
  const ours = (await predictor.predict(image, boxes)).map((shape) => [...shape]);
  predictor.close();

  const theirs = await predictWithDlib(dat, image);
  expect(theirs.map((shape) => shape.length)).toEqual(ours.map((shape) => shape.length));
  return Math.max(...theirs.flat().map((coordinate, i) => Math.abs(coordinate - ours.flat()[i]!)));
}

async function predictWithDlib(dat: string, { data, width, height }: GreyImage): Promise<number[][]> {
  const pixels = join(folder, 'pixels');
  await writeFile(pixels, data);
  const input = boxes.map((b) => `${b.left} ${b.top} ${b.width} ${b.height}\n`).join('');
  const output = execFileSync(reference, [dat, pixels, String(width), String(height)], { input });
  return output
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(' ').map(Number));
}

async function compileReference(): Promise<void> {
  if (existsSync(reference) && (await stat(reference)).mtimeMs > (await stat(source)).mtimeMs) return;
  const libraries = ['-ldlib', '-llapack', '-lblas'];
  await promisify(execFile)('g++', ['-std=c++17', '-O1', source, '-o', reference, ...libraries]);
}
