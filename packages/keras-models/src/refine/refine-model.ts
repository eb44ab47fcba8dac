import { TARGET_FPIR } from '@facehash/contracts';
import type { Background } from '../background/background.js';
import type { FittedModel } from '../fit/fit-key-model.js';
import { everybody, type KeyStatistics } from '../fit/key-statistics.js';
import { cohortScores, thresholdAbove, type Threshold } from '../threshold.js';
import { judgeRefinement, labelled, type Judgement } from './judge-refinement.js';
import { refineClassifier } from './refine-classifier.js';

export interface Refinement {
  /** Whether `fitted` is the trained model, not the closed form. */
  readonly taken: boolean;
  readonly reason: string;
  readonly fitted: FittedModel;
}

/**
 * Trains a key's model for a few epochs from its closed form, sets its threshold by the same rule anew, and keeps it unless it names
 * fewer of the photos that were held out of both. Deterministic on one backend, as `refineClassifier` is.
 */
export async function refineModel(
  background: Background,
  statistics: KeyStatistics,
  closed: FittedModel,
  { seed = 1 }: { readonly seed?: number } = {},
): Promise<Refinement> {
  if (closed.calibration === 'uncalibrated') return unjudged(closed);
  const all = everybody(statistics);
  const judged = await judgeRefinement(background, statistics, seed);
  if (judged.refined.known.length === 0) return unjudged(closed);
  const classifier = await refineClassifier(closed.classifier, all, labelled(all, statistics.sample), seed);
  const drawn = cohortScores(background, statistics, classifier, seed);
  const at = (targetFpir: number): Threshold['balanced'] => {
    const threshold = thresholdAbove(drawn, judged.refined.strangers, targetFpir);
    return { threshold, realised: realisedBy(judged.refined, threshold) };
  };
  const strict = at(closed.targetFpir);
  const named = {
    closed: realisedBy(judged.closed, closed.threshold).tpir,
    refined: strict.realised!.tpir!,
  };
  const reason =
    `held-out photos named rightly: closed form ${named.closed.toFixed(3)}, refined ${named.refined.toFixed(3)}; ` +
    'the refined model is taken unless it names fewer';
  if (named.refined < named.closed) return { taken: false, reason, fitted: closed };
  const balanced = at(TARGET_FPIR.balanced);
  return { taken: true, reason, fitted: { ...closed, ...strict, balanced, classifier } };
}

const unjudged = (fitted: FittedModel): Refinement => ({
  taken: false,
  reason: 'with fewer than 3 people, or a photo of each, nothing can be held out to judge by',
  fitted,
});

/** What a threshold does to photos that the model does not know: of people it knows by others of their photos, and of strangers. */
function realisedBy({ strangers, known }: Judgement, threshold: number): { fpir: number; tpir: number } {
  const named = known.filter(({ own, other }) => own >= threshold && own > other);
  return {
    fpir: strangers.filter((score) => score >= threshold).length / strangers.length,
    tpir: named.length / known.length,
  };
}
