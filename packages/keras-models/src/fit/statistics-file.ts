import { createHash } from 'node:crypto';
import { AppError } from '@facehash/contracts';
import { z } from 'zod';
import type { Background } from '../background/background.js';
import type { KeyStatistics } from './key-statistics.js';

const MAGIC = 'FHST';
const FORMAT_VERSION = 1;
/** Magic, format version and length of the JSON header (two little-endian uint32). */
const PREFIX_BYTES = 12;
const SHA256_BYTES = 32;

const headerSchema = z.object({
  background: z.string(),
  rank: z.int().positive(),
  folds: z.int().positive(),
  people: z.array(z.tuple([z.string(), z.int().positive()])),
  /** Whose, by place among the people, and what the photo is called. */
  sample: z.array(z.tuple([z.int().nonnegative(), z.string().nullable()])),
});

/**
 * magic `FHST` · uint32 format version · uint32 header bytes · JSON header, space-padded to 8 bytes · float64: means, marks of
 * all rows, lower triangles of the folds' scatters, marks of the sample · float32: rows of the sample · SHA-256 of everything
 * before. All little-endian.
 */
export function serializeStatistics({ id }: Pick<Background, 'id'>, statistics: KeyStatistics): Uint8Array {
  const { rank, people, scatters, sample } = statistics;
  const places = new Map(people.map((person, at) => [person.id, at]));
  const json = JSON.stringify({
    ...{ background: id, rank, folds: scatters.length },
    people: people.map((person) => [person.id, person.count]),
    sample: sample.map((photo) => [places.get(photo.id)!, photo.photoId ?? null]),
  } satisfies z.input<typeof headerSchema>);
  const length = Buffer.byteLength(json);
  const header = Buffer.from(json + ' '.repeat(-(PREFIX_BYTES + length) & 7));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(FORMAT_VERSION, 4);
  prefix.writeUInt32LE(header.length, 8);
  const parts = [
    ...people.map(({ mean }) => mean),
    ...people.map(({ marks }) => marks),
    ...scatters.map((scatter) => lowerTriangle(scatter, rank)),
    Float64Array.from(sample, ({ mark }) => mark),
    ...sample.map(({ row }) => row),
  ];
  const content = Buffer.concat([prefix, header, ...parts.map(bytesOf)]);
  return Buffer.concat([content, sha256(content)]);
}

/**
 * @returns undefined for statistics of another background: they say nothing about this one
 * @throws AppError MODEL_CORRUPT when the file is not whole and unchanged
 */
export function parseStatistics({ id }: Pick<Background, 'id'>, file: Uint8Array): KeyStatistics | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < PREFIX_BYTES + SHA256_BYTES || bytes.toString('latin1', 0, 4) !== MAGIC) {
    throw corrupt(`expected a file that starts with ${MAGIC}, got ${bytes.length} other bytes`);
  }
  const content = bytes.subarray(0, -SHA256_BYTES);
  if (!sha256(content).equals(bytes.subarray(-SHA256_BYTES))) throw corrupt('the checksum does not match');
  // Of another release, as whose background they may be: what is in there is known from the photos' numbers, too.
  if (bytes.readUInt32LE(4) !== FORMAT_VERSION) return undefined;
  const bodyAt = PREFIX_BYTES + bytes.readUInt32LE(8);
  const header = parseHeader(content.toString('utf8', PREFIX_BYTES, bodyAt));
  if (header.background !== id) return undefined;

  const { rank, folds } = header;
  const triangle = (rank * (rank + 1)) / 2;
  const rows = header.people.reduce((sum, [, count]) => sum + count, 0);
  const doubles = header.people.length * rank + rows + folds * triangle + header.sample.length;
  const expected = 8 * doubles + 4 * header.sample.length * rank;
  const body = Uint8Array.from(content.subarray(bodyAt)).buffer;
  if (body.byteLength !== expected)
    throw corrupt(`expected ${expected} bytes of numbers, got ${body.byteLength}`);
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
      if (owner === undefined) throw corrupt(`a photo of nobody, ${person}`);
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

function parseHeader(text: string): z.infer<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw corrupt('its header is not the JSON of this format', cause);
  }
}

const bytesOf = (numbers: Float64Array | Float32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

function corrupt(reason: string, cause?: unknown): AppError {
  return new AppError('MODEL_CORRUPT', `Statistics of a model: ${reason}.`, { cause });
}
