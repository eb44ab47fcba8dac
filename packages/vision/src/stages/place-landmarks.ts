import type { BoundingBox } from '@facehash/contracts';
import type { Box, LandmarkPredictor } from '@facehash/dlib-node';
import type { Mat, OpenCvModule } from '../opencv.js';
import { withMats } from '../with-mats.js';
import { BORDER_PX, BOX_PX, cutPatch, PATCH_PX } from './cut-patch.js';
import { squareFromBox, squareFromLandmarks } from './face-square.js';
import { unmirrorLandmarks } from './mirror-landmarks.js';

/** Where the predictor is told that the face lies, in widths of the patch's box: off to the right, downwards, and larger by. */
type Look = readonly [right: number, down: number, larger: number];

const STRAIGHT: Look = [0, 0, 0];
/**
 * Where a box is put a little differently, landmarks come out a little differently (1.6 % of the eye distance). The mean over
 * several boxes is worth about a point of rank-1 in the wild, and .03 of the enrolled at 1 % of strangers
 * (docs/adr/0012-steadier-ratios.md). The shifts add up to nothing, and so do the sizes.
 */
const LOOKS: readonly Look[] = [
  STRAIGHT,
  [0.04, 0, 0.05],
  [-0.04, 0, -0.05],
  [0, 0.04, -0.05],
  [0, -0.04, 0.05],
];

/**
 * The 68 landmarks (136 numbers x0, y0, …) of the face in `box`, both in pixels of `image`, fractions kept. Two passes: the first
 * finds how the head is turned and where dlib's own box would lie; the second looks at it upright, and at its mirror image, from
 * several boxes, and takes the mean (noise between a face and its mirror image is 1.6 % of the eye distance).
 */
export async function placeLandmarks(
  image: Mat,
  box: BoundingBox,
  { cv, predictor }: { cv: OpenCvModule; predictor: LandmarkPredictor },
): Promise<Float32Array> {
  return withMats(async (own) => {
    const rough = await cutPatch(image, squareFromBox(box), { cv, own });
    const [first] = await predictIn([rough.mat], [STRAIGHT], predictor);
    const upright = await cutPatch(image, squareFromLandmarks(rough.toImage(first!)), { cv, own });
    const mirror = own(await upright.mat.flipAsync(1));
    const [straight, mirrored] = await predictIn([upright.mat, mirror], LOOKS, predictor);
    return upright.toImage(meanOf([straight!, unmirrorLandmarks(mirrored!, PATCH_PX)]));
  });
}

/** For each patch the mean over all looks. One call of the predictor, for which the patches are stacked into one image. */
async function predictIn(
  patches: readonly Mat[],
  looks: readonly Look[],
  predictor: LandmarkPredictor,
): Promise<Float32Array[]> {
  const data = Buffer.concat(await Promise.all(patches.map((patch) => patch.getDataAsync())));
  const boxes = patches.flatMap((_, at) => looks.map((look) => boxOf(look, at * PATCH_PX)));
  const found = await predictor.predict({ data, width: PATCH_PX, height: PATCH_PX * patches.length }, boxes);
  return patches.map((_, at) =>
    meanOf(found.slice(at * looks.length, (at + 1) * looks.length)).map((value, i) =>
      i % 2 ? value - at * PATCH_PX : value,
    ),
  );
}

/** @param top of its patch in the stack */
function boxOf([right, down, larger]: Look, top: number): Box {
  const side = BOX_PX * (1 + larger);
  const [left, below] = [right, down].map((shift) => BORDER_PX + BOX_PX * (shift - larger / 2));
  return { left: Math.round(left!), top: Math.round(top + below!), width: side, height: side };
}

function meanOf(points: readonly Float32Array[]): Float32Array {
  return points[0]!.map((_, at) => points.reduce((sum, own) => sum + own[at]!, 0) / points.length);
}
