import { fpir, meanSd, tpir, type ScoredBy } from './metrics.js';
import type { Rates } from './figures.js';
import type { Trial } from './run-trial.js';

/** A rule that names people by a threshold that knows nothing of who is enrolled. */
export interface FixedRule {
  readonly name: string;
  readonly by: ScoredBy;
  readonly threshold: number;
}

/** The usual ones. OpenCV documents cosine .363 for SFace; .40 is what cautious users are told to try. */
export const FIXED_RULES: readonly FixedRule[] = [
  { name: 'best label, always', by: 'llr', threshold: -Infinity },
  { name: 'softmax ≥ .5', by: 'softmax', threshold: 0.5 },
  { name: 'softmax ≥ .9', by: 'softmax', threshold: 0.9 },
];

/** For features that were made to be compared so. */
export const COSINE_RULES: readonly FixedRule[] = [
  { name: 'cosine ≥ .363', by: 'cosine', threshold: 0.363 },
  { name: 'cosine ≥ .40', by: 'cosine', threshold: 0.4 },
];

export interface RuleFigures extends Rates {
  readonly name: string;
}

export function judgeRules(trials: readonly Trial[], rules: readonly FixedRule[]): RuleFigures[] {
  return rules.map(({ name, by, threshold }) => ({
    name,
    fpir: meanSd(trials.map(({ probes }) => fpir(probes, threshold, by))),
    tpir: meanSd(trials.map(({ probes }) => tpir(probes, threshold, by))),
  }));
}
