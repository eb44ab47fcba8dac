import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LANDMARK_NUMBERS, widthOf, type FeatureColumns, type FeatureTable } from './feature-table.js';

/*
 * The file, little-endian:
 *   8 bytes   "FHTABLE1"
 *   4 bytes   length of the header, uint32
 *   header    JSON in UTF-8: extractor, background, photoIds, columns as [{ name, width }]
 *   body      float32, one column after the other, each row-major
 *   32 bytes  SHA-256 of everything before
 */
const MAGIC = Buffer.from('FHTABLE1');
const HEADER_AT = MAGIC.length + 4;
const DIGEST_BYTES = 32;
const FLOAT_BYTES = 4;

const headerSchema = z.object({
  extractor: z.string(),
  background: z.string(),
  photoIds: z.array(z.string()).min(1),
  columns: z.array(z.object({ name: z.string(), width: z.int().min(1) })),
});

const digestOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** Requires: at least one photo, and columns that are whole rows. */
export function serializeFeatureTable(table: FeatureTable): Buffer {
  const { extractor, background, photoIds } = table;
  const columns = Object.keys(table.columns).map((name) => ({ name, width: widthOf(table, name) }));
  const header = Buffer.from(
    JSON.stringify(headerSchema.parse({ extractor, background, photoIds, columns })),
  );
  const headerLength = Buffer.alloc(4);
  headerLength.writeUInt32LE(header.length);
  const body = columns.map(({ name }) => bytesOf(table.columns[name]!));
  const content = Buffer.concat([MAGIC, headerLength, header, ...body]);
  return Buffer.concat([content, digestOf(content)]);
}

/** Throws an Error that says what is wrong; the caller adds which file it was. */
export function parseFeatureTable(file: Buffer): FeatureTable {
  if (file.length < HEADER_AT + DIGEST_BYTES) throw new Error('it is too short for a feature table');
  if (!file.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('it is no feature table');
  const content = file.subarray(0, -DIGEST_BYTES);
  if (!digestOf(content).equals(file.subarray(-DIGEST_BYTES))) throw new Error('its checksum does not match');

  const bodyAt = HEADER_AT + content.readUInt32LE(MAGIC.length);
  const header = headerSchema.parse(JSON.parse(content.subarray(HEADER_AT, bodyAt).toString('utf8')));
  const { extractor, background, photoIds } = header;
  const columns: Record<string, Float32Array> = {};
  let at = bodyAt;
  for (const { name, width } of header.columns) {
    const end = at + photoIds.length * width * FLOAT_BYTES;
    // Copied: a Float32Array must start at a multiple of 4, and a view would keep the whole file in memory.
    columns[name] = new Float32Array(new Uint8Array(content.subarray(at, end)).buffer);
    at = end;
  }
  if (at !== content.length) throw new Error('its columns do not fill it');
  assertColumns(columns, photoIds.length);
  return { extractor, background, photoIds, columns };
}

function assertColumns(
  columns: Record<string, Float32Array>,
  rows: number,
): asserts columns is Record<string, Float32Array> & FeatureColumns {
  if (columns.landmarks?.length !== rows * LANDMARK_NUMBERS || columns.projection === undefined) {
    throw new Error('it has no column "landmarks" of width 136 or no column "projection"');
  }
}

const bytesOf = (numbers: Float32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
