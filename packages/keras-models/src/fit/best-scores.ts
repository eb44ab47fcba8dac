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
 * `bestScore` as a product of matrices, with the label. How x² counts depends on a label's number of photos alone, so it is summed
 * once for each number there is instead of once for each label: half the work.
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
  const { rank, labels, linear, square, bias } = classifier;
  const distinct = [...new Set(counts)];
  const kindOf = Uint32Array.from(counts, (count) => distinct.indexOf(count));
  const squares = new Float64Array(distinct.length * rank);
  distinct.forEach((count, kind) => {
    const label = counts.indexOf(count);
    squares.set(square.subarray(label * rank, (label + 1) * rank), kind * rank);
  });

  const n = x.length / rank;
  const best = { scores: new Float64Array(n).fill(-Infinity), labels: new Int32Array(n).fill(-1) };
  for (let from = 0; from < n; from += TOGETHER) {
    const many = Math.min(TOGETHER, n - from);
    const part = x.subarray(from * rank, (from + many) * rank);
    const products = multiplyByTransposed(part, linear, many, rank, labels);
    const powers = multiplyByTransposed(
      part.map((value) => value * value),
      squares,
      many,
      rank,
      distinct.length,
    );
    for (let at = 0; at < many; at++) {
      const without = except?.[from + at] ?? -1;
      for (let label = 0; label < labels; label++) {
        const quadratic = powers[at * distinct.length + kindOf[label]!]!;
        const score = bias[label]! + products[at * labels + label]! + quadratic;
        if (score <= best.scores[from + at]! || label === without) continue;
        best.scores[from + at] = score;
        best.labels[from + at] = label;
      }
    }
  }
  return best;
}
