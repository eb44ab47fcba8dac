import type { Subject } from '@facehash/contracts';
import { project, type Background, type SubjectRows } from '@facehash/keras-models';
import { featureTables, mergeTables, type FeatureTable, type ObjectStorage } from '@facehash/storage';
import { ratioFeatures } from '@facehash/vision';

const LANDMARK_NUMBERS = 136;

/**
 * The rows of everybody given, as the background projects them; people without a usable photo are left out.
 * @param staged tables by subject that are about to become theirs
 */
export async function enrolledRows(
  storage: ObjectStorage,
  keyId: string,
  people: readonly Subject[],
  background: Background,
  staged: ReadonlyMap<string, readonly FeatureTable[]> = new Map(),
): Promise<SubjectRows[]> {
  const everybody: SubjectRows[] = [];
  for (const { id } of people) {
    // Merged: of a try that died while it enrolled, rows are in both places.
    const stored = await featureTables(storage, keyId).read(id);
    const tables = mergeTables([...stored, ...(staged.get(id) ?? [])]);
    const count = tables.reduce((sum, { photoIds }) => sum + photoIds.length, 0);
    const rows = new Float32Array(count * background.rank);
    let filled = 0;
    for (const table of tables) {
      const projection = projectionOf(table, background);
      rows.set(projection, filled);
      filled += projection.length;
    }
    if (count > 0) everybody.push({ id, rows, count });
  }
  return everybody;
}

/** Rows written by a release with other background statistics are projected again: the landmarks are what lasts. */
function projectionOf(
  { background: usedThen, photoIds, columns }: FeatureTable,
  background: Background,
): Float32Array {
  if (usedThen === background.id) return columns.projection;
  const projection = new Float32Array(photoIds.length * background.rank);
  photoIds.forEach((_, row) => {
    const landmarks = columns.landmarks.subarray(row * LANDMARK_NUMBERS, (row + 1) * LANDMARK_NUMBERS);
    projection.set(project(background, ratioFeatures(landmarks)), row * background.rank);
  });
  return projection;
}
