import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Background } from '../background/background.js';
import type { GroupStatistics } from './key-statistics.js';
import { multiplyByTransposed, multiplyTransposed } from './products.js';

/** Axes on which people's photos scatter with variance 1 and people themselves with variance `between`, uncorrelated. */
export interface DiscriminantAxes {
  /** rank × rank, row j = axis j: x_j = Σ_i axes[j, i] (t_i − centre_i); A' of the formulae */
  readonly axes: Float64Array;
  /** b_j ≥ 0, rank */
  readonly between: Float64Array;
}

/**
 * S = (n S_key + w S_w) / (n + w) with n = photos − labels, then shrunk towards tr(S)/rank · I; A = L'⁻¹ U where
 * S = L L' (Cholesky) and U, b are the eigenvectors and eigenvalues of L⁻¹ S_b L'⁻¹ (Ioffe, "Probabilistic Linear
 * Discriminant Analysis", 2006, section 3). Afterwards A'SA = I and A'S_bA = diag(b).
 * @throws RangeError when S is not positive definite (w = 0 with too few photos).
 */
export function discriminantAxes(background: Background, group: GroupStatistics): DiscriminantAxes {
  const { rank } = background;
  const whitening = invertLower(lowerFactor(blendedWithin(background, group), rank), rank);
  // S_b is its own transpose.
  const half = multiplyByTransposed(whitening, Float64Array.from(background.between), rank, rank, rank);
  const whitened = Matrix.from1DArray(rank, rank, multiplyByTransposed(half, whitening, rank, rank, rank));
  const eigen = new EigenvalueDecomposition(whitened, { assumeSymmetric: true });
  const vectors = Float64Array.from(eigen.eigenvectorMatrix.to1DArray());
  return {
    axes: multiplyTransposed(vectors, whitening, rank, rank, rank),
    // Rounding leaves -1e-17 where people do not differ.
    between: Float64Array.from(eigen.realEigenvalues, (value) => Math.max(0, value)),
  };
}

function blendedWithin(background: Background, { counts, scatter }: GroupStatistics): Float64Array {
  const { rank, weight, shrinkage, within } = background;
  const freedom = counts.reduce((sum, count) => sum + count, 0) - counts.length;
  // n S_key is the scatter itself.
  const blended = scatter.map((value, at) => (value + weight * within[at]!) / (freedom + weight));
  let trace = 0;
  for (let i = 0; i < rank; i++) trace += blended[i * rank + i]!;
  for (let at = 0; at < blended.length; at++) blended[at]! *= 1 - shrinkage;
  for (let i = 0; i < rank; i++) blended[i * rank + i]! += (shrinkage * trace) / rank;
  return blended;
}

/** L of matrix = L L'. */
export function lowerFactor(matrix: Float64Array, rank: number): Matrix {
  const cholesky = new CholeskyDecomposition(Matrix.from1DArray(rank, rank, matrix));
  if (!cholesky.isPositiveDefinite()) {
    throw new RangeError(
      'the covariance is not positive definite; raise the weight of the background or its shrinkage',
    );
  }
  return cholesky.lowerTriangularMatrix;
}

/** By forward substitution; ml-matrix has only the general inverse, which costs six times as much. */
function invertLower(lower: Matrix, rank: number): Float64Array {
  const inverse = new Float64Array(rank * rank);
  for (let i = 0; i < rank; i++) {
    const row = i * rank;
    const pivot = lower.get(i, i);
    inverse[row + i] = 1 / pivot;
    for (let k = 0; k < i; k++) {
      const factor = lower.get(i, k) / pivot;
      for (let j = 0; j <= k; j++) inverse[row + j]! -= factor * inverse[k * rank + j]!;
    }
  }
  return inverse;
}
