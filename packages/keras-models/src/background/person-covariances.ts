import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { addScatter, meanOf, mirrorLower } from '../fit/covariance.js';

export interface PersonCovariances {
  /** rank × rank */
  readonly within: Float64Array;
  /** rank × rank, positive semidefinite */
  readonly between: Float64Array;
}

/**
 * Covariances of the one-way random model, row = person + photo, from rows per person (n_i × rank, n_i differ):
 * within = Σ scatter_i / (N − k); between = (Σ n_i (m_i − m)(m_i − m)' / (k − 1) − within) / n₀ with
 * n₀ = (N − Σ n_i² / N) / (k − 1) for k people and N photos: the unbiased analysis-of-variance estimators
 * (Searle, Casella & McCulloch, "Variance Components", 1992, section 3.6). People with one photo count between only.
 * Weighing people by their photos beats the plain covariance of the class means less within · mean(1/n_i), which is
 * unbiased too but noisier (LFW 20 × 5: rank-1 .885 and .876 with 735 people, mostly of one or two photos).
 * The difference can have negative eigenvalues; they are set to 0, the nearest covariance.
 * @throws RangeError when there are fewer than `rank` photos beyond the first of each person.
 */
export function personCovariances(people: readonly Float32Array[], rank: number): PersonCovariances {
  const counts = people.map((rows) => rows.length / rank);
  const k = people.length;
  const photos = counts.reduce((sum, count) => sum + count, 0);
  if (photos - k < rank) {
    throw new RangeError(
      `expected at least ${rank} photos beyond the first of each person, got ${photos - k}; add people with several photos`,
    );
  }
  const within = new Float64Array(rank * rank);
  const classMeans = people.map((rows, i) => meanOf(rows, counts[i]!, rank));
  people.forEach((rows, i) => {
    addScatter(within, rows, classMeans[i]!);
  });
  mirrorLower(within, rank);
  for (let at = 0; at < within.length; at++) within[at]! /= photos - k;

  const grand = new Float64Array(rank);
  classMeans.forEach((mean, i) => {
    for (let j = 0; j < rank; j++) grand[j]! += (counts[i]! * mean[j]!) / photos;
  });
  const between = new Float64Array(rank * rank);
  classMeans.forEach((mean, i) => {
    const root = Math.sqrt(counts[i]!);
    // One scaled row per person; its "mean" is 0 once the grand mean is taken off.
    const row = Float32Array.from(mean, (value, j) => root * (value - grand[j]!));
    addScatter(between, row, new Float64Array(rank));
  });
  mirrorLower(between, rank);
  const squares = counts.reduce((sum, count) => sum + count * count, 0);
  const typicalCount = (photos - squares / photos) / (k - 1);
  for (let at = 0; at < between.length; at++) {
    between[at] = (between[at]! / (k - 1) - within[at]!) / typicalCount;
  }
  return { within, between: nearestCovariance(between, rank) };
}

function nearestCovariance(symmetric: Float64Array, rank: number): Float64Array {
  const eigen = new EigenvalueDecomposition(Matrix.from1DArray(rank, rank, symmetric), {
    assumeSymmetric: true,
  });
  const vectors = eigen.eigenvectorMatrix;
  const kept = Matrix.diag(eigen.realEigenvalues.map((value) => Math.max(0, value)));
  return Float64Array.from(vectors.mmul(kept).mmul(vectors.transpose()).to1DArray());
}
