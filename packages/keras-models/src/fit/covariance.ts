/** Mean of the rows (count × rank). */
export function meanOf(rows: Float32Array, count: number, rank: number): Float64Array {
  const mean = new Float64Array(rank);
  for (let at = 0; at < count * rank; at++) mean[at % rank]! += rows[at]!;
  return mean.map((sum) => sum / count);
}

/** Adds Σ (row − mean)(row − mean)' to `scatter` (rank × rank), lower triangle only: half the work of a fit's longest loop. */
export function addScatter(scatter: Float64Array, rows: Float32Array, mean: Float64Array): void {
  const rank = mean.length;
  const centred = new Float64Array(rank);
  for (let from = 0; from < rows.length; from += rank) {
    for (let i = 0; i < rank; i++) centred[i] = rows[from + i]! - mean[i]!;
    for (let i = 0; i < rank; i++) {
      const value = centred[i]!;
      const row = i * rank;
      for (let j = 0; j <= i; j++) scatter[row + j]! += value * centred[j]!;
    }
  }
}

/** Copies the lower triangle onto the upper one. */
export function mirrorLower(matrix: Float64Array, rank: number): void {
  for (let i = 0; i < rank; i++)
    for (let j = i + 1; j < rank; j++) matrix[i * rank + j] = matrix[j * rank + i]!;
}
