import { describe, expect, it } from '@jest/globals';
import { unmirrorLandmarks } from './mirror-landmarks.js';

describe('unmirrorLandmarks', () => {
  it('gives back the same points when done twice', () => {
    const points = Float32Array.from({ length: 136 }, (_, at) => at * 1.5);
    expect(unmirrorLandmarks(unmirrorLandmarks(points, 570), 570)).toEqual(points);
  });

  it('swaps left and right: the ends of jaw, eyes and mouth; the midline stays', () => {
    const points = Float32Array.from({ length: 136 }, (_, at) => Math.floor(at / 2));
    const swapped = unmirrorLandmarks(points, 570);
    const sourceOf = (point: number) => swapped[2 * point + 1];
    const pairs = [
      [0, 16],
      [17, 26],
      [36, 45],
      [41, 46],
      [31, 35],
      [48, 54],
      [59, 55],
      [60, 64],
      [67, 65],
    ] as const;
    for (const [left, right] of pairs) {
      expect([sourceOf(left), sourceOf(right)]).toEqual([right, left]);
    }
    for (const middle of [8, 27, 28, 29, 30, 33, 51, 57, 62, 66]) expect(sourceOf(middle)).toBe(middle);
    expect(swapped[0]).toBe(569 - 16);
  });
});
