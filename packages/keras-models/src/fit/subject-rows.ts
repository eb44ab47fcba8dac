import { AppError } from '@facehash/contracts';

export interface SubjectRows {
  readonly id: string;
  /** count × rank, projected */
  readonly rows: Float32Array;
  readonly count: number;
  /** What the caller calls them, count; kept with those that are sampled. */
  readonly photoIds?: readonly string[];
}

/** @throws AppError NO_USABLE_PHOTOS without a photo; RangeError when the rows are not count × rank finite numbers */
export function requireRows({ id, rows, count }: SubjectRows, rank: number): void {
  if (count < 1)
    throw new AppError('NO_USABLE_PHOTOS', `Subject ${id} has no usable photo; remove it or add one.`);
  if (rows.length !== count * rank) {
    throw new RangeError(`expected ${count} × ${rank} numbers for subject ${id}, got ${rows.length}`);
  }
  if (!rows.every(Number.isFinite)) throw new RangeError(`a row of subject ${id} holds NaN or infinity`);
}
