import { describe, expect, it } from '@jest/globals';
import { checkEngine, FACE_PIXELS, shippedNetwork } from '@facehash/sface';
import { loadOpenCv } from '../opencv.js';
import { createOpenCvEngine } from './opencv-engine.js';

describe('the OpenCV engine', () => {
  it('computes what the original network does', async () => {
    const engine = await createOpenCvEngine(loadOpenCv(), await shippedNetwork());
    expect(await checkEngine(engine)).toBeGreaterThan(0.9999);
  });

  it('answers calls that overlap, and one for no face', async () => {
    const engine = await createOpenCvEngine(loadOpenCv(), await shippedNetwork());
    const [dark, none, light] = await Promise.all([
      engine.embed(new Uint8Array(FACE_PIXELS).fill(10)),
      engine.embed(new Uint8Array()),
      engine.embed(new Uint8Array(FACE_PIXELS).fill(200)),
    ]);
    expect(none).toHaveLength(0);
    expect(dark).not.toEqual(light);
    expect(await engine.embed(new Uint8Array(FACE_PIXELS).fill(10))).toEqual(dark);
  });
});
