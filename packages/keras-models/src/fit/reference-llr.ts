import { determinant, inverse, Matrix } from 'ml-matrix';
import type { Background } from '../background/background.js';
import type { SubjectRows } from './subject-rows.js';

/**
 * For tests: the same log-likelihood ratios by another way, without whitening or eigenvectors. With S within, B between
 * and n photos of mean t̄, the next photo of the same person is normal with mean g + n B (S + n B)⁻¹ (t̄ − g) and
 * covariance S + B − n B (S + n B)⁻¹ B; anybody's is normal with mean g and covariance S + B.
 */
export function referenceLlr(b: Background, subjects: readonly SubjectRows[]): (t: Float32Array) => number[] {
  const { rank } = b;
  const matrices = subjects.map(({ rows, count }) => Matrix.from1DArray(count, rank, rows));
  const means = matrices.map((rows) => Matrix.rowVector(rows.mean('column')));
  const g = means.length === 1 ? Matrix.zeros(1, rank) : mean(means);
  const S = blendedWithin(b, matrices, means);
  const B = Matrix.from1DArray(rank, rank, b.between);
  const anybody = logNormal(g, Matrix.add(S, B));
  const ownPhotos = means.map((classMean, c) => {
    const n = subjects[c]!.count;
    const gain = Matrix.mul(B, n).mmul(inverse(Matrix.add(S, Matrix.mul(B, n))));
    const expected = Matrix.add(g, Matrix.sub(classMean, g).mmul(gain.transpose()));
    return logNormal(expected, Matrix.add(S, B).sub(gain.mmul(B)));
  });
  return (t) => ownPhotos.map((own) => own(t) - anybody(t));
}

function blendedWithin(b: Background, matrices: readonly Matrix[], means: readonly Matrix[]): Matrix {
  const { rank, weight, shrinkage } = b;
  const S = Matrix.from1DArray(rank, rank, b.within).mul(weight);
  let freedom = 0;
  matrices.forEach((rows, c) => {
    const centred = rows.clone().subRowVector(means[c]!.to1DArray());
    S.add(centred.transpose().mmul(centred));
    freedom += rows.rows - 1;
  });
  S.div(freedom + weight);
  return Matrix.mul(S, 1 - shrinkage).add(Matrix.eye(rank).mul((shrinkage * S.trace()) / rank));
}

function mean(rows: readonly Matrix[]): Matrix {
  return rows.reduce((sum, row) => Matrix.add(sum, row)).div(rows.length);
}

function logNormal(centre: Matrix, covariance: Matrix): (t: Float32Array) => number {
  const precision = inverse(covariance);
  const logVolume = Math.log(determinant(covariance)) + centre.columns * Math.log(2 * Math.PI);
  return (t) => {
    const d = Matrix.sub(Matrix.rowVector(t), centre);
    return -0.5 * (d.mmul(precision).mmul(d.transpose()).get(0, 0) + logVolume);
  };
}
