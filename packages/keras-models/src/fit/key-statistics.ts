import { AppError } from '@facehash/contracts';
import { addRows, type Group } from './add-rows.js';
import { mirrorLower } from './covariance.js';
import { drawSample, heldOut, type SampledPhoto } from './held-out-sample.js';
import { marksOf } from './row-marks.js';
import { requireRows, type SubjectRows } from './subject-rows.js';

/** What a fit needs to know of a set of people. */
export interface GroupStatistics {
  /** In the order of the outputs of a model that is fitted to it. */
  readonly ids: readonly string[];
  /** Photos of each subject. */
  readonly counts: readonly number[];
  /** Mean of each subject's rows, rank. */
  readonly means: readonly Float64Array[];
  /** Σ over subjects of their scatter about their own mean, rank × rank. */
  readonly scatter: Float64Array;
}

export interface PersonStatistics {
  readonly id: string;
  readonly count: number;
  /** rank */
  readonly mean: Float64Array;
  /** By which the rows that are in here are known again, count. */
  readonly marks: Float64Array;
}

/** All that a fit, its threshold included, needs to know of a key's photos; `withRows` adds to it without reading them again. */
export interface KeyStatistics {
  readonly rank: number;
  /** By id. */
  readonly people: readonly PersonStatistics[];
  /** What each group of people that is left out together contributes to the scatter; lower triangles of rank × rank. */
  readonly scatters: readonly Float64Array[];
  /** The photos that the threshold is asked of, and of everybody at least one. */
  readonly sample: readonly SampledPhoto[];
}

/** Up to so many subjects each is left out alone; beyond, people are left out in so many groups (bench/fit.ts). */
export const MAX_FOLDS = 12;

/**
 * Reads every row once.
 * @param subjects by id, each once
 * @throws AppError NO_USABLE_PHOTOS without subjects, or when one has no photos; RangeError when rows do not fit.
 */
export function keyStatistics(subjects: readonly SubjectRows[], rank: number): KeyStatistics {
  if (subjects.length === 0) {
    throw new AppError(
      'NO_USABLE_PHOTOS',
      'A model needs at least one subject with one photo; none is enrolled.',
    );
  }
  for (const subject of subjects) requireRows(subject, rank);
  const folds = Math.min(MAX_FOLDS, subjects.length);
  const scatters = Array.from({ length: folds }, () => new Float64Array(rank * rank));
  const marks = subjects.map(({ rows }) => marksOf(rows, rank));
  const people = subjects.map(({ id, rows, count }, at): PersonStatistics => {
    const nobody: Group = { count: 0, mean: new Float64Array(rank) };
    const added = addRows(nobody, rows, scatters[foldOf(id, at, subjects.length)]!);
    return { id, count, mean: added.mean, marks: marks[at]! };
  });
  return { rank, people, scatters, sample: drawSample([], subjects, marks, rank) };
}

/**
 * Which group somebody is left out with. Beyond one group a person it is told by the id alone, so that a newcomer moves
 * nobody to another group.
 */
export function foldOf(id: string, at: number, people: number): number {
  if (people <= MAX_FOLDS) return at;
  let hash = 2166136261; // FNV-1a
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 16777619);
  return (hash >>> 0) % MAX_FOLDS;
}

export const everybody = (all: KeyStatistics): GroupStatistics => group(all, () => true);

/** The statistics as if the people of one fold had never been enrolled. */
export const withoutFold = (all: KeyStatistics, left: number): GroupStatistics =>
  group(all, (fold) => fold !== left);

/** The photos that the threshold is asked of, of the people of one fold. */
export function heldOutIn({ people, sample }: KeyStatistics, wanted: number): SampledPhoto[] {
  const folds = new Map(people.map(({ id }, at) => [id, foldOf(id, at, people.length)]));
  return heldOut(sample).filter(({ id }) => folds.get(id) === wanted);
}

function group(
  { rank, people, scatters }: KeyStatistics,
  wanted: (fold: number) => boolean,
): GroupStatistics {
  const members = people.filter(({ id }, at) => wanted(foldOf(id, at, people.length)));
  const scatter = new Float64Array(rank * rank);
  scatters.forEach((part, fold) => {
    if (wanted(fold)) for (let at = 0; at < scatter.length; at++) scatter[at]! += part[at]!;
  });
  mirrorLower(scatter, rank);
  return {
    ids: members.map(({ id }) => id),
    counts: members.map(({ count }) => count),
    means: members.map(({ mean }) => mean),
    scatter,
  };
}
