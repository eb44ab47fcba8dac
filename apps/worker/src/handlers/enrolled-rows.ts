import type { FeatureSetName, Subject } from '@facehash/contracts';
import { joinRows, project, type Background } from '@facehash/keras-models';
import { featureTables, mergeTables, type FeatureTable, type ObjectStorage } from '@facehash/storage';
import { FEATURE_SETS, ratioFeatures } from '@facehash/vision';
import type { Backgrounds } from '../backgrounds.js';
import type { IdentifiedRows } from './model-report.js';

const LANDMARK_NUMBERS = 136;

/** Everybody's rows, as the backgrounds project them, by feature set. */
export type EnrolledRows = Readonly<Record<FeatureSetName, readonly IdentifiedRows[]>>;

/**
 * The rows of everybody given; people without a usable photo are left out.
 * @param staged tables by subject that are about to become theirs
 */
export async function enrolledRows(
  storage: ObjectStorage,
  keyId: string,
  people: readonly Subject[],
  backgrounds: Backgrounds,
  staged: ReadonlyMap<string, readonly FeatureTable[]> = new Map(),
): Promise<EnrolledRows> {
  const everybody = { ratios: [] as IdentifiedRows[], embedding: [] as IdentifiedRows[] };
  for (const { id } of people) {
    // Merged: of a try that died while it enrolled, rows are in both places.
    const stored = await featureTables(storage, keyId).read(id);
    const tables = mergeTables([...stored, ...(staged.get(id) ?? [])]);
    const photoIds = tables.flatMap((table) => table.photoIds);
    const count = photoIds.length;
    if (count === 0) continue;
    const { ratios, embedding } = backgrounds;
    everybody.ratios.push({
      id,
      count,
      photoIds,
      rows: joinRows(tables.map((table) => ratioRows(table, ratios))),
    });
    everybody.embedding.push({
      ...{ id, count, photoIds },
      rows: joinRows(tables.map((table) => embeddingRows(table, embedding))),
    });
  }
  return everybody;
}

/** Rows written by a release with other background statistics are projected again: the landmarks are what lasts. */
function ratioRows({ background: usedThen, columns }: FeatureTable, background: Background): Float32Array {
  if (usedThen === background.id) return columns.projection;
  return projected(columns.landmarks, LANDMARK_NUMBERS, background, ratioFeatures);
}

function embeddingRows({ columns }: FeatureTable, background: Background): Float32Array {
  return projected(columns.embedding, FEATURE_SETS.embedding.size, background, (row) => row);
}

function projected(
  column: Float32Array,
  width: number,
  background: Background,
  toFeatures: (row: Float32Array) => Float32Array,
): Float32Array {
  const count = column.length / width;
  const rows = new Float32Array(count * background.rank);
  for (let row = 0; row < count; row++) {
    const features = toFeatures(column.subarray(row * width, (row + 1) * width));
    rows.set(project(background, features), row * background.rank);
  }
  return rows;
}
