/** Mean of the rows (count × rank). */
export function meanOf(rows: Float32Array, count: number, rank: number): Float64Array {
  const mean = new Float64Array(rank);
  for (let n = 0, at = 0; n < count; n++) for (let j = 0; j < rank; j++, at++) mean[j]! += rows[at]!;
  return mean.map((sum) => sum / count);
}

/**
 * Adds Σ (row − mean)(row − mean)' to `scatter` (rank × rank), lower triangle only. The longest loop of a fit: half a
 * matrix, and four rows a pass, because writing each sum back once a row takes twice the time.
 */
export function addScatter(scatter: Float64Array, rows: Float32Array, mean: Float64Array): void {
  const rank = mean.length;
  const [a, b, c, d] = [0, 1, 2, 3].map(() => new Float64Array(rank)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let from = 0; from < rows.length; from += 4 * rank) {
    [a, b, c, d].forEach((centred, n) => {
      const start = from + n * rank;
      if (start >= rows.length) centred.fill(0);
      else for (let i = 0; i < rank; i++) centred[i] = rows[start + i]! - mean[i]!;
    });
    for (let i = 0; i < rank; i++) {
      const row = i * rank;
      const [ai, bi, ci, di] = [a[i]!, b[i]!, c[i]!, d[i]!];
      for (let j = 0; j <= i; j++) scatter[row + j]! += ai * a[j]! + bi * b[j]! + ci * c[j]! + di * d[j]!;
    }
  }
}

/** Copies the lower triangle onto the upper one. */
export function mirrorLower(matrix: Float64Array, rank: number): void {
  for (let i = 0; i < rank; i++)
    for (let j = i + 1; j < rank; j++) matrix[i * rank + j] = matrix[j * rank + i]!;
}
