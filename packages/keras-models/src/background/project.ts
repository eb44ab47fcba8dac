import type { Background } from './background.js';

/**
 * t = basis'·((f − mean) / sd): a feature vector (size) as the model sees it (rank).
 * @throws RangeError when `features` has another length.
 */
export function project(background: Background, features: Float32Array): Float32Array {
  const { size, rank, mean, sd, basis } = background;
  if (features.length !== size) {
    throw new RangeError(`expected ${size} numbers of '${background.features}', got ${features.length}`);
  }
  // A hundred thousand rows of a large key would otherwise be multiplied by the identity.
  if (background.asTheyAre === true) return features.map((value, i) => value - mean[i]!);
  // Summed in float64: a thousand float32 additions would cost two of the seven digits.
  const sum = new Float64Array(rank);
  for (let i = 0; i < size; i++) {
    const value = (features[i]! - mean[i]!) / sd[i]!;
    const row = i * rank;
    for (let j = 0; j < rank; j++) sum[j]! += value * basis[row + j]!;
  }
  return Float32Array.from(sum);
}
