import type { Classifier } from './classifier.js';
import { multiplyByTransposed } from './products.js';

/** Vectors of which all labels' scores are in memory at once: 2 MB for a thousand labels. */
const TOGETHER = 256;

export interface Best {
  /** −∞ where there is no other label. */
  readonly scores: Float64Array;
  /** Whose; −1 where there is no other label. */
  readonly labels: Int32Array;
}

/** The largest LLR of any label for each of many vectors; parameters as `bestLabels`. */
export const bestScores = (...parameters: Parameters<typeof bestLabels>): Float64Array =>
  bestLabels(...parameters).scores;

/**
 * `bestScore` with the label, of many.
 * @param counts photos of each label
 * @param x n × rank, along the classifier's axes
 * @param except for each vector a label that is left out
 */
export function bestLabels(
  classifier: Classifier,
  counts: readonly number[],
  x: Float64Array,
  except?: readonly number[],
): Best {
  const { rank, labels } = classifier;
  const score = scorer(classifier, counts);
  const n = x.length / rank;
  const best = { scores: new Float64Array(n).fill(-Infinity), labels: new Int32Array(n).fill(-1) };
  for (let from = 0; from < n; from += TOGETHER) {
    const scores = score(x.subarray(from * rank, Math.min(n, from + TOGETHER) * rank));
    for (let at = from; at * labels < from * labels + scores.length; at++) {
      const without = except?.[at] ?? -1;
      for (let label = 0; label < labels; label++) {
        const value = scores[(at - from) * labels + label]!;
        if (value <= best.scores[at]! || label === without) continue;
        best.scores[at] = value;
        best.labels[at] = label;
      }
    }
  }
  return best;
}

/**
 * Every label's LLR for n vectors along the classifier's axes, n × labels, as products of matrices. How x² counts depends on a label's
 * number of photos alone, so it is summed once for each number there is instead of once for each label: half the work.
 */
export function scorer(
  { rank, labels, linear, square, bias }: Classifier,
  counts: readonly number[],
): (x: Float64Array) => Float64Array {
  const distinct = [...new Set(counts)];
  const kindOf = Uint32Array.from(counts, (count) => distinct.indexOf(count));
  const squares = new Float64Array(distinct.length * rank);
  distinct.forEach((count, kind) => {
    const label = counts.indexOf(count);
    squares.set(square.subarray(label * rank, (label + 1) * rank), kind * rank);
  });
  return (x) => {
    const n = x.length / rank;
    const scores = multiplyByTransposed(x, linear, n, rank, labels);
    const xx = x.map((value) => value * value);
    const powers = multiplyByTransposed(xx, squares, n, rank, distinct.length);
    for (let at = 0; at < n; at++)
      for (let label = 0; label < labels; label++)
        scores[at * labels + label]! += bias[label]! + powers[at * distinct.length + kindOf[label]!]!;
    return scores;
  };
}
