import { describe, expect, it } from '@jest/globals';
import { syntheticBackground } from '../synthetic-people.js';
import { parseBackground, serializeBackground } from './background-file.js';
import { shippedBackground } from './shipped-background.js';

const background = syntheticBackground({ size: 13, rank: 5, seed: 1 });
const file = serializeBackground(background);

describe('a background file', () => {
  it('comes back with the same numbers and the same id', () => {
    expect(parseBackground(file)).toEqual(background);
  });

  it('is read from the middle of a larger buffer', () => {
    const larger = new Uint8Array(file.length + 1);
    larger.set(file, 1);
    expect(parseBackground(larger.subarray(1))).toEqual(background);
  });

  it('has another id when one number differs', () => {
    const mean = background.mean.slice();
    mean[3]! += 1;
    expect(parseBackground(serializeBackground({ ...background, mean })).id).not.toBe(background.id);
  });

  it('is refused when any byte is changed', () => {
    for (let at = 0; at < file.length; at += 7) {
      const changed = file.slice();
      changed[at]! ^= 1;
      expect(() => parseBackground(changed)).toThrow(expect.objectContaining({ code: 'MODEL_CORRUPT' }));
    }
  });

  it('is refused when it is cut short, at any length', () => {
    for (let length = 0; length < file.length; length += 11) {
      expect(() => parseBackground(file.slice(0, length))).toThrow(
        expect.objectContaining({ code: 'MODEL_CORRUPT' }),
      );
    }
  });

  it('of an unknown feature set is asked for in vain, and the error says how to make it', async () => {
    await expect(shippedBackground('no-such-set')).rejects.toThrow(/pnpm background/);
  });
});
