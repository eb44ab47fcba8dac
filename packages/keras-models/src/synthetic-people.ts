import type { Background } from './background/background.js';
import { parseBackground, serializeBackground } from './background/background-file.js';
import { addScatter, mirrorLower } from './fit/covariance.js';
import { lowerFactor } from './fit/discriminant-axes.js';
import type { SubjectRows } from './fit/subject-rows.js';
import { createRandom, type Random } from './fit/random.js';

export { toFeatures } from './background/to-features.js';

/** For tests: a background of known covariances. People differ `separation` times as much (sd) as their photos. */
export function syntheticBackground(o: {
  size: number;
  rank: number;
  seed: number;
  separation?: number;
}): Background {
  const { size, rank } = o;
  const random = createRandom(o.seed);
  const basis = new Float32Array(size * rank);
  // Orthonormal and not trivial: one reflection I − 2uu' of the first `rank` unit vectors.
  const u = Float64Array.from({ length: size }, () => random.normal());
  const squared = u.reduce((sum, value) => sum + value * value, 0);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < rank; j++) basis[i * rank + j] = (i === j ? 1 : 0) - (2 * u[i]! * u[j]!) / squared;
  return parseBackground(
    serializeBackground({
      features: 'synthetic',
      size,
      rank,
      weight: 100,
      shrinkage: 0.02,
      origin: 'drawn for tests',
      people: 1,
      photos: 1,
      mean: Float32Array.from({ length: size }, () => 1 + random.uniform()),
      sd: Float32Array.from({ length: size }, () => 0.05 + 0.1 * random.uniform()),
      basis,
      within: randomCovariance(random, rank, 1),
      between: randomCovariance(random, rank, o.separation ?? 2),
    }),
  );
}

/** Projected photos of people drawn from the background's own covariances. */
export function drawPeople(
  { rank, within, between }: Background,
  people: number,
  photos: number | ((person: number) => number),
  seed: number,
): SubjectRows[] {
  const random = createRandom(seed);
  const ofPeople = lowerFactor(Float64Array.from(between), rank).to1DArray();
  const ofPhotos = lowerFactor(Float64Array.from(within), rank).to1DArray();
  return Array.from({ length: people }, (_, person) => {
    const count = typeof photos === 'number' ? photos : photos(person);
    const centre = drawNormal(random, ofPeople, rank);
    const rows = new Float32Array(count * rank);
    for (let n = 0; n < count; n++) {
      rows.set(
        drawNormal(random, ofPhotos, rank).map((value, j) => value + centre[j]!),
        n * rank,
      );
    }
    return { id: `sub_${String(person).padStart(4, '0')}`, rows, count };
  });
}

function randomCovariance(random: Random, rank: number, sd: number): Float32Array {
  const rows = Float32Array.from(
    { length: 2 * rank * rank },
    () => (sd * random.normal()) / Math.sqrt(2 * rank),
  );
  const covariance = new Float64Array(rank * rank);
  addScatter(covariance, rows, new Float64Array(rank));
  mirrorLower(covariance, rank);
  return Float32Array.from(covariance);
}

function drawNormal(random: Random, factor: number[], rank: number): Float64Array {
  const z = Float64Array.from({ length: rank }, () => random.normal());
  return z.map((_, i) => {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += factor[i * rank + j]! * z[j]!;
    return sum;
  });
}
