import { isAppError } from '@facehash/contracts';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { readImageHeader } from './image-header.js';
import { stripMetadata } from './strip-metadata.js';

const MAX_PIXELS = 50_000_000;
type Format = 'jpeg' | 'png' | 'webp';
const FORMATS: readonly Format[] = ['jpeg', 'png', 'webp'];

const draw = (format: Format, orientation = 1) =>
  sharp({ create: { width: 60, height: 40, channels: 3, background: '#a06040' } })
    .withMetadata({ orientation })
    [format]()
    .toBuffer();

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'none';
  } catch (error) {
    return isAppError(error) ? error.code : String(error);
  }
};

describe.each(FORMATS)('the header of a %s', (format) => {
  it('gives type, stored size and orientation', async () => {
    expect(readImageHeader(await draw(format, 6), MAX_PIXELS)).toEqual({
      type: format,
      width: 60,
      height: 40,
      orientation: 6,
    });
  });

  it('gives orientation 1 when the file says nothing', async () => {
    expect(readImageHeader(stripMetadata(await draw(format)), MAX_PIXELS).orientation).toBe(1);
  });

  it('is refused when it states more pixels than allowed', async () => {
    const image = await draw(format);
    expect(codeOf(() => readImageHeader(image, 2399))).toBe('IMAGE_TOO_MANY_PIXELS');
    expect(codeOf(() => readImageHeader(image, 2400))).toBe('none');
  });

  it('is refused wherever the file is cut', async () => {
    const image = await draw(format);
    for (let length = 12; length < image.length; length++) {
      expect(codeOf(() => readImageHeader(image.subarray(0, length), MAX_PIXELS))).toBe('IMAGE_UNREADABLE');
    }
  });

  it('never fails otherwise than with an AppError, whatever the bytes', async () => {
    const image = await draw(format, 3);
    const random = numbersFrom(format.length);
    for (let round = 0; round < 3000; round++) {
      const mutant = mutate(image, random);
      for (const run of [() => readImageHeader(mutant, MAX_PIXELS), () => stripMetadata(mutant)]) {
        expect(codeOf(run)).toMatch(/^(none|IMAGE_[A-Z_]+)$/);
      }
    }
  });
});

describe('the header of something else', () => {
  it('is told apart: nothing, an unknown type, an animated WebP', async () => {
    const frames = [Buffer.alloc(48, 10), Buffer.alloc(48, 200)];
    const animation = await sharp(Buffer.concat(frames), {
      raw: { width: 4, height: 8, channels: 3, pageHeight: 4 },
    })
      .webp({ delay: [100, 100] })
      .toBuffer();
    expect(codeOf(() => readImageHeader(new Uint8Array(), MAX_PIXELS))).toBe('IMAGE_EMPTY');
    expect(codeOf(() => readImageHeader(Buffer.from('GIF89a and more bytes'), MAX_PIXELS))).toBe(
      'IMAGE_TYPE_UNSUPPORTED',
    );
    expect(codeOf(() => readImageHeader(animation, MAX_PIXELS))).toBe('IMAGE_TYPE_UNSUPPORTED');
  });

  it('ends after a bounded number of parts', () => {
    const emptyComments = Buffer.concat([
      Buffer.from('ffd8', 'hex'),
      Buffer.from('fffe0002'.repeat(100_000), 'hex'),
    ]);
    expect(codeOf(() => readImageHeader(emptyComments, MAX_PIXELS))).toBe('IMAGE_UNREADABLE');
  });
});

/** Mulberry32: the same mutants in every run. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** A few bytes changed, preferring values that end or stretch lengths; sometimes cut, sometimes doubled. */
function mutate(image: Buffer, random: (below: number) => number): Buffer {
  const mutant = Buffer.from(image);
  for (let change = random(4); change >= 0; change--) {
    mutant[random(mutant.length)] = [0, 1, 0x7f, 0x80, 0xff, random(256)][random(6)]!;
  }
  const kind = random(4);
  if (kind === 0) return mutant.subarray(0, random(mutant.length));
  if (kind === 1) return Buffer.concat([mutant, mutant]);
  return mutant;
}
