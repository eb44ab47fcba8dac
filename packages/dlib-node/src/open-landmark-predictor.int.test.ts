import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { flattenLandmarkModel } from './flatten-landmark-model.js';
import { openLandmarkPredictor } from './landmark-predictor.js';
import { drawModel, serializeModel } from './test-model.js';

let folder: string;
let flat: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'open-'));
  await writeFile(join(folder, 'model.dat'), serializeModel(drawModel()));
  await flattenLandmarkModel(join(folder, 'model.dat'), join(folder, 'model.flat'));
  flat = await readFile(join(folder, 'model.flat'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** The message of the refusal, "opened" when there was none. */
async function refusalOf(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'tried.flat');
  await writeFile(path, bytes);
  try {
    (await openLandmarkPredictor(path)).close();
    return 'opened';
  } catch (error) {
    expect(error).toMatchObject({ name: 'DlibError', code: 'MODEL_UNREADABLE' });
    return (error as Error).message;
  }
}

/** The file with one unsigned number replaced; with `checksum` the damage is one that the checksum does not tell. */
function patched(offset: number, value: number, bytes: 2 | 4, checksum = false): Buffer {
  const copy = Buffer.from(flat);
  copy.writeUIntLE(value, offset, bytes);
  if (checksum) copy.writeBigUInt64LE(checksumOf(copy), 56);
  return copy;
}

/** native/flat_format.h, written a second time. */
function checksumOf(file: Buffer): bigint {
  const mixed = (lane: bigint, word: bigint) => {
    const product = BigInt.asUintN(64, (lane ^ word) * 0x9e3779b97f4a7c15n);
    return BigInt.asUintN(64, product << 29n) | (product >> 35n);
  };
  const header = Buffer.from(file.subarray(0, 64)).fill(0, 56);
  const lanes = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n];
  const ordered = Buffer.concat([file.subarray(64), header]);
  for (let i = 0; i < ordered.length; i += 8) {
    lanes[(i / 8) % 8] = mixed(lanes[(i / 8) % 8]!, ordered.readBigUInt64LE(i));
  }
  return lanes.reduce(mixed, 0n);
}

const SPLITS_AT = 64 + 241 * 64;
const FEATURES_AT = SPLITS_AT + 27 * 64;

describe('openLandmarkPredictor', () => {
  it('opens a flat model', async () => {
    await expect(refusalOf(flat)).resolves.toBe('opened');
  });

  it('says which file is missing', async () => {
    const path = join(folder, 'missing.flat');
    await expect(openLandmarkPredictor(path)).rejects.toMatchObject({
      code: 'MODEL_UNREADABLE',
      message: `cannot read ${path}: No such file or directory`,
    });
  });

  it('refuses a folder', async () => {
    await expect(openLandmarkPredictor(folder)).rejects.toMatchObject({
      code: 'MODEL_UNREADABLE',
      message: `cannot read ${folder}: not a regular file`,
    });
  });

  it("refuses dlib's own format, saying what it expected", async () => {
    await expect(refusalOf(serializeModel(drawModel()))).resolves.toMatch(/does not start with "dlibflat"/);
  });

  it('refuses an empty file and a text', async () => {
    await expect(refusalOf(Buffer.alloc(0))).resolves.toMatch(/only 0 bytes/);
    await expect(refusalOf(Buffer.from('Not a model. '.repeat(50)))).resolves.toMatch(/does not start with/);
  });

  it('refuses a file that is too short or too long, by any amount', async () => {
    for (let length = 64; length < flat.length; length += 501) {
      await expect(refusalOf(flat.subarray(0, length))).resolves.toMatch(/bytes, expected/);
    }
    await expect(refusalOf(Buffer.concat([flat, Buffer.alloc(64)]))).resolves.toMatch(/bytes, expected/);
  });

  it('refuses another version', async () => {
    await expect(refusalOf(patched(8, 2, 4, true))).resolves.toMatch(/version is 2, expected 1/);
  });

  it.each([
    ['points', 12],
    ['cascades', 16],
    ['trees', 20],
    ['leaves', 24],
    ['features', 28],
  ])('refuses a number of %s that no model has or that does not fit the size', async (_, offset) => {
    for (const value of [0, 3_000, 0x7fff_ffff, 0xffff_ffff]) {
      await expect(refusalOf(patched(offset, value, 4, true))).resolves.toMatch(/expected/);
    }
  });

  it('refuses a file in which any one byte was changed', async () => {
    for (let offset = 0; offset < flat.length; offset += offset < 64 ? 1 : 37) {
      const damaged = Buffer.from(flat);
      damaged[offset]! ^= 1 << (offset % 8);
      await expect(refusalOf(damaged)).resolves.not.toBe('opened');
    }
  });

  it('refuses an index outside its section even where the checksum holds', async () => {
    expect(checksumOf(flat)).toBe(flat.readBigUInt64LE(56));
    for (const damaged of [
      patched(SPLITS_AT, 20, 2, true),
      patched(SPLITS_AT + 209 * 8 + 2, 65_535, 2, true),
      patched(FEATURES_AT + 8, 5, 4, true),
      patched(FEATURES_AT + 59 * 12 + 8, 0xffff_ffff, 4, true),
    ]) {
      await expect(refusalOf(damaged)).resolves.toMatch(/index points outside/);
    }
  });

  it("has the caller's place in the stack of a failure", async () => {
    const failure: unknown = await openLandmarkPredictor('missing').catch((error: unknown) => error);
    expect((failure as Error).stack).toContain('open-landmark-predictor.int.test');
  });
});
