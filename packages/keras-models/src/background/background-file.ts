import { z } from 'zod';
import { framedFile } from '../framed-file.js';
import type { Background } from './background.js';

const FORMAT_VERSION = 1;
/** Hex digits of the checksum in an id: 64 bits tell apart all backgrounds there will ever be. */
const ID_DIGITS = 16;

const headerSchema = z.object({
  features: z.string().regex(/^[a-z0-9-]+$/),
  size: z.int().positive(),
  rank: z.int().positive(),
  weight: z.number().nonnegative(),
  shrinkage: z.number().min(0).max(1),
  origin: z.string(),
  people: z.int().positive(),
  photos: z.int().positive(),
  asTheyAre: z.literal(true).optional(),
});

/** Its numbers: float32 mean, sd, basis, within, between. */
const FRAME = framedFile({
  ...{ name: 'Background statistics', magic: 'FHBG', version: FORMAT_VERSION },
  ...{ header: headerSchema, alignment: 4 },
});

export function serializeBackground(background: Omit<Background, 'id'>): Uint8Array {
  const { mean, sd, basis, within, between } = background;
  return FRAME.serialize(headerSchema.parse(background), [mean, sd, basis, within, between]);
}

/** @throws AppError MODEL_CORRUPT when the file is not a whole, unchanged background of this format. */
export function parseBackground(file: Uint8Array): Background {
  const { version, checksum, body, ...frame } = FRAME.parse(file);
  if (version !== FORMAT_VERSION) {
    throw FRAME.corrupt(
      `expected format version ${FORMAT_VERSION}, got ${version}; use the release that wrote it`,
    );
  }
  const header = frame.header();
  const { size, rank } = header;
  const numbers = new Float32Array(body);
  const lengths = [size, size, size * rank, rank * rank, rank * rank];
  const expected = lengths.reduce((sum, length) => sum + length, 0);
  if (numbers.length !== expected) throw FRAME.corrupt(`expected ${expected} numbers, got ${numbers.length}`);
  let at = 0;
  const [mean, sd, basis, within, between] = lengths.map((length) =>
    numbers.subarray(at, (at += length)),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
  const id = `${header.features}-${checksum.toString('hex').slice(0, ID_DIGITS)}`;
  return { id, ...header, mean, sd, basis, within, between };
}
