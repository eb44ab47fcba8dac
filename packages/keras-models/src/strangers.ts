import type { Background } from './background/background.js';
import { lowerFactor } from './fit/discriminant-axes.js';
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
  const z = new Float64Array(rank);
  return Array.from({ length: COHORT_VECTORS }, () => {
    for (let j = 0; j < rank; j++) z[j] = random.normal();
    // χ² of an even number of degrees is −2 ln of a product of uniforms; a t vector's covariance is ν/(ν − 2) times too large.
    let chiSquare = 0;
    for (let k = 0; k < STUDENT_DEGREES / 2; k++) chiSquare -= 2 * Math.log(random.uniform());
    const scale = Math.sqrt((STUDENT_DEGREES - 2) / chiSquare);
    return Float64Array.from({ length: rank }, (_, i) => {
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += factor[i * rank + j]! * z[j]!;
      return scale * sum;
    });
  });
}
