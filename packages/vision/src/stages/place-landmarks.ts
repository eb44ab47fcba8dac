import type { BoundingBox } from '@facehash/contracts';
import type { Box, LandmarkPredictor } from '@facehash/dlib-node';
import type { Mat, OpenCvModule } from '../opencv.js';
import { withMats } from '../with-mats.js';
import { BORDER_PX, BOX_PX, cutPatch, PATCH_PX } from './cut-patch.js';
import { squareFromBox, squareFromLandmarks } from './face-square.js';
import { unmirrorLandmarks } from './mirror-landmarks.js';

/**
 * The 68 landmarks (136 numbers x0, y0, …) of the face in `box`, both in pixels of `image`, fractions kept. Two passes: the first
 * finds how the head is turned and where dlib's own box would lie; the second looks at it upright, and at its mirror image, and
 * takes the mean (noise between a face and its mirror image is 1.6 % of the eye distance).
 */
export async function placeLandmarks(
  image: Mat,
  box: BoundingBox,
  { cv, predictor }: { cv: OpenCvModule; predictor: LandmarkPredictor },
): Promise<Float32Array> {
  return withMats(async (own) => {
    const rough = await cutPatch(image, squareFromBox(box), { cv, own });
    const [first] = await predictIn([rough.mat], predictor);
    const upright = await cutPatch(image, squareFromLandmarks(rough.toImage(first!)), { cv, own });
    const mirror = own(await upright.mat.flipAsync(1));
    const [straight, mirrored] = await predictIn([upright.mat, mirror], predictor);
    return upright.toImage(mean(straight!, unmirrorLandmarks(mirrored!, PATCH_PX)));
  });
}

/** One call of the predictor for all patches, stacked into one image. */
async function predictIn(patches: readonly Mat[], predictor: LandmarkPredictor): Promise<Float32Array[]> {
  const data = Buffer.concat(await Promise.all(patches.map((patch) => patch.getDataAsync())));
  const boxes = patches.map((_, at): Box => ({
    left: BORDER_PX,
    top: BORDER_PX + at * PATCH_PX,
    width: BOX_PX,
    height: BOX_PX,
  }));
  const found = await predictor.predict({ data, width: PATCH_PX, height: PATCH_PX * patches.length }, boxes);
  return found.map((landmarks, at) => landmarks.map((value, i) => (i % 2 ? value - at * PATCH_PX : value)));
}

const mean = (a: Float32Array, b: Float32Array) => a.map((value, at) => (value + b[at]!) / 2);
