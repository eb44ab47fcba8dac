import type { FeatureTable } from '@facehash/storage';
import { FEATURE_SETS } from '@facehash/vision';

/**
 * Embeddings with this cosine are of one photo, copied or saved again; docs/enrolment.md has what it takes for two photos to be as
 * alike. A photo that counts twice makes a person look less changeable than they are.
 */
export const DUPLICATE_LIKENESS = 0.995;

export interface Duplicate {
  readonly photoId: string;
  /** Cosine to the photo it repeats. */
  readonly likeness: number;
}

/** Which of the new photos repeat one of the known, or a new one before them. Photos that are in both are no duplicates of themselves. */
export function duplicates(fresh: readonly FeatureTable[], known: readonly FeatureTable[]): Duplicate[] {
  const isFresh = new Set(fresh.flatMap(({ photoIds }) => photoIds));
  const kept = directionsOf(known).filter(({ photoId }) => !isFresh.has(photoId));
  const repeated: Duplicate[] = [];
  for (const one of directionsOf(fresh)) {
    const likeness = Math.max(-1, ...kept.map((other) => dot(one.direction, other.direction)));
    if (likeness >= DUPLICATE_LIKENESS) repeated.push({ photoId: one.photoId, likeness });
    else kept.push(one);
  }
  return repeated;
}

function directionsOf(tables: readonly FeatureTable[]): { photoId: string; direction: Float32Array }[] {
  const { size } = FEATURE_SETS.embedding;
  return tables.flatMap(({ photoIds, columns }) =>
    photoIds.map((photoId, row) => {
      const embedding = columns.embedding.subarray(row * size, (row + 1) * size);
      const length = Math.hypot(...embedding);
      return { photoId, direction: embedding.map((value) => value / length) };
    }),
  );
}

const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, at) => sum + value * b[at]!, 0);
