import { describe, expect, it } from '@jest/globals';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { drawPeople, syntheticBackground, toFeatures } from '../synthetic-people.js';
import { estimateBackground } from './estimate-background.js';
import { personCovariances } from './person-covariances.js';
import { principalBasis } from './principal-basis.js';
import { project } from './project.js';

const OPTIONS = { features: 'synthetic', rank: 6, weight: 100, shrinkage: 0.02, origin: 'test' };
const truth = syntheticBackground({ size: 6, rank: 6, seed: 3 });

function featuresOf(people: number, photos: (person: number) => number): Float32Array[][] {
  return drawPeople(truth, people, photos, 4).map(({ rows, count }) => {
    const features = toFeatures(truth, rows);
    return Array.from({ length: count }, (_, n) => features.slice(n * truth.size, (n + 1) * truth.size));
  });
}

describe('personCovariances', () => {
  it('finds the covariances that people were drawn from, with unequal numbers of photos', () => {
    const people = drawPeople(truth, 4000, (person) => 1 + (person % 5), 5).map(({ rows }) => rows);
    const found = personCovariances(people, truth.rank);
    const close = (a: Float64Array, b: Float32Array) =>
      Math.sqrt(
        a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0) / b.reduce((sum, v) => sum + v * v, 0),
      );
    expect(close(found.within, truth.within)).toBeLessThan(0.05);
    expect(close(found.between, truth.between)).toBeLessThan(0.05);
  });

  it('refuses fewer repeated photos than directions', () => {
    const people = drawPeople(truth, 50, (person) => (person < 5 ? 2 : 1), 6).map(({ rows }) => rows);
    expect(() => personCovariances(people, truth.rank)).toThrow(/at least 6 photos beyond the first/);
  });
});

describe('principalBasis', () => {
  it('spans what the full eigendecomposition spans', () => {
    const [n, size, rank] = [200, 60, 10];
    const wide = syntheticBackground({ size, rank: size, seed: 7 });
    const z = Float64Array.from(drawPeople(wide, n, 1, 8).flatMap(({ rows }) => [...rows]));
    const matrix = Matrix.from1DArray(n, size, z);
    const full = new EigenvalueDecomposition(matrix.transpose().mmul(matrix), { assumeSymmetric: true });
    const best = full.realEigenvalues.slice(-rank).reduce((a, b) => a + b);
    const basis = Matrix.from1DArray(size, rank, principalBasis(z, size, rank));
    const kept = matrix.mmul(basis).norm('frobenius') ** 2;
    expect(kept / best).toBeCloseTo(1, 6);
    const gram = basis.transpose().mmul(basis);
    expect(gram.sub(Matrix.eye(rank)).norm('frobenius')).toBeLessThan(1e-9);
  });
});

describe('estimateBackground', () => {
  it('standardises and projects to uncorrelated directions, largest first', () => {
    const background = estimateBackground(
      featuresOf(300, () => 3),
      OPTIONS,
    );
    expect(background).toMatchObject({ size: 6, rank: 6, people: 300, photos: 900, features: 'synthetic' });
    const total = background.within.map((value, at) => value + background.between[at]!);
    const variances = Array.from({ length: 6 }, (_, j) => total[j * 6 + j]!);
    expect(variances.reduce((a, b) => a + b)).toBeCloseTo(6, 1);
    expect(variances).toEqual(variances.toSorted((a, b) => b - a));
  });

  it('takes features as they are where it is asked to, less their mean', () => {
    const people = featuresOf(60, () => 2);
    const background = estimateBackground(people, { ...OPTIONS, asTheyAre: true });
    const row = people[0]![0]!;
    project(background, row).forEach((value, at) => {
      expect(value).toBeCloseTo(row[at]! - background.mean[at]!, 5);
    });
    expect(() => estimateBackground(people, { ...OPTIONS, rank: 5, asTheyAre: true })).toThrow(RangeError);
  });

  it('gives the same id for the same rows', () => {
    const people = featuresOf(60, () => 2);
    expect(estimateBackground(people, OPTIONS).id).toBe(estimateBackground(people, OPTIONS).id);
  });

  it('refuses a feature that never varies and a rank above the features', () => {
    const people = featuresOf(60, () => 2);
    expect(() => estimateBackground(people, { ...OPTIONS, rank: 7 })).toThrow(/rank between 1 and 6/);
    people.flat().forEach((row) => (row[2] = 1));
    expect(() => estimateBackground(people, OPTIONS)).toThrow(/feature 2/);
  });
});
