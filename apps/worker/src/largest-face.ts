import { AppError, type FeatureSetName, type VerifiedImage } from '@facehash/contracts';
import type { DetectedFace, FaceAnalyzer } from '@facehash/vision';
import { faceAnswer } from './face-answer.js';
import { countFaces } from './same-face.js';

/** The face of an image that is compared, and what the caller is told of it. */
export interface LargestFace {
  readonly face: DetectedFace;
  readonly shown: VerifiedImage;
  readonly timings: Readonly<Record<string, number>>;
}

/**
 * Thoroughly, as photos are examined that are enrolled: company in the background is counted too, for whoever wants to be
 * sure which face was meant.
 * @throws AppError NO_FACE naming the field; whatever the analyzer throws
 */
export async function findLargestFace(
  analyzer: FaceAnalyzer,
  field: VerifiedImage['field'],
  photo: Uint8Array,
  features: readonly FeatureSetName[],
): Promise<LargestFace> {
  const { image, faces, boxes, timings } = await analyzer.analyze(photo, {
    profile: 'thorough',
    maxFaces: 1,
    features,
  });
  const face = faces[0];
  if (face === undefined) {
    throw new AppError('NO_FACE', `No face was found in "${field}"; send a frontal, well lit face.`, {
      details: { field },
    });
  }
  const shown = { field, ...image, faces: countFaces(boxes), face: faceAnswer(face) };
  return { face, shown, timings };
}
