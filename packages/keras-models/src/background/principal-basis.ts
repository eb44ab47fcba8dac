import { EigenvalueDecomposition, Matrix, QrDecomposition } from 'ml-matrix';
import { multiply, multiplyTransposed } from '../fit/products.js';
import { createRandom } from '../fit/random.js';

/** Extra directions that are iterated and dropped: they keep the last wanted ones from mixing with the next. */
const OVERSAMPLING = 32;
/** Seven rounds leave (λ_next / λ_wanted)^14 of what is unwanted, under 1e-4 when the values differ by half. */
const ROUNDS = 7;

/**
 * The `rank` directions of largest variance of the rows of z (n × size, centred), as size × rank, orthonormal columns,
 * largest first. Randomised subspace iteration with a Rayleigh–Ritz step (Halko, Martinsson & Tropp 2011, algorithm 4.4):
 * the full size × size eigenproblem takes minutes for 2 000 features and is needed for a tenth of its vectors.
 */
export function principalBasis(z: Float64Array, size: number, rank: number): Float64Array {
  const n = z.length / size;
  const width = Math.min(rank + OVERSAMPLING, size);
  const random = createRandom(1);
  let q = orthonormal(
    Float64Array.from({ length: size * width }, () => random.normal()),
    width,
  );
  for (let round = 0; round < ROUNDS; round++) {
    q = orthonormal(multiplyTransposed(z, multiply(z, q, n, size, width), n, size, width), width);
  }
  const scores = multiply(z, q, n, size, width);
  const { values, vectors } = eigenLargestFirst(multiplyTransposed(scores, scores, n, width, width), width);
  if (!(values[rank - 1]! > 1e-12 * values[0]!)) {
    throw new RangeError(`expected rows that vary in ${rank} directions; send more people or lower the rank`);
  }
  const wanted = new Float64Array(width * rank);
  for (let i = 0; i < width; i++)
    for (let j = 0; j < rank; j++) wanted[i * rank + j] = vectors.get(i, width - 1 - j);
  return multiply(q, wanted, size, width, rank);
}

function eigenLargestFirst(matrix: Float64Array, n: number): { values: number[]; vectors: Matrix } {
  const eigen = new EigenvalueDecomposition(Matrix.from1DArray(n, n, matrix), { assumeSymmetric: true });
  // ml-matrix sorts the values of a symmetric matrix smallest first; the vectors stay in that order.
  return { values: eigen.realEigenvalues.toReversed(), vectors: eigen.eigenvectorMatrix };
}

function orthonormal(columns: Float64Array, width: number): Float64Array {
  const matrix = Matrix.from1DArray(columns.length / width, width, columns);
  return Float64Array.from(new QrDecomposition(matrix).orthogonalMatrix.to1DArray());
}
