import { z } from 'zod';
import type { Background } from '../background/background.js';
import { framedFile } from '../framed-file.js';
import type { KeyStatistics } from './key-statistics.js';

const FORMAT_VERSION = 1;

const headerSchema = z.object({
  background: z.string(),
  rank: z.int().positive(),
  folds: z.int().positive(),
  people: z.array(z.tuple([z.string(), z.int().positive()])),
  /** Whose, by place among the people, and what the photo is called. */
  sample: z.array(z.tuple([z.int().nonnegative(), z.string().nullable()])),
});

/**
 * Its numbers: float64 means, marks of all rows, lower triangles of the folds' scatters, marks of the sample; float32 rows of
 * the sample.
 */
const FRAME = framedFile({
  ...{ name: 'Statistics of a model', magic: 'FHST', version: FORMAT_VERSION },
  ...{ header: headerSchema, alignment: 8 },
});

export function serializeStatistics({ id }: Pick<Background, 'id'>, statistics: KeyStatistics): Uint8Array {
  const { rank, people, scatters, sample } = statistics;
  const places = new Map(people.map((person, at) => [person.id, at]));
  const header: z.infer<typeof headerSchema> = {
    ...{ background: id, rank, folds: scatters.length },
    people: people.map((person) => [person.id, person.count]),
    sample: sample.map((photo) => [places.get(photo.id)!, photo.photoId ?? null]),
  };
  return FRAME.serialize(header, [
    ...people.map(({ mean }) => mean),
    ...people.map(({ marks }) => marks),
    ...scatters.map((scatter) => lowerTriangle(scatter, rank)),
    Float64Array.from(sample, ({ mark }) => mark),
    ...sample.map(({ row }) => row),
  ]);
}

/**
 * @returns undefined for statistics of another background: they say nothing about this one
 * @throws AppError MODEL_CORRUPT when the file is not whole and unchanged
 */
export function parseStatistics({ id }: Pick<Background, 'id'>, file: Uint8Array): KeyStatistics | undefined {
  const { version, body, ...frame } = FRAME.parse(file);
  // Of another release, as whose background they may be: what is in there is known from the photos' numbers, too.
  if (version !== FORMAT_VERSION) return undefined;
  const header = frame.header();
  if (header.background !== id) return undefined;

  const { rank, folds } = header;
  const triangle = (rank * (rank + 1)) / 2;
  const rows = header.people.reduce((sum, [, count]) => sum + count, 0);
  const doubles = header.people.length * rank + rows + folds * triangle + header.sample.length;
  const expected = 8 * doubles + 4 * header.sample.length * rank;
  if (body.byteLength !== expected)
    throw FRAME.corrupt(`expected ${expected} bytes of numbers, got ${body.byteLength}`);
  const numbers = new Float64Array(body, 0, doubles);
  const sampleRows = new Float32Array(body, 8 * doubles);
  let at = 0;
  const take = (length: number) => numbers.subarray(at, (at += length));

  const means = header.people.map(() => take(rank));
  const marks = header.people.map(([, count]) => take(count));
  const scatters = Array.from({ length: folds }, () => fromLowerTriangle(take(triangle), rank));
  const sampleMarks = take(header.sample.length);
  return {
    rank,
    scatters,
    people: header.people.map(([person, count], n) => ({
      ...{ id: person, count, mean: means[n]!, marks: marks[n]! },
    })),
    sample: header.sample.map(([person, photoId], n) => {
      const owner = header.people[person];
      if (owner === undefined) throw FRAME.corrupt(`a photo of nobody, ${person}`);
      const row = sampleRows.subarray(n * rank, (n + 1) * rank);
      return { id: owner[0], photoId: photoId ?? undefined, mark: sampleMarks[n]!, row };
    }),
  };
}

function lowerTriangle(matrix: Float64Array, rank: number): Float64Array {
  const packed = new Float64Array((rank * (rank + 1)) / 2);
  for (let i = 0, at = 0; i < rank; at += ++i) packed.set(matrix.subarray(i * rank, i * rank + i + 1), at);
  return packed;
}

function fromLowerTriangle(packed: Float64Array, rank: number): Float64Array {
  const matrix = new Float64Array(rank * rank);
  for (let i = 0, at = 0; i < rank; at += ++i) matrix.set(packed.subarray(at, at + i + 1), i * rank);
  return matrix;
}
