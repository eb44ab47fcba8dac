import { describe, expect, it } from '@jest/globals';
import { PAIRS, ratioFeatures } from './measure-ratios.js';

/** Any 68 points will do: the ratios know no face. */
const points = Float32Array.from({ length: 136 }, (_, at) => 100 + 60 * Math.sin(1.7 * at * at));

const moved = (angle: number, scale: number, dx: number, dy: number) =>
  points.map((value, at) => {
    const [x, y] = at % 2 ? [points[at - 1]!, value] : [value, points[at + 1]!];
    const [sin, cos] = [Math.sin(angle) * scale, Math.cos(angle) * scale];
    return at % 2 ? sin * x + cos * y + dy : cos * x - sin * y + dx;
  });

describe('ratioFeatures', () => {
  it('has one ratio per pair of points', () => {
    expect(ratioFeatures(points)).toHaveLength(2278);
    expect(PAIRS).toBe(2278);
  });

  it('does not change when the face moves, turns or comes closer', () => {
    const ratios = ratioFeatures(points);
    ratioFeatures(moved(0.4, 3.7, -50, 210)).forEach((ratio, at) => {
      expect(Math.abs(ratio - ratios[at]!)).toBeLessThan(1e-4);
    });
  });

  it('is the distance of a pair over the rms radius of the points 17 to 67, pairs in the order 0–1, 0–2, …, 66–67', () => {
    const inner = Array.from(
      { length: 51 },
      (_, i) => [points[2 * (17 + i)]!, points[2 * (17 + i) + 1]!] as const,
    );
    const meanX = inner.reduce((sum, [x]) => sum + x, 0) / 51;
    const meanY = inner.reduce((sum, [, y]) => sum + y, 0) / 51;
    const rms = Math.sqrt(inner.reduce((sum, [x, y]) => sum + (x - meanX) ** 2 + (y - meanY) ** 2, 0) / 51);
    const distance = (i: number, j: number) =>
      Math.hypot(points[2 * i]! - points[2 * j]!, points[2 * i + 1]! - points[2 * j + 1]!);
    const ratios = ratioFeatures(points);
    expect(ratios[0]).toBeCloseTo(distance(0, 1) / rms, 5);
    expect(ratios[67]).toBeCloseTo(distance(1, 2) / rms, 5);
    expect(ratios[2277]).toBeCloseTo(distance(66, 67) / rms, 5);
  });

  it('refuses another number of points', () => {
    expect(() => ratioFeatures(new Float32Array(10))).toThrow(RangeError);
  });
});
