import type { Classifier } from './classifier.js';
import { multiplyByTransposed } from './products.js';

/** Vectors of which all labels' scores are in memory at once: 2 MB for a thousand labels. */
const TOGETHER = 256;

/**
 * The largest LLR of any label for each of many vectors: `bestScore` as a product of matrices. How x² counts depends on a
 * label's number of photos alone, so it is summed once for each number there is instead of once for each label: half the work.
 * @param counts photos of each label
 * @param x n × rank, along the classifier's axes
 */
export function bestScores(classifier: Classifier, counts: readonly number[], x: Float64Array): Float64Array {
  const { rank, labels, linear, square, bias } = classifier;
  const distinct = [...new Set(counts)];
  const kindOf = Uint32Array.from(counts, (count) => distinct.indexOf(count));
  const squares = new Float64Array(distinct.length * rank);
  distinct.forEach((count, kind) => {
    const label = counts.indexOf(count);
    squares.set(square.subarray(label * rank, (label + 1) * rank), kind * rank);
  });

  const best = new Float64Array(x.length / rank).fill(-Infinity);
  for (let from = 0; from < best.length; from += TOGETHER) {
    const n = Math.min(TOGETHER, best.length - from);
    const part = x.subarray(from * rank, (from + n) * rank);
    const products = multiplyByTransposed(part, linear, n, rank, labels);
    const powers = multiplyByTransposed(
      part.map((value) => value * value),
      squares,
      n,
      rank,
      distinct.length,
    );
    for (let photo = 0; photo < n; photo++) {
      for (let label = 0; label < labels; label++) {
        const quadratic = powers[photo * distinct.length + kindOf[label]!]!;
        const score = bias[label]! + products[photo * labels + label]! + quadratic;
        if (score > best[from + photo]!) best[from + photo] = score;
      }
    }
  }
  return best;
}
