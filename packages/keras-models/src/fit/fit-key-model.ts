import type { Background } from '../background/background.js';
import { chooseThreshold, type Threshold } from '../threshold.js';
import { fitClassifier, type Classifier } from './classifier.js';
import { everybody, keyStatistics, type KeyStatistics } from './key-statistics.js';
import { type SubjectRows } from './subject-rows.js';

export interface FitOptions {
  /** Share of strangers that may be given a name, nominal: .01 is strict, .05 balanced. */
  readonly targetFpir?: number;
  readonly seed?: number;
}

/** A fitted model, not yet as layers. */
export interface FittedModel extends Threshold {
  /** Order of the model's outputs. */
  readonly subjectIds: string[];
  /** Photos of each subject. */
  readonly photos: number[];
  readonly targetFpir: number;
  readonly classifier: Classifier;
}

/** Fits the model of a key from all its photos. As `fitFromStatistics`, and as `statisticsOf` says of the rows. */
export async function fitKeyModel(
  background: Background,
  subjects: readonly SubjectRows[],
  options: FitOptions = {},
): Promise<FittedModel> {
  return fitFromStatistics(background, statisticsOf(background, subjects), options);
}

/**
 * @param subjects in any order
 * @throws AppError NO_USABLE_PHOTOS with nobody enrolled; RangeError when rows are not count × rank finite numbers, or a subject
 * is given twice
 */
export function statisticsOf({ rank }: Background, subjects: readonly SubjectRows[]): KeyStatistics {
  const sorted = subjects.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const twice = sorted.find(({ id }, i) => id === sorted[i + 1]?.id);
  if (twice) throw new RangeError(`subject ${twice.id} is given twice; merge its rows`);
  return keyStatistics(sorted, rank);
}

/**
 * Fits the model of a key in closed form: no epochs, no learning rate, the same numbers every time. Outputs are sorted by
 * subject id. Computes on this thread, in pieces of at most a fraction of a second for 1 000 subjects, so that what else the
 * process does, such as renewing the lock of its job, is not held up.
 */
export async function fitFromStatistics(
  background: Background,
  statistics: KeyStatistics,
  { targetFpir = 0.01, seed = 1 }: FitOptions = {},
): Promise<FittedModel> {
  if (!(targetFpir > 0 && targetFpir < 1)) {
    throw new RangeError(`expected targetFpir between 0 and 1, got ${targetFpir}`);
  }
  const classifier = fitClassifier(background, everybody(statistics));
  const { people } = statistics;
  return {
    subjectIds: people.map(({ id }) => id),
    photos: people.map(({ count }) => count),
    classifier,
    targetFpir,
    ...(await chooseThreshold({ background, statistics, classifier, targetFpir, seed })),
  };
}
