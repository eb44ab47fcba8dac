import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { flattenLandmarkModel } from './flatten-landmark-model.js';
import { openLandmarkPredictor } from './landmark-predictor.js';
import { type DrawnModel, drawModel, serializeModel } from './test-model.js';

let folder: string;
let dat: string;
let flat: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flatten-'));
  dat = join(folder, 'model.dat');
  flat = join(folder, 'model.flat');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Flattens and opens. */
async function readsAs(bytes: Uint8Array): Promise<number> {
  await writeFile(dat, bytes);
  await flattenLandmarkModel(dat, flat);
  const predictor = await openLandmarkPredictor(flat);
  predictor.close();
  return predictor.points;
}

function changed(change: (model: DrawnModel) => void): Buffer {
  const model = drawModel();
  change(model);
  return serializeModel(model);
}

describe('flattenLandmarkModel', () => {
  it('writes a file that can be opened', async () => {
    await expect(readsAs(serializeModel(drawModel()))).resolves.toBe(5);
  });

  it('starts every section at a multiple of 64 bytes', async () => {
    await readsAs(serializeModel(drawModel()));
    // header, 3 × 10 × 8 rows and the shape of 64 bytes, 3 × 10 × 7 splits of 8, 3 × 20 features of 12
    expect((await readFile(flat)).length).toBe(64 + 241 * 64 + 27 * 64 + 12 * 64);
  });

  it('writes the same bytes every time', async () => {
    await readsAs(serializeModel(drawModel()));
    const once = await readFile(flat);
    await flattenLandmarkModel(dat, flat);
    expect(await readFile(flat)).toEqual(once);
  });

  it('lets two writers of one path both succeed', async () => {
    await writeFile(dat, serializeModel(drawModel()));
    await Promise.all([flattenLandmarkModel(dat, flat), flattenLandmarkModel(dat, flat)]);
    (await openLandmarkPredictor(flat)).close();
    expect((await readdir(folder)).sort()).toEqual(['model.dat', 'model.flat']);
  });

  it('leaves a predictor that has the old file open as it was', async () => {
    await writeFile(dat, serializeModel(drawModel(1)));
    await flattenLandmarkModel(dat, flat);
    const predictor = await openLandmarkPredictor(flat);
    const image = { data: new Uint8Array(100).fill(9), width: 10, height: 10 };
    const box = { left: 1, top: 1, width: 8, height: 8 };
    const before = await predictor.predict(image, [box]);
    await writeFile(dat, serializeModel(drawModel(2)));
    await flattenLandmarkModel(dat, flat);
    expect(await predictor.predict(image, [box])).toEqual(before);
    predictor.close();
  });

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['a text', Buffer.from('This is not a model.\n'.repeat(100))],
    ['zeros', Buffer.alloc(10_000)],
    ['another version', changed((m) => void (m.version = 2))],
    ['bytes after its end', Buffer.concat([serializeModel(drawModel()), Buffer.from([0])])],
    ['an odd number of coordinates', changed((m) => m.shape.pop())],
    ['no points', changed((m) => void (m.shape = []))],
    ['no levels', changed((m) => void (m.forests = []))],
    ['levels of different sizes', changed((m) => m.forests[1]!.pop())],
    ['a tree that lacks a leaf', changed((m) => m.forests[0]![0]!.leaves.pop())],
    ['trees of different depths', changed((m) => m.forests[2]![9]!.splits.pop())],
    ['a leaf of another length', changed((m) => m.forests[2]![9]!.leaves[7]!.pop())],
    ['a leaf that is not finite', changed((m) => void (m.forests[2]![9]!.leaves[7]![9] = Number.NaN))],
    ['a feature that does not exist', changed((m) => void (m.forests[2]![9]!.splits[6]![1] = 20))],
    ['an anchor that does not exist', changed((m) => void (m.anchors[2]![19] = 5))],
    ['fewer offsets than anchors', changed((m) => m.deltas[2]!.pop())],
  ])('refuses a source with %s and leaves nothing behind', async (_, bytes) => {
    await expect(readsAs(bytes)).rejects.toMatchObject({ name: 'DlibError', code: 'MODEL_UNREADABLE' });
    expect(await readdir(folder)).toEqual(['model.dat']);
  });

  it('refuses a source that ends early, wherever that is', async () => {
    const whole = serializeModel(drawModel());
    for (let length = 0; length < whole.length; length += 97) {
      await expect(readsAs(whole.subarray(0, length))).rejects.toMatchObject({ code: 'MODEL_UNREADABLE' });
    }
    expect(await readdir(folder)).toEqual(['model.dat']);
  });

  it('says which file is missing', async () => {
    await expect(flattenLandmarkModel(dat, flat)).rejects.toMatchObject({
      code: 'MODEL_UNREADABLE',
      message: `cannot read ${dat}: No such file or directory`,
    });
  });

  it('refuses a target in a folder that does not exist', async () => {
    await writeFile(dat, serializeModel(drawModel()));
    const nowhere = join(folder, 'nowhere', 'model.flat');
    await expect(flattenLandmarkModel(dat, nowhere)).rejects.toMatchObject({ code: 'MODEL_UNWRITABLE' });
  });

  it("has the caller's place in the stack of a failure", async () => {
    const failure: unknown = await flattenLandmarkModel(dat, flat).catch((error: unknown) => error);
    expect((failure as Error).stack).toContain('flatten-landmark-model.int.test');
  });
});
