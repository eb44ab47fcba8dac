import type { Classifier } from './fit/classifier.js';
import { TOO_CLOSE } from './too-close.js';

/** Two outputs of a model that are hard to tell apart. */
export interface LookAlikes {
  readonly labels: readonly [number, number];
  /** Share of the one's future photos that the model could not tell from the other's; of both directions the larger. */
  readonly share: number;
}

/** From such a share on; where it comes from: docs/recognition.md, "Too close to call". */
const REPORTED_SHARE = 0.05;
/** Of a key where everybody resembles everybody the closest are told. */
const MAX_PAIRS = 100;

/**
 * Pairs of people whose photos are often too close to call, the closest first. Read off the model alone: along each axis it expects
 * photos of a person at m with variance v, so by how much it prefers the right label has a mean and a variance in closed form. The
 * threshold has no say: two labels of one person push it beyond both. Time grows with the square of the labels; a thousand take
 * a second.
 */
export function lookAlikes(classifier: Classifier): LookAlikes[] {
  const { labels } = classifier;
  const expected = Array.from({ length: labels }, (_, label) => predictive(classifier, label));
  const pairs: LookAlikes[] = [];
  for (let a = 0; a < labels; a++) {
    for (let b = a + 1; b < labels; b++) {
      const share = Math.max(
        shareTooClose(classifier, expected[a]!, [a, b]),
        shareTooClose(classifier, expected[b]!, [b, a]),
      );
      if (share >= REPORTED_SHARE) pairs.push({ labels: [a, b], share });
    }
  }
  return pairs.sort((one, other) => other.share - one.share).slice(0, MAX_PAIRS);
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

/** A sum of over a hundred axes is near enough to normal. */
function shareTooClose(
  { rank, linear, square, bias }: Classifier,
  { mean, variance }: Predictive,
  [own, other]: readonly [number, number],
): number {
  let [lead, spread] = [bias[own]! - bias[other]!, 0];
  for (let j = 0; j < rank; j++) {
    const [m, v] = [mean[j]!, variance[j]!];
    const l = linear[own * rank + j]! - linear[other * rank + j]!;
    const s = square[own * rank + j]! - square[other * rank + j]!;
    lead += l * m + s * (m * m + v);
    spread += (l + 2 * s * m) ** 2 * v + 2 * s * s * v * v;
  }
  return normalShareBelow((TOO_CLOSE - lead) / Math.sqrt(spread));
}

/** Abramowitz & Stegun 26.2.17, to 1e-7. */
function normalShareBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z >= 0 ? 1 - tail : tail;
}
