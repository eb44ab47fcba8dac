import { PHOTO_WARNINGS, REFUSAL_REASONS } from '@facehash/contracts';
import { describe, expect, it } from '@jest/globals';
import { refusalOf, warningsOf } from './photo-limits.js';

/** Eyes 100 apart, the mouth 100 below, the nose at will. */
function face(
  o: {
    width?: number;
    nose?: [number, number];
    sharpness?: number;
    brightness?: number;
    clipped?: number;
  } = {},
) {
  const [x, y] = o.nose ?? [50, 50];
  const landmarks = Float32Array.from({ length: 136 }, (_, at) => {
    const point = at >> 1;
    const place =
      point === 30 ? [x, y] : point === 48 ? [20, 100] : point === 54 ? [80, 100] : [point < 42 ? 0 : 100, 0];
    return place[at % 2]!;
  });
  const { width = 120, sharpness = 0.13, brightness = 0.5, clipped = 0 } = o;
  return {
    box: { left: 0, top: 0, width, height: width },
    landmarks,
    picture: { sharpness, brightness, contrast: 0.14, clipped },
  };
}

const codes = (of: Parameters<typeof face>[0]) => warningsOf(face(of)).map(({ code }) => code);

describe('the limits of photos', () => {
  it('have nothing against a good one', () => {
    expect(refusalOf(face())).toBeUndefined();
    expect(warningsOf(face())).toEqual([]);
  });

  it.each([
    [{ width: 29 }, 'FACE_TOO_SMALL'],
    [{ sharpness: 0.005 }, 'BLURRED'],
    [{ brightness: 0.09 }, 'TOO_DARK'],
    [{ clipped: 0.51 }, 'OVEREXPOSED'],
  ])('refuse %j as %s', (of, code) => {
    expect(refusalOf(face(of))?.code).toBe(code);
    expect(Object.keys(REFUSAL_REASONS)).toContain(code);
  });

  it.each([
    [{ width: 45 }, 'SMALL_FACE'],
    [{ sharpness: 0.015 }, 'SOFT'],
    [{ brightness: 0.15 }, 'DARK'],
    [{ clipped: 0.2 }, 'HARSH_LIGHT'],
    [{ nose: [85, 50] as [number, number] }, 'TURNED_ASIDE'],
    [{ nose: [15, 50] as [number, number] }, 'TURNED_ASIDE'],
    [{ nose: [50, 20] as [number, number] }, 'LOOKED_UP_OR_DOWN'],
    [{ nose: [50, 80] as [number, number] }, 'LOOKED_UP_OR_DOWN'],
  ])('warn of %j as %s, and take it', (of, code) => {
    expect(codes(of)).toEqual([code]);
    expect(refusalOf(face(of))).toBeUndefined();
    expect(Object.keys(PHOTO_WARNINGS)).toContain(code);
  });
});
