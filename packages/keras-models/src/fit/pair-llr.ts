import type { Background } from '../background/background.js';
import { discriminantAxes } from './discriminant-axes.js';

/** The score of two projected photos (rank numbers each), whichever comes first. @throws RangeError for another length */
export type PairLlr = (one: Float32Array, other: Float32Array) => number;

/**
 * How much better two photos are explained by one person than by two, as a log-likelihood ratio. On axes where photos
 * of a person have variance 1 and people variance b, two photos of one person are jointly normal with covariance b
 * between them, two people's are independent, so with x and y of each axis
 * LLR = Σ [b x y / (1 + 2b) − b² (x² + y²) / (2 (1 + b) (1 + 2b)) + ln(1 + b) − ½ ln(1 + 2b)]
 * (the two-covariance model: Brümmer & de Villiers, "The Speaker Partitioning Problem", Odyssey 2010, section 3; axes
 * by Ioffe 2006). It is what a key's model says to `other` when its only person has the one photo `one`.
 */
export function pairLlr(background: Background): PairLlr {
  const { rank } = background;
  // Nobody is enrolled: the covariance within people is the background's alone, shrunk as for a key.
  const { axes, between } = discriminantAxes(background, {
    ids: [],
    counts: [],
    means: [],
    scatter: new Float64Array(rank * rank),
  });
  const product = between.map((b) => b / (1 + 2 * b));
  const square = between.map((b) => (b * b) / (2 * (1 + b) * (1 + 2 * b)));
  const bias = between.reduce((sum, b) => sum + Math.log1p(b) - Math.log1p(2 * b) / 2, 0);

  return (one, other) => {
    if (one.length !== rank || other.length !== rank) {
      throw new RangeError(
        `expected two projections of ${rank} numbers, got ${one.length} and ${other.length}`,
      );
    }
    let llr = bias;
    for (let j = 0; j < rank; j++) {
      let x = 0;
      let y = 0;
      for (let i = 0; i < rank; i++) {
        x += axes[j * rank + i]! * one[i]!;
        y += axes[j * rank + i]! * other[i]!;
      }
      llr += product[j]! * x * y - square[j]! * (x * x + y * y);
    }
    return llr;
  };
}
