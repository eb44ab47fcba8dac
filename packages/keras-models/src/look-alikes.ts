import type { Classifier } from './fit/classifier.js';
import { multiplyByTransposed } from './fit/products.js';

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
 * beyond both. Time grows with the square of the labels; a thousand take .2 s.
 *
 * Everybody enrolled under two labels, three photos each (`pnpm bench quality`, 2026-11-24): embeddings found 33 of 34 pairs on LFW and
 * 40 of 40 on ORL, and no other; ratios 28 and 39, and 8 and 3 others.
 */
export function lookAlikes(classifier: Classifier): LookAlikes[] {
  const { labels } = classifier;
  const scores = meanScores(classifier);
  const pairs: LookAlikes[] = [];
  for (let a = 0; a < labels; a++) {
    for (let b = a + 1; b < labels; b++) {
      const score = Math.max(scores[a * labels + b]!, scores[b * labels + a]!);
      if (score > 0) pairs.push({ labels: [a, b], score });
    }
  }
  return pairs.sort((one, other) => other.score - one.score).slice(0, MAX_PAIRS);
}

/**
 * What a label says on average to the next photo of another, labels × labels, a row for whose photo it is. The model expects that photo
 * where linear = m / v and square = ½ / (1 + b) − ½ / v have it.
 */
function meanScores({ rank, labels, between, linear, square, bias }: Classifier): Float64Array {
  const [means, squares] = [new Float64Array(labels * rank), new Float64Array(labels * rank)];
  for (let at = 0; at < labels * rank; at++) {
    const variance = 1 / (1 / (1 + between[at % rank]!) - 2 * square[at]!);
    means[at] = linear[at]! * variance;
    squares[at] = means[at]! ** 2 + variance;
  }
  const scores = multiplyByTransposed(means, linear, labels, rank, labels);
  const ofSquares = multiplyByTransposed(squares, square, labels, rank, labels);
  return scores.map((score, at) => score + ofSquares[at]! + bias[at % labels]!);
}
