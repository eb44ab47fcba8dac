import { describe, expect, it } from '@jest/globals';
import { AppError, type BoundingBox } from '@facehash/contracts';
import { examinePhoto } from './examine-photo.js';

const square = (left: number, top: number, side: number): BoundingBox => ({
  left,
  top,
  width: side,
  height: side,
});
const landmarks = new Float32Array(136);

/** An analyzer that finds these boxes, the first of which is the largest. */
function finds(...boxes: BoundingBox[]) {
  return {
    description: { opencv: '', decoder: '', reason: '', engine: '' },
    analyze: () =>
      Promise.resolve({
        image: { width: 640, height: 480 },
        faces: boxes.slice(0, 1).map((box) => ({ box, landmarks })),
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
    expect(await examinePhoto(photo, finds(square(200, 100, 150)))).toEqual({ landmarks });
  });

  it('refuses two faces of similar size, and takes one with a bystander', async () => {
    const largest = square(200, 100, 150);
    expect(await examinePhoto(photo, finds(largest, square(400, 100, 90)))).toMatchObject({
      reason: 'SEVERAL_FACES',
    });
    expect(await examinePhoto(photo, finds(largest, square(400, 100, 89)))).toEqual({ landmarks });
  });

  it('takes two boxes around one face for one face', async () => {
    expect(await examinePhoto(photo, finds(square(200, 60, 150), square(230, 130, 120)))).toEqual({
      landmarks,
    });
  });

  it('refuses a photo without a face, or with one too small to measure', async () => {
    expect(await examinePhoto(photo, finds())).toMatchObject({ reason: 'NO_FACE' });
    expect(await examinePhoto(photo, finds(square(0, 0, 39)))).toMatchObject({ reason: 'FACE_TOO_SMALL' });
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
