import type { Classifier } from './fit/classifier.js';

/** Two outputs of a model that may be one person. */
export interface LookAlikes {
  readonly labels: readonly [number, number];
  /** What the label of the one says to the photos of the other, on average; of both directions the larger. Above 0. */
  readonly score: number;
}

/** Of a key where everybody resembles everybody the closest are told. */
const MAX_PAIRS = 100;

/**
 * Pairs of people whose photos speak for each other rather than for anybody, the closest first: a person enrolled under two labels,
 * or two who look the same. Read off the model alone: along each axis it expects photos of a person at m with variance v, so the
 * mean of what another label says to them is known in closed form. The threshold has no say: two labels of one person push it
 * beyond both. Time grows with the square of the labels; a thousand take a second.
 *
 * Everybody enrolled under two labels, three photos each (`pnpm bench quality`, 2026-11-24): embeddings found 33 of 34 pairs on LFW and
 * 40 of 40 on ORL, and no other; ratios 28 and 39, and 8 and 3 others.
 */
export function lookAlikes(classifier: Classifier): LookAlikes[] {
  const { labels } = classifier;
  const expected = Array.from({ length: labels }, (_, label) => predictive(classifier, label));
  const pairs: LookAlikes[] = [];
  for (let a = 0; a < labels; a++) {
    for (let b = a + 1; b < labels; b++) {
      const score = Math.max(meanScore(classifier, expected[a]!, b), meanScore(classifier, expected[b]!, a));
      if (score > 0) pairs.push({ labels: [a, b], score });
    }
  }
  return pairs.sort((one, other) => other.score - one.score).slice(0, MAX_PAIRS);
}

interface Predictive {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Where the model expects the next photo of a label: solved from linear = m / v and square = ½ / (1 + b) − ½ / v. */
function predictive({ rank, between, linear, square }: Classifier, label: number): Predictive {
  const variance = between.map((b, j) => 1 / (1 / (1 + b) - 2 * square[label * rank + j]!));
  return { mean: variance.map((v, j) => linear[label * rank + j]! * v), variance };
}

function meanScore(
  { rank, linear, square, bias }: Classifier,
  { mean, variance }: Predictive,
  label: number,
): number {
  let score = bias[label]!;
  for (let j = 0, row = label * rank; j < rank; j++)
    score += linear[row + j]! * mean[j]! + square[row + j]! * (mean[j]! ** 2 + variance[j]!);
  return score;
}
