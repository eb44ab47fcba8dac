import type { Background } from './background/background.js';
import { bestScore, toAxes, type Classifier } from './fit/classifier.js';
import { lowerFactor } from './fit/discriminant-axes.js';
import type { KeyStatistics, SubjectRows } from './fit/key-statistics.js';
import { createRandom } from './fit/random.js';
import { realisedAt, scoreHeldOut, type Realised } from './held-out.js';

/** Up to so many subjects each is left out alone; beyond, people are left out in so many groups (bench/fit.ts). */
export const MAX_FOLDS = 12;
const COHORT_VECTORS = 1500;
/** Heavier tails than a normal distribution: the latter lets through ten times the nominal share of real strangers. */
const STUDENT_DEGREES = 8;

export interface Threshold {
  readonly threshold: number;
  /** `uncalibrated`: the key's own photos could not be asked, the threshold rests on drawn strangers alone. */
  readonly calibration: 'calibrated' | 'uncalibrated';
  /** Null while uncalibrated. */
  readonly realised: Realised | null;
}

/**
 * The score from which a name is given: the larger of two quantiles (1 − targetFpir) of strangers' best scores.
 * Strangers are the key's own people, each scored by a model refitted without them, and vectors drawn from what the
 * background says about people. With fewer than 3 labels or one photo each only the latter remain. A target, no
 * guarantee: on photos unlike the background's, expect up to four times as many strangers named. Never below 0, where
 * the photo would speak for "anybody" against the one who is named: reached by keys of one person.
 */
export async function chooseThreshold(o: {
  readonly background: Background;
  readonly subjects: readonly SubjectRows[];
  readonly statistics: KeyStatistics;
  readonly classifier: Classifier;
  readonly targetFpir: number;
  readonly seed: number;
}): Promise<Threshold> {
  const level = 1 - o.targetFpir;
  const drawn = quantile(cohortScores(o.background, o.classifier, o.seed), level);
  const severalPhotos = o.statistics.counts.some((count) => count > 1);
  if (o.subjects.length < 3 || !severalPhotos)
    return { threshold: Math.max(0, drawn), calibration: 'uncalibrated', realised: null };
  const photos = await scoreHeldOut(o.background, o.subjects, o.statistics);
  const strangers = Float64Array.from(photos, ({ asStranger }) => asStranger);
  const threshold = Math.max(0, drawn, quantile(strangers, level));
  return { threshold, calibration: 'calibrated', realised: realisedAt(threshold, photos) };
}

/** Best scores of Student-t vectors around the key's centre, scaled to the covariance within + between. */
function cohortScores(background: Background, classifier: Classifier, seed: number): Float64Array {
  const { rank, within, between } = background;
  const factor = lowerFactor(
    Float64Array.from(within, (value, at) => value + between[at]!),
    rank,
  ).to1DArray();
  const random = createRandom(seed);
  const z = new Float64Array(rank);
  const t = new Float64Array(rank);
  const x = new Float64Array(rank);
  return new Float64Array(COHORT_VECTORS).map(() => {
    for (let j = 0; j < rank; j++) z[j] = random.normal();
    // χ² of an even number of degrees is −2 ln of a product of uniforms; a t vector's covariance is ν/(ν − 2) times too large.
    let chiSquare = 0;
    for (let k = 0; k < STUDENT_DEGREES / 2; k++) chiSquare -= 2 * Math.log(random.uniform());
    const scale = Math.sqrt((STUDENT_DEGREES - 2) / chiSquare);
    for (let i = 0; i < rank; i++) {
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += factor[i * rank + j]! * z[j]!;
      t[i] = classifier.centre[i]! + scale * sum;
    }
    toAxes(classifier, t, x);
    return bestScore(classifier, x);
  });
}

/** Linear between order statistics (type 7 of Hyndman & Fan 1996, the usual one). */
function quantile(values: Float64Array, level: number): number {
  const sorted = values.toSorted();
  const at = level * (sorted.length - 1);
  const low = sorted[Math.floor(at)]!;
  return low + (at - Math.floor(at)) * (sorted[Math.ceil(at)]! - low);
}
