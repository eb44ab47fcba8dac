import type { SubjectRows } from './key-statistics.js';

/** Held-out photos that are scored at most: 2 000 place a 1 % quantile to ±.2 % of strangers. */
const MAX_PHOTOS = 2000;

/** A photo that the threshold is asked of. */
export interface SampledPhoto {
  /** Whose it is. */
  readonly id: string;
  /** Of its row. */
  readonly mark: number;
  /** rank */
  readonly row: Float32Array;
}

/**
 * The photos with the smallest marks. Marks mean nothing, so it is a fair draw; and whatever order photos come in, the same
 * ones are drawn, since one that has been passed over never comes back.
 * @param marks of the rows of each of `subjects`, count
 */
export function drawSample(
  before: readonly SampledPhoto[],
  subjects: readonly SubjectRows[],
  marks: readonly Float64Array[],
  rank: number,
): SampledPhoto[] {
  const largest = nthSmallest([...before.map(({ mark }) => mark), ...marks.flatMap((some) => [...some])]);
  const sample = before.filter(({ mark }) => mark <= largest);
  subjects.forEach(({ id, rows }, at) => {
    marks[at]!.forEach((mark, photo) => {
      // A copy: a view would keep all rows of the subject in memory.
      if (mark <= largest) sample.push({ id, mark, row: rows.slice(photo * rank, (photo + 1) * rank) });
    });
  });
  return sample
    .sort((a, b) => a.mark - b.mark || (a.id < b.id ? -1 : Number(a.id > b.id)))
    .slice(0, MAX_PHOTOS);
}

function nthSmallest(marks: number[]): number {
  if (marks.length <= MAX_PHOTOS) return Infinity;
  return Float64Array.from(marks).sort()[MAX_PHOTOS - 1]!;
}
