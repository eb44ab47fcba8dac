import { createHash } from 'node:crypto';
import { AppError } from '@facehash/contracts';
import { z } from 'zod';
import type { Background } from './background.js';

const MAGIC = 'FHBG';
const FORMAT_VERSION = 1;
/** Magic, format version and length of the JSON header (two little-endian uint32). */
const PREFIX_BYTES = 12;
const SHA256_BYTES = 32;
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

/**
 * magic `FHBG` · uint32 format version · uint32 header bytes · JSON header, space-padded to 4 bytes ·
 * float32 mean, sd, basis, within, between · SHA-256 of everything before. All little-endian.
 */
export function serializeBackground(background: Omit<Background, 'id'>): Uint8Array {
  const header = headerSchema.parse(background);
  const json = JSON.stringify(header);
  const padded = Buffer.from(json + ' '.repeat(-Buffer.byteLength(json) & 3));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(FORMAT_VERSION, 4);
  prefix.writeUInt32LE(padded.length, 8);
  const { mean, sd, basis, within, between } = background;
  const body = [mean, sd, basis, within, between].map((part) => Buffer.from(new Float32Array(part).buffer));
  const content = Buffer.concat([prefix, padded, ...body]);
  return Buffer.concat([content, sha256(content)]);
}

/** @throws AppError MODEL_CORRUPT when the file is not a whole, unchanged background of this format. */
export function parseBackground(file: Uint8Array): Background {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < PREFIX_BYTES + SHA256_BYTES || bytes.toString('latin1', 0, 4) !== MAGIC) {
    throw corrupt(`expected a file that starts with ${MAGIC}, got ${bytes.length} other bytes`);
  }
  const version = bytes.readUInt32LE(4);
  if (version !== FORMAT_VERSION) {
    throw corrupt(`expected format version ${FORMAT_VERSION}, got ${version}; use the release that wrote it`);
  }
  const content = bytes.subarray(0, -SHA256_BYTES);
  const checksum = sha256(content);
  if (!checksum.equals(bytes.subarray(-SHA256_BYTES))) {
    throw corrupt('the checksum does not match: the file is cut or changed; restore it from the release');
  }
  const bodyAt = PREFIX_BYTES + bytes.readUInt32LE(8);
  const header = parseHeader(content.toString('utf8', PREFIX_BYTES, bodyAt));
  const { size, rank } = header;
  // A copy: its own buffer is aligned to 4 bytes, which a file inside a larger buffer need not be.
  const numbers = new Float32Array(Uint8Array.from(content.subarray(bodyAt)).buffer);
  const lengths = [size, size, size * rank, rank * rank, rank * rank];
  const expected = lengths.reduce((sum, length) => sum + length, 0);
  if (numbers.length !== expected) throw corrupt(`expected ${expected} numbers, got ${numbers.length}`);
  let at = 0;
  const [mean, sd, basis, within, between] = lengths.map((length) =>
    numbers.subarray(at, (at += length)),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
  const id = `${header.features}-${checksum.toString('hex').slice(0, ID_DIGITS)}`;
  return { id, ...header, mean, sd, basis, within, between };
}

function parseHeader(text: string): z.infer<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw corrupt('its header is not the JSON of this format', cause);
  }
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

function corrupt(reason: string, cause?: unknown): AppError {
  return new AppError('MODEL_CORRUPT', `Background statistics: ${reason}.`, { cause });
}
