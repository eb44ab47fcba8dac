import type { Background } from './background.js';
import { parseBackground, serializeBackground } from './background-file.js';
import { personCovariances } from './person-covariances.js';
import { principalBasis } from './principal-basis.js';
import { project } from './project.js';

export interface EstimateOptions {
  readonly features: string;
  readonly rank: number;
  readonly weight: number;
  readonly shrinkage: number;
  readonly origin: string;
  /** Neither scaled nor turned, less their mean only: for features that were made to be compared so. Requires rank = size. */
  readonly asTheyAre?: true;
}

/**
 * Background statistics from feature vectors per person: mean and sd of every feature, principal directions of the
 * standardised features, covariances within and between people in them.
 * @param people per person its feature vectors, all of one length
 * @throws RangeError when there is too little data for the rank, or lengths differ, or a feature never varies.
 */
export function estimateBackground(
  people: readonly (readonly Float32Array[])[],
  options: EstimateOptions,
): Background {
  const rows = people.flat();
  const size = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== size)) throw new RangeError(`expected ${size} features in every row`);
  if (people.length < 2 || people.some((photos) => photos.length === 0)) {
    throw new RangeError('expected at least two people, and a row for each');
  }
  if (!(options.rank >= 1 && options.rank <= size)) {
    throw new RangeError(`expected a rank between 1 and ${size} (features), got ${options.rank}`);
  }
  const { asTheyAre, ...settings } = options;
  if (asTheyAre === true && options.rank !== size)
    throw new RangeError(`expected rank ${size}, got ${options.rank}`);
  const { mean, sd: spread } = moments(rows, size);
  const sd = asTheyAre ? new Float32Array(size).fill(1) : spread;
  const z = new Float64Array(rows.length * size);
  rows.forEach((row, n) => {
    for (let i = 0; i < size; i++) z[n * size + i] = (row[i]! - mean[i]!) / sd[i]!;
  });
  const draft = {
    id: '',
    ...settings,
    ...(asTheyAre ? { asTheyAre } : {}),
    size,
    people: people.length,
    photos: rows.length,
    mean,
    sd,
    basis: asTheyAre ? identity(size) : Float32Array.from(principalBasis(z, size, options.rank)),
    within: new Float32Array(0),
    between: new Float32Array(0),
  };
  const projected = people.map((photos) => {
    const out = new Float32Array(photos.length * options.rank);
    photos.forEach((row, n) => {
      out.set(project(draft, row), n * options.rank);
    });
    return out;
  });
  const { within, between } = personCovariances(projected, options.rank);
  // Through the file format, so that the id and every number are those a reader of the file gets.
  return parseBackground(
    serializeBackground({ ...draft, within: Float32Array.from(within), between: Float32Array.from(between) }),
  );
}

function identity(size: number): Float32Array {
  const matrix = new Float32Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1;
  return matrix;
}

function moments(rows: readonly Float32Array[], size: number): { mean: Float32Array; sd: Float32Array } {
  const mean = new Float32Array(size);
  const sd = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (const row of rows) sum += row[i]!;
    const centre = sum / rows.length;
    let squares = 0;
    for (const row of rows) squares += (row[i]! - centre) ** 2;
    mean[i] = centre;
    sd[i] = Math.sqrt(squares / rows.length);
    if (!(sd[i]! > 0)) throw new RangeError(`feature ${i} is the same in every row, or no number`);
  }
  return { mean, sd };
}
