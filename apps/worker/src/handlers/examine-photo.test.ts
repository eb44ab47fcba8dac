import { describe, expect, it } from '@jest/globals';
import { AppError, type BoundingBox } from '@facehash/contracts';
import { examinePhoto } from './examine-photo.js';

const square = (left: number, top: number, side: number): BoundingBox => ({
  left,
  top,
  width: side,
  height: side,
});
/** Eyes, nose and mouth of a head that looks into the camera. */
const landmarks = Float32Array.from({ length: 136 }, (_, at) => {
  const point = at >> 1;
  const [x, y] =
    point === 30 ? [50, 50] : point === 48 ? [20, 100] : point === 54 ? [80, 100] : [point < 42 ? 0 : 100, 0];
  return at % 2 === 0 ? x : y;
});
const picture = { sharpness: 0.1, brightness: 0.5, contrast: 0.15, clipped: 0 };
const taken = { face: { landmarks }, warnings: [] };

/** An analyzer that finds these boxes, the first of which is the largest. */
function finds(...boxes: BoundingBox[]) {
  return {
    description: { opencv: '', decoder: '', reason: '', engine: '' },
    analyze: () =>
      Promise.resolve({
        image: { width: 640, height: 480 },
        faces: boxes.slice(0, 1).map((box) => ({ box, landmarks, picture })),
        boxes,
        timings: {},
      }),
    close: () => undefined,
  };
}

const failsWith = (error: Error) => ({ ...finds(), analyze: () => Promise.reject(error) });
const photo = new Uint8Array(1);

describe('examinePhoto', () => {
  it('takes a photo of one face', async () => {
    expect(await examinePhoto(photo, finds(square(200, 100, 150)))).toMatchObject(taken);
  });

  it('refuses two faces of similar size, and takes one with a bystander', async () => {
    const largest = square(200, 100, 150);
    expect(await examinePhoto(photo, finds(largest, square(400, 100, 90)))).toMatchObject({
      reason: 'SEVERAL_FACES',
    });
    expect(await examinePhoto(photo, finds(largest, square(400, 100, 89)))).toMatchObject(taken);
  });

  it('takes two boxes around one face for one face', async () => {
    expect(await examinePhoto(photo, finds(square(200, 60, 150), square(230, 130, 120)))).toMatchObject(
      taken,
    );
  });

  it('refuses a photo without a face, or with one too small to measure', async () => {
    expect(await examinePhoto(photo, finds())).toMatchObject({ reason: 'NO_FACE' });
    expect(await examinePhoto(photo, finds(square(0, 0, 29)))).toMatchObject({ reason: 'FACE_TOO_SMALL' });
  });

  it('refuses what cannot be recognised, with what was measured, and warns of what may not be', async () => {
    const face = (change: Partial<typeof picture>) => {
      const found = finds(square(200, 100, 150));
      return {
        ...found,
        analyze: async () => {
          const analysis = await found.analyze();
          return {
            ...analysis,
            faces: analysis.faces.map((one) => ({ ...one, picture: { ...picture, ...change } })),
          };
        },
      };
    };
    expect(await examinePhoto(photo, face({ sharpness: 0.005 }))).toMatchObject({
      ...{ reason: 'BLURRED', value: 0.005, limit: 0.008 },
    });
    expect(await examinePhoto(photo, face({ brightness: 0.05 }))).toMatchObject({ reason: 'TOO_DARK' });
    expect(await examinePhoto(photo, face({ clipped: 0.6 }))).toMatchObject({ reason: 'OVEREXPOSED' });
    expect(await examinePhoto(photo, face({ sharpness: 0.015, clipped: 0.3 }))).toMatchObject({
      warnings: [
        { code: 'SOFT', value: 0.015, limit: 0.02 },
        { code: 'HARSH_LIGHT', value: 0.3, limit: 0.15 },
      ],
    });
  });

  it("refuses what cannot be read, with the analyzer's own words", async () => {
    const damaged = new AppError('IMAGE_UNREADABLE', 'it ends too early');
    expect(await examinePhoto(photo, failsWith(damaged))).toEqual({
      reason: 'UNREADABLE',
      detail: 'it ends too early',
    });
    const bomb = new AppError('IMAGE_TOO_MANY_PIXELS', '144 megapixels');
    expect(await examinePhoto(photo, failsWith(bomb))).toMatchObject({ reason: 'TOO_MANY_PIXELS' });
  });

  it("passes on failures that are not the photo's fault, so that the batch is tried again", async () => {
    await expect(examinePhoto(photo, failsWith(new Error('no memory')))).rejects.toThrow('no memory');
  });
});
