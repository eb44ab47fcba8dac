import type { FeatureTable } from '../layout/feature-table.js';

/** A table whose every number tells its photo: the character code of the photo's id. */
export function tableOf(
  photoIds: readonly string[],
  { extractor = 'dlib-1', background = 'bg-1', rank = 10 } = {},
): FeatureTable {
  const column = (width: number): Float32Array =>
    Float32Array.from({ length: photoIds.length * width }, (_, i) =>
      photoIds[Math.floor(i / width)]!.charCodeAt(0),
    );
  return {
    extractor,
    background,
    photoIds,
    columns: { landmarks: column(136), projection: column(rank), embedding: column(128) },
  };
}
