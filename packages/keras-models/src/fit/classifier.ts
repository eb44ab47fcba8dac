import type { Background } from '../background/background.js';
import { discriminantAxes, type DiscriminantAxes } from './discriminant-axes.js';
import type { GroupStatistics } from './key-statistics.js';
import { multiplyByTransposed } from './products.js';

/**
 * A key's model as numbers: x = axes·(t − centre), LLR_c = bias_c + Σ_j linear[c, j] x_j + square[c, j] x_j².
 * Exactly what the Keras layers compute.
 */
export interface Classifier extends DiscriminantAxes {
  readonly rank: number;
  readonly labels: number;
  /** g, rank */
  readonly centre: Float64Array;
  /** labels × rank */
  readonly linear: Float64Array;
  /** labels × rank */
  readonly square: Float64Array;
  /** labels */
  readonly bias: Float64Array;
}

/**
 * Log-likelihood ratio of "another photo of c" against "anybody", for c with n photos of mean x_c:
 * m = x_c n b / (1 + n b), v = 1 + b / (1 + n b),
 * LLR_c(x) = −½ Σ [(x − m)²/v + ln v] + ½ Σ [x²/(1 + b) + ln(1 + b)]
 * (Ioffe 2006; Prince & Elder 2007), sorted by powers of x.
 */
export function fitClassifier(background: Background, group: GroupStatistics): Classifier {
  const { rank } = background;
  const labels = group.counts.length;
  const centre = centreOf(group.means, rank);
  const { axes, between } = discriminantAxes(background, group);
  const linear = new Float64Array(labels * rank);
  const square = new Float64Array(labels * rank);
  const bias = new Float64Array(labels);
  const x = allToAxes({ axes, centre, rank }, group.means);
  group.counts.forEach((n, c) => {
    for (let j = 0; j < rank; j++) {
      const along = llrAlongAxis(x[c * rank + j]!, n, between[j]!);
      linear[c * rank + j] = along.linear;
      square[c * rank + j] = along.square;
      bias[c]! += along.constant;
    }
  });
  return { rank, labels, centre, axes, between, linear, square, bias };
}

/** One axis' part of `LLR_c`, by powers of x: for n photos of that mean, where people have the variance b. */
export function llrAlongAxis(
  mean: number,
  n: number,
  b: number,
): { linear: number; square: number; constant: number } {
  const m = (mean * n * b) / (1 + n * b);
  const v = 1 + b / (1 + n * b);
  return {
    linear: m / v,
    square: 0.5 / (1 + b) - 0.5 / v,
    constant: 0.5 * (Math.log((1 + b) / v) - (m * m) / v),
  };
}

/**
 * g: the mean of the class means, so that what the key's photos have in common (camera, light) tells nobody apart.
 * A single subject has nothing in common with others; g would be the subject itself, and strangers drawn around it would
 * push the threshold past nearly all its own photos (LFW, one person of 5 photos: TPIR .02; .80 with this). There g is the
 * background's mean, 0.
 */
function centreOf(means: readonly Float64Array[], rank: number): Float64Array {
  const centre = new Float64Array(rank);
  if (means.length === 1) return centre;
  for (const mean of means) for (let j = 0; j < rank; j++) centre[j]! += mean[j]! / means.length;
  return centre;
}

/** x = axes·(t − centre) of the vector that starts at `from` in `t`, written to `x` (rank). */
export function toAxes(
  { axes, centre, rank }: Pick<Classifier, 'axes' | 'centre' | 'rank'>,
  t: Float32Array | Float64Array,
  x: Float64Array,
  from = 0,
): void {
  for (let j = 0; j < rank; j++) {
    const row = j * rank;
    let sum = 0;
    for (let i = 0; i < rank; i++) sum += axes[row + i]! * (t[from + i]! - centre[i]!);
    x[j] = sum;
  }
}

/** x of many vectors, n × rank. */
export function allToAxes(
  { axes, centre, rank }: Pick<Classifier, 'axes' | 'centre' | 'rank'>,
  vectors: readonly (Float32Array | Float64Array)[],
): Float64Array {
  const centred = new Float64Array(vectors.length * rank);
  vectors.forEach((t, n) => {
    for (let i = 0; i < rank; i++) centred[n * rank + i] = t[i]! - centre[i]!;
  });
  return multiplyByTransposed(centred, axes, vectors.length, rank, rank);
}

/** The largest LLR of any label for x (rank). */
export function bestScore({ rank, labels, linear, square, bias }: Classifier, x: Float64Array): number {
  let best = -Infinity;
  for (let c = 0; c < labels; c++) {
    const row = c * rank;
    let score = bias[c]!;
    for (let j = 0; j < rank; j++) score += (linear[row + j]! + square[row + j]! * x[j]!) * x[j]!;
    if (score > best) best = score;
  }
  return best;
}
