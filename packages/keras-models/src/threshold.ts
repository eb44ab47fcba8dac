import { TARGET_FPIR } from '@facehash/contracts';
import type { Background } from './background/background.js';
import { bestScores } from './fit/best-scores.js';
import { allToAxes, type Classifier } from './fit/classifier.js';
import type { KeyStatistics } from './fit/key-statistics.js';
import { realisedAt, scoreHeldOut, type Realised } from './held-out.js';
import { quantile } from './quantile.js';
import { drawStrangers } from './strangers.js';

export interface Threshold {
  readonly threshold: number;
  /** `uncalibrated`: the key's own photos could not be asked, the threshold rests on drawn strangers alone. */
  readonly calibration: 'calibrated' | 'uncalibrated';
  /** Null while uncalibrated. */
  readonly realised: Realised | null;
  /** The same for the share of strangers that `balanced` lets through: of the same scores, so it costs no second fit. */
  readonly balanced: Pick<Threshold, 'threshold' | 'realised'>;
}

/**
 * The score from which a name is given: the larger of two quantiles (1 − targetFpir) of strangers' best scores.
 * Strangers are the key's own people, each scored by a model refitted without them, and vectors drawn from what the
 * background says about people. With fewer than 3 labels or one photo each only the latter remain. A target, no
 * guarantee: on photos unlike the background's, expect up to four times as many strangers named. Below 0 a photo speaks
 * for "anybody" against the one who is named: only the key's own photos can show that its strangers lie lower still, so
 * without their word 0 is the least.
 */
export async function chooseThreshold(o: {
  readonly background: Background;
  readonly statistics: KeyStatistics;
  readonly classifier: Classifier;
  readonly targetFpir: number;
  readonly seed: number;
}): Promise<Threshold> {
  const drawn = cohortScores(o.background, o.statistics, o.classifier, o.seed);
  const severalPhotos = o.statistics.people.some(({ count }) => count > 1);
  const photos =
    o.statistics.people.length < 3 || !severalPhotos
      ? undefined
      : await scoreHeldOut(o.background, o.statistics);
  const strangers = photos && Float64Array.from(photos, ({ asStranger }) => asStranger);
  const at = (targetFpir: number): Threshold['balanced'] => {
    const threshold = thresholdAbove(drawn, strangers, targetFpir);
    return { threshold, realised: photos ? realisedAt(threshold, photos) : null };
  };
  return {
    ...at(o.targetFpir),
    balanced: at(TARGET_FPIR.balanced),
    calibration: photos ? 'calibrated' : 'uncalibrated',
  };
}

/** @param strangers undefined where the key's own photos cannot be asked */
export function thresholdAbove(
  drawn: Float64Array,
  strangers: Float64Array | undefined,
  targetFpir: number,
): number {
  const level = 1 - targetFpir;
  return Math.max(quantile(drawn, level), strangers === undefined ? 0 : quantile(strangers, level));
}

/** Best scores of people who never were, about the key's centre. */
export function cohortScores(
  background: Background,
  { people }: KeyStatistics,
  classifier: Classifier,
  seed: number,
): Float64Array {
  const { centre } = classifier;
  const vectors = drawStrangers(background, seed).map((t) => t.map((value, i) => centre[i]! + value));
  const counts = people.map(({ count }) => count);
  return bestScores(classifier, counts, allToAxes(classifier, vectors));
}
