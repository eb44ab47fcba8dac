import type { Subject } from '@facehash/contracts';
import { project, type Background, type SubjectRows } from '@facehash/keras-models';
import { featureTables, type FeatureTable, type ObjectStorage } from '@facehash/storage';
import { ratioFeatures } from '@facehash/vision';

const LANDMARK_NUMBERS = 136;

/** The rows of everybody given, as the background projects them; people without a usable photo are left out. */
export async function enrolledRows(
  storage: ObjectStorage,
  keyId: string,
  people: readonly Subject[],
  background: Background,
): Promise<SubjectRows[]> {
  const tables = featureTables(storage, keyId);
  const rows: SubjectRows[] = [];
  for (const { id } of people) {
    const table = await tables.read(id);
    if (table === undefined || table.photoIds.length === 0) continue;
    rows.push({ id, rows: projected(table, background), count: table.photoIds.length });
  }
  return rows;
}

/** Rows written by a release with other background statistics are projected again: landmarks are what lasts. */
function projected({ background: writtenWith, columns }: FeatureTable, background: Background): Float32Array {
  if (writtenWith === background.id) return columns.projection;
  const count = columns.landmarks.length / LANDMARK_NUMBERS;
  const rows = new Float32Array(count * background.rank);
  for (let photo = 0; photo < count; photo++) {
    const landmarks = columns.landmarks.subarray(photo * LANDMARK_NUMBERS, (photo + 1) * LANDMARK_NUMBERS);
    rows.set(project(background, ratioFeatures(landmarks)), photo * background.rank);
  }
  return rows;
}
