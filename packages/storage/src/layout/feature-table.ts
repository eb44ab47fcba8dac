/**
 * What is known about some photos of one subject, a row a photo. The projection depends on the background, the
 * landmarks and the embedding on the extractor.
 */
export interface FeatureTable {
  /** Version of the code that found the landmarks. */
  readonly extractor: string;
  /** Id of the background statistics that `projection` was computed with. */
  readonly background: string;
  readonly photoIds: readonly string[];
  readonly columns: FeatureColumns;
}

/** Row-major, photoIds.length × width; the width is told by the length. */
export interface FeatureColumns {
  /** 136 a row: x0, y0, x1, y1, … in pixels. */
  readonly landmarks: Float32Array;
  /** Of the ratios that follow from the landmarks. */
  readonly projection: Float32Array;
  /** 128 a row, as the network gives them. */
  readonly embedding: Float32Array;
  readonly [name: string]: Float32Array;
}

export const LANDMARK_NUMBERS = 136;

/** Numbers a row of this column has. Requires: at least one photo. */
export const widthOf = (table: FeatureTable, column: string): number =>
  (table.columns[column]?.length ?? 0) / table.photoIds.length;

/** Tables with the same signature can be merged: same extractor, background, columns and widths. */
function signatureOf(table: FeatureTable): string {
  const columns = Object.keys(table.columns).sort();
  return JSON.stringify([
    ...[table.extractor, table.background],
    ...columns.map((name) => [name, widthOf(table, name)]),
  ]);
}

/**
 * One table for each extractor and background, every photo once. Of a photo in several tables the first wins: a
 * compaction that has not yet deleted what it merged leaves such doubles.
 */
export function mergeTables(tables: readonly FeatureTable[]): FeatureTable[] {
  const seen = new Set<string>();
  const groups = new Map<string, { table: FeatureTable; row: number }[]>();
  for (const table of tables) {
    if (table.photoIds.length === 0) continue;
    const signature = signatureOf(table);
    const rows = groups.get(signature) ?? [];
    table.photoIds.forEach((photoId, row) => {
      if (seen.has(photoId)) return;
      seen.add(photoId);
      rows.push({ table, row });
    });
    if (rows.length > 0) groups.set(signature, rows);
  }
  return [...groups.values()].map(tableOfRows);
}

/** The same table without that photo's row; it may have no row left. */
export function withoutPhoto(table: FeatureTable, photoId: string): FeatureTable {
  const rows = table.photoIds.flatMap((id, row) => (id === photoId ? [] : [{ table, row }]));
  if (rows.length > 0) return tableOfRows(rows);
  return {
    ...table,
    photoIds: [],
    columns: {
      landmarks: new Float32Array(),
      projection: new Float32Array(),
      embedding: new Float32Array(),
    },
  };
}

function tableOfRows(rows: readonly { table: FeatureTable; row: number }[]): FeatureTable {
  const { extractor, background, columns } = rows[0]!.table;
  const mergeColumn = (name: string): Float32Array => {
    const width = widthOf(rows[0]!.table, name);
    const merged = new Float32Array(rows.length * width);
    rows.forEach(({ table, row }, at) => {
      merged.set(table.columns[name]!.subarray(row * width, (row + 1) * width), at * width);
    });
    return merged;
  };
  const photoIds = rows.map(({ table, row }) => table.photoIds[row]!);
  const merged = Object.fromEntries(Object.keys(columns).map((name) => [name, mergeColumn(name)]));
  return { extractor, background, photoIds, columns: merged as FeatureColumns & typeof merged };
}
