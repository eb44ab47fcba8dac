import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { flattenLandmarkModel } from './flatten-landmark-model.js';
import { type LandmarkPredictor, openLandmarkPredictor } from './landmark-predictor.js';
import { drawNoise } from './test-image.js';
import { drawModel, serializeModel } from './test-model.js';

const image = drawNoise(120, 90, 1);
const box = { left: 20, top: 10, width: 60, height: 60 };
const boxes = Array.from({ length: 200 }, (_, i) => ({ ...box, left: -30.5 + i * 0.7, width: 40 + (i % 9) }));

let folder: string;
let flat: string;
let predictor: LandmarkPredictor;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'predict-'));
  flat = join(folder, 'model.flat');
  await writeFile(join(folder, 'model.dat'), serializeModel(drawModel()));
  await flattenLandmarkModel(join(folder, 'model.dat'), flat);
  predictor = await openLandmarkPredictor(flat);
});

afterAll(async () => {
  predictor.close();
  await rm(folder, { recursive: true });
});

describe('LandmarkPredictor.predict', () => {
  it('gives one fresh Float32Array of x, y pairs for each box', async () => {
    const landmarks = await predictor.predict(image, boxes.slice(0, 3));
    expect(predictor.points).toBe(5);
    expect(landmarks).toHaveLength(3);
    for (const shape of landmarks) {
      expect(shape).toBeInstanceOf(Float32Array);
      expect(shape.buffer.byteLength).toBe(5 * 2 * 4);
    }
  });

  it('gives nothing for no boxes', async () => {
    await expect(predictor.predict(image, [])).resolves.toEqual([]);
  });

  it('gives 200 boxes in one call what it gives them one by one', async () => {
    const together = await predictor.predict(image, boxes);
    expect(together).toHaveLength(200);
    for (const [i, one] of boxes.entries()) {
      expect(await predictor.predict(image, [one])).toEqual([together[i]]);
    }
  });

  it('gives calls that overlap what it gives them in turn', async () => {
    const images = [1, 2, 3, 4, 5, 6].map((seed) => drawNoise(120, 90, seed));
    const inTurn = [];
    for (const one of images) inTurn.push(await predictor.predict(one, boxes));
    expect(await Promise.all(images.map((one) => predictor.predict(one, boxes)))).toEqual(inTurn);
    expect(inTurn[0]).not.toEqual(inTurn[1]);
  });

  it('moves the landmarks with a box by a fraction of a pixel where the image is even', async () => {
    const even = { data: new Uint8Array(120 * 90).fill(100), width: 120, height: 90 };
    const [still, moved] = await predictor.predict(even, [box, { ...box, left: 20.25 }]);
    for (let i = 0; i < 10; i += 2) {
      expect(moved![i]! - still![i]!).toBeCloseTo(0.25, 4);
      expect(moved![i + 1]).toBe(still![i + 1]);
    }
  });

  it('takes an image of one pixel and a box far larger than the image', async () => {
    const pixel = { data: Uint8Array.of(200), width: 1, height: 1 };
    const [shape] = await predictor.predict(pixel, [{ left: -1e6, top: -1e6, width: 3e6, height: 3e6 }]);
    expect(shape!.every(Number.isFinite)).toBe(true);
  });

  it('never writes to the image', async () => {
    const before = Uint8Array.from(image.data);
    await predictor.predict(image, boxes);
    expect(image.data).toEqual(before);
  });

  it('survives that the image is overwritten and forgotten after the call', async () => {
    const calls = Array.from({ length: 20 }, () => {
      const data = Uint8Array.from(image.data);
      const call = predictor.predict({ ...image, data }, boxes);
      data.fill(0);
      return call;
    });
    for (const landmarks of await Promise.all(calls)) expect(landmarks).toHaveLength(200);
  });

  it.each([
    ['IMAGE_INVALID', { data: new Uint8Array(0), width: 0, height: 0 }, box],
    ['IMAGE_INVALID', { ...image, width: 119 }, box],
    ['BOX_INVALID', image, { ...box, top: Number.NaN }],
    ['BOX_INVALID', image, { ...box, left: 120 }],
  ])('rejects with %s before it starts', async (code, wrongImage, wrongBox) => {
    await expect(predictor.predict(wrongImage, [box, wrongBox])).rejects.toMatchObject({
      name: 'DlibError',
      code,
    });
  });
});

describe('LandmarkPredictor.close', () => {
  it('may be called twice', async () => {
    const closing = await openLandmarkPredictor(flat);
    closing.close();
    expect(() => {
      closing.close();
    }).not.toThrow();
  });

  it("makes later calls reject with CLOSED and the caller's stack", async () => {
    const closed = await openLandmarkPredictor(flat);
    closed.close();
    const failure: unknown = await closed.predict(image, [box]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'DlibError', code: 'CLOSED' });
    expect((failure as Error).stack).toContain('landmark-predictor.int.test');
  });

  it('lets calls under way finish', async () => {
    const expected = await predictor.predict(image, boxes);
    const closing = await openLandmarkPredictor(flat);
    const calls = Array.from({ length: 12 }, () => closing.predict(image, boxes)); // more than libuv has threads
    closing.close();
    for (const landmarks of await Promise.all(calls)) expect(landmarks).toEqual(expected);
  });

  it('closes one predictor of a file and leaves another one open', async () => {
    const other = await openLandmarkPredictor(flat);
    other.close();
    await expect(predictor.predict(image, [box])).resolves.toHaveLength(1);
  });
});
