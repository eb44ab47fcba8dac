import { addScatter, meanOf } from './covariance.js';

export interface Group {
  readonly count: number;
  /** rank */
  readonly mean: Float64Array;
}

/**
 * Photos that join a person's: the new count and mean, and in `scatter` (rank × rank, lower triangle) what the person's photos
 * then scatter more than before: their own about their mean, and n m / (n + m) times the square of the two means' distance
 * (Chan, Golub & LeVeque 1983). Exact: nothing of the photos before is read.
 */
export function addRows(before: Group, rows: Float32Array, scatter: Float64Array): Group {
  const rank = before.mean.length;
  const joining = rows.length / rank;
  const mean = meanOf(rows, joining, rank);
  addScatter(scatter, rows, mean);
  if (before.count === 0) return { count: joining, mean };

  const count = before.count + joining;
  const weight = (before.count * joining) / count;
  const apart = mean.map((value, j) => value - before.mean[j]!);
  for (let i = 0; i < rank; i++)
    for (let j = 0; j <= i; j++) scatter[i * rank + j]! += weight * apart[i]! * apart[j]!;
  return { count, mean: before.mean.map((value, j) => value + (apart[j]! * joining) / count) };
}
