import { createHash } from 'node:crypto';
import { AppError } from '@facehash/contracts';
import type { z } from 'zod';

/** Magic, format version and length of the JSON header (two little-endian uint32). */
const PREFIX_BYTES = 12;
const SHA256_BYTES = 32;

type Numbers = Float32Array | Float64Array;

/**
 * Files of numbers: magic · uint32 format version · uint32 header bytes · JSON header, space-padded · numbers · SHA-256 of
 * everything before. All little-endian.
 */
export function framedFile<Header>(format: {
  /** In errors. */
  readonly name: string;
  /** Four characters. */
  readonly magic: string;
  readonly version: number;
  readonly header: z.ZodType<Header>;
  /** Bytes of the widest number: numbers begin at a multiple of it. */
  readonly alignment: 4 | 8;
}) {
  const { name, magic, version, alignment } = format;
  const corrupt = (reason: string, cause?: unknown): AppError =>
    new AppError('MODEL_CORRUPT', `${name}: ${reason}.`, { cause });

  function serialize(header: Header, numbers: readonly Numbers[]): Uint8Array {
    const json = JSON.stringify(header);
    const padding = -(PREFIX_BYTES + Buffer.byteLength(json)) & (alignment - 1);
    const text = Buffer.from(json + ' '.repeat(padding));
    const prefix = Buffer.alloc(PREFIX_BYTES);
    prefix.write(magic, 'latin1');
    prefix.writeUInt32LE(version, 4);
    prefix.writeUInt32LE(text.length, 8);
    const content = Buffer.concat([prefix, text, ...numbers.map(bytesOf)]);
    return Buffer.concat([content, sha256(content)]);
  }

  /** @throws AppError MODEL_CORRUPT when the file is not whole and unchanged; `header` too, which is only read in this version */
  function parse(file: Uint8Array) {
    const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
    if (bytes.length < PREFIX_BYTES + SHA256_BYTES || bytes.toString('latin1', 0, 4) !== magic) {
      throw corrupt(`expected a file that starts with ${magic}, got ${bytes.length} other bytes`);
    }
    const content = bytes.subarray(0, -SHA256_BYTES);
    const checksum = sha256(content);
    if (!checksum.equals(bytes.subarray(-SHA256_BYTES))) {
      throw corrupt('the checksum does not match: the file is cut or changed; restore it');
    }
    const bodyAt = PREFIX_BYTES + bytes.readUInt32LE(8);
    return {
      version: bytes.readUInt32LE(4),
      checksum,
      header(): Header {
        try {
          return format.header.parse(JSON.parse(content.toString('utf8', PREFIX_BYTES, bodyAt)));
        } catch (cause) {
          throw corrupt('its header is not the JSON of this format', cause);
        }
      },
      // A copy: its own buffer is aligned to the numbers, which a file inside a larger buffer need not be.
      body: Uint8Array.from(content.subarray(bodyAt)).buffer,
    };
  }

  return { serialize, parse, corrupt };
}

const bytesOf = (numbers: Numbers): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
