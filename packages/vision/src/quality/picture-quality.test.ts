import { FACE_SIDE } from '@facehash/sface';
import { describe, expect, it } from '@jest/globals';
import { pictureQuality } from './picture-quality.js';

/** Stripes of this period in pixels, from `dark` to `light`. */
function stripes(period: number, { dark = 60, light = 180 } = {}): Uint8Array {
  const middle = (dark + light) / 2;
  return Uint8Array.from({ length: FACE_SIDE * FACE_SIDE }, (_, at) =>
    Math.round(middle + (light - middle) * Math.sin((2 * Math.PI * (at % FACE_SIDE)) / period)),
  );
}

describe('pictureQuality', () => {
  it('is the sharper the finer the detail, whatever the contrast', () => {
    const [fine, coarse, pale] = [stripes(4), stripes(16), stripes(4, { dark: 110, light: 130 })];
    expect(pictureQuality(fine).sharpness).toBeGreaterThan(10 * pictureQuality(coarse).sharpness);
    expect(pictureQuality(pale).sharpness).toBeCloseTo(pictureQuality(fine).sharpness, 1);
    expect(pictureQuality(pale).contrast).toBeLessThan(pictureQuality(fine).contrast / 4);
  });

  it('tells dark from light, and what is lost in black and white', () => {
    expect(pictureQuality(stripes(16, { dark: 0, light: 40 })).brightness).toBeCloseTo(20 / 255, 2);
    expect(pictureQuality(stripes(16)).clipped).toBe(0);
    const white = pictureQuality(new Uint8Array(FACE_SIDE * FACE_SIDE).fill(255));
    expect(white).toEqual({ sharpness: 0, brightness: 1, contrast: 0, clipped: 1 });
  });

  it('looks at the face alone, not at what is around it', () => {
    const face = stripes(8);
    const framed = face.map((value, at) => (at < 30 * FACE_SIDE || at % FACE_SIDE < 20 ? 0 : value));
    expect(pictureQuality(framed)).toEqual(pictureQuality(face));
  });
});
