import type { SubjectRows } from './subject-rows.js';

/** Held-out photos that are scored at most: 2 000 place a 1 % quantile to ±.2 % of strangers. */
const MAX_PHOTOS = 2000;

/** A photo that is kept. */
export interface SampledPhoto {
  /** Whose it is. */
  readonly id: string;
  readonly photoId: string | undefined;
  /** Of its row. */
  readonly mark: number;
  /** rank */
  readonly row: Float32Array;
}

/** The photos that the threshold is asked of. */
export const heldOut = (sample: readonly SampledPhoto[]): readonly SampledPhoto[] =>
  sample.slice(0, MAX_PHOTOS);

/**
 * The photos with the smallest marks, and behind them the smallest of everybody who has none among these. Marks mean nothing, so
 * it is a fair draw; and whatever order photos come in, the same ones are drawn, since one that has been passed over never
 * comes back.
 * @param marks of the rows of each of `subjects`, count
 */
export function drawSample(
  before: readonly SampledPhoto[],
  subjects: readonly SubjectRows[],
  marks: readonly Float64Array[],
  rank: number,
): SampledPhoto[] {
  const largest = nthSmallest(before, marks);
  const candidates = [...before];
  subjects.forEach(({ id, rows, photoIds }, at) => {
    const smallest = marks[at]!.reduce((a, b) => Math.min(a, b), Infinity);
    marks[at]!.forEach((mark, photo) => {
      if (mark > largest && mark > smallest) return;
      // A copy: a view would keep all rows of the subject in memory.
      const row = rows.slice(photo * rank, (photo + 1) * rank);
      candidates.push({ id, photoId: photoIds?.[photo], mark, row });
    });
  });
  candidates.sort((a, b) => a.mark - b.mark || (a.id < b.id ? -1 : Number(a.id > b.id)));
  const shown = new Set<string>();
  return candidates.filter(({ id }, place) => {
    const kept = place < MAX_PHOTOS || !shown.has(id);
    shown.add(id);
    return kept;
  });
}

function nthSmallest(before: readonly SampledPhoto[], marks: readonly Float64Array[]): number {
  const all = new Float64Array(marks.reduce((sum, { length }) => sum + length, before.length));
  before.forEach(({ mark }, at) => (all[at] = mark));
  marks.reduce((at, some) => (all.set(some, at), at + some.length), before.length);
  return all.length <= MAX_PHOTOS ? Infinity : all.sort()[MAX_PHOTOS - 1]!;
}
