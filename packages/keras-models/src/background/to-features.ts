import type { Background } from './background.js';

/** Feature vectors (n × size) whose projection is `rows` (n × rank). */
export function toFeatures(
  { size, rank, mean, sd, basis }: Background,
  rows: Float32Array | Float64Array,
): Float32Array {
  const n = rows.length / rank;
  const features = new Float32Array(n * size);
  for (let row = 0; row < n; row++)
    for (let i = 0; i < size; i++) {
      let z = 0;
      for (let j = 0; j < rank; j++) z += basis[i * rank + j]! * rows[row * rank + j]!;
      features[row * size + i] = mean[i]! + sd[i]! * z;
    }
  return features;
}
