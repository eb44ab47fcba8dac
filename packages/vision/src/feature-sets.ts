import type { FeatureSetName } from '@facehash/contracts';
import { EMBEDDING_SIZE } from '@facehash/sface';
import type { DetectedFace } from './detected-face.js';
import { PAIRS, ratioFeatures } from './stages/measure-ratios.js';

/** Numbers that a key's model can be made of. */
export interface FeatureSet {
  /** Numbers of one face. */
  readonly size: number;
  /** Requires: a face that was analysed for these features. */
  of(face: DetectedFace): Float32Array;
}

export const FEATURE_SETS = {
  ratios: { size: PAIRS, of: ({ landmarks }) => ratioFeatures(landmarks) },
  embedding: { size: EMBEDDING_SIZE, of: ({ embedding }) => required(embedding) },
} as const satisfies Record<FeatureSetName, FeatureSet>;

function required(embedding: Float32Array | undefined): Float32Array {
  if (embedding === undefined) throw new Error('the face was not analysed for its embedding');
  return embedding;
}
