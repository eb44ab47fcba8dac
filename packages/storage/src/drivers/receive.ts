import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { StoredObject } from '../object-storage.js';
import { attempt, tooLarge } from '../failures.js';

/**
 * Writes a source to an open file from its current position on, counting, hashing and limiting in the same pass.
 * One chunk is in memory at a time, however slow the source. Throws the source's own error, IMAGE_TOO_LARGE, or
 * UNAVAILABLE when the file cannot be written.
 */
export async function receive(source: Readable, file: FileHandle, maxBytes: number): Promise<StoredObject> {
  const hash = createHash('sha256');
  let bytes = 0;
  const chunks = source.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array | string>;
  for await (const received of chunks) {
    const chunk = typeof received === 'string' ? Buffer.from(received) : received;
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    hash.update(chunk);
    await attempt(file.writeFile(chunk));
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** The same figures for bytes that are in memory anyway. */
export function measure(body: Uint8Array, maxBytes: number): StoredObject {
  if (body.length > maxBytes) throw tooLarge(maxBytes);
  return { bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') };
}

/**
 * A stream may fail before its first chunk is asked for, while a file is still being opened. Without a listener
 * that would end the process; with one the error waits in the stream for its reader.
 */
export function holdErrors(body: Uint8Array | Readable): void {
  if (body instanceof Readable) body.on('error', () => undefined);
}
