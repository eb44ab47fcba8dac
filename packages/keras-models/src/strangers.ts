import type { Background } from './background/background.js';
import { lowerFactor } from './fit/discriminant-axes.js';
import { multiplyByTransposed } from './fit/products.js';
import { createRandom } from './fit/random.js';

const COHORT_VECTORS = 1500;
/** Heavier tails than a normal distribution: the latter lets through ten times the nominal share of real strangers. */
const STUDENT_DEGREES = 8;

/** Projections of people who never were: Student-t vectors about 0, scaled to the background's within + between. */
export function drawStrangers({ rank, within, between }: Background, seed: number): Float64Array[] {
  const factor = lowerFactor(
    Float64Array.from(within, (value, at) => value + between[at]!),
    rank,
  ).to1DArray();
  const random = createRandom(seed);
  const z = new Float64Array(COHORT_VECTORS * rank);
  for (let from = 0; from < z.length; from += rank) {
    for (let j = 0; j < rank; j++) z[from + j] = random.normal();
    // χ² of an even number of degrees is −2 ln of a product of uniforms; a t vector's covariance is ν/(ν − 2) times too large.
    let chiSquare = 0;
    for (let k = 0; k < STUDENT_DEGREES / 2; k++) chiSquare -= 2 * Math.log(random.uniform());
    const scale = Math.sqrt((STUDENT_DEGREES - 2) / chiSquare);
    for (let j = 0; j < rank; j++) z[from + j]! *= scale;
  }
  const drawn = multiplyByTransposed(z, Float64Array.from(factor), COHORT_VECTORS, rank, rank);
  return Array.from({ length: COHORT_VECTORS }, (_, n) => drawn.subarray(n * rank, (n + 1) * rank));
}
