import { AppError } from '@facehash/contracts';
import { addScatter, meanOf, mirrorLower } from './covariance.js';

export interface SubjectRows {
  readonly id: string;
  /** count × rank, projected */
  readonly rows: Float32Array;
  readonly count: number;
}

/** All that a fit needs to know of a set of subjects; adding and removing people never touches their rows again. */
export interface GroupStatistics {
  /** Photos of each subject. */
  readonly counts: readonly number[];
  /** Mean of each subject's rows, rank. */
  readonly means: readonly Float64Array[];
  /** Σ over subjects of their scatter about their own mean, rank × rank. */
  readonly scatter: Float64Array;
}

export interface KeyStatistics extends GroupStatistics {
  /** Each fold's people (indices into counts and means) and what they contribute to `scatter`. */
  readonly folds: readonly { readonly members: readonly number[]; readonly scatter: Float64Array }[];
}

/**
 * Reads every row once. Subject i falls into fold i mod `folds`: one fold per person when there are as many.
 * @throws AppError NO_USABLE_PHOTOS without subjects, or when one has no photos; RangeError when rows do not fit.
 */
export function keyStatistics(subjects: readonly SubjectRows[], rank: number, folds: number): KeyStatistics {
  if (subjects.length === 0) {
    throw new AppError(
      'NO_USABLE_PHOTOS',
      'A model needs at least one subject with one photo; none is enrolled.',
    );
  }
  const means = subjects.map((subject) => {
    requireRows(subject, rank);
    return meanOf(subject.rows, subject.count, rank);
  });
  const parts = Array.from({ length: Math.min(folds, subjects.length) }, () => ({
    members: [] as number[],
    scatter: new Float64Array(rank * rank),
  }));
  subjects.forEach(({ rows }, i) => {
    const part = parts[i % parts.length]!;
    part.members.push(i);
    addScatter(part.scatter, rows, means[i]!);
  });
  const scatter = new Float64Array(rank * rank);
  for (const part of parts) {
    mirrorLower(part.scatter, rank);
    for (let at = 0; at < scatter.length; at++) scatter[at]! += part.scatter[at]!;
  }
  return { counts: subjects.map(({ count }) => count), means, scatter, folds: parts };
}

/** The statistics as if the people of one fold had never been enrolled. */
export function withoutFold(all: KeyStatistics, fold: number): GroupStatistics {
  const { members, scatter } = all.folds[fold]!;
  const left = new Set(members);
  return {
    counts: all.counts.filter((_, i) => !left.has(i)),
    means: all.means.filter((_, i) => !left.has(i)),
    scatter: all.scatter.map((value, at) => value - scatter[at]!),
  };
}

function requireRows({ id, rows, count }: SubjectRows, rank: number): void {
  if (count < 1)
    throw new AppError('NO_USABLE_PHOTOS', `Subject ${id} has no usable photo; remove it or add one.`);
  if (rows.length !== count * rank) {
    throw new RangeError(`expected ${count} × ${rank} numbers for subject ${id}, got ${rows.length}`);
  }
  if (!rows.every(Number.isFinite)) throw new RangeError(`a row of subject ${id} holds NaN or infinity`);
}
