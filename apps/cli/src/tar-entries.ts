import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';

/** `size` in bytes, unpacked. */
export interface TarEntry extends Pick<Header, 'name' | 'size' | 'type'> {
  /** To be called before the next entry is asked for, or not at all. */
  readonly read: () => Promise<Buffer>;
}

/**
 * The entries of a tar or, with `isGzipped`, of a gzipped one, as they come by. The source is closed at the end, also when
 * that is early.
 * @throws Error when the archive is damaged; so does reading an entry
 */
export async function* tarEntries(
  source: Readable,
  isGzipped: boolean,
): AsyncGenerator<TarEntry, undefined, undefined> {
  const entries = extract();
  const reading = isGzipped ? pipeline(source, createGunzip(), entries) : pipeline(source, entries);
  // Also tells the loop, as it ends the entries with the same error.
  reading.catch(() => undefined);
  try {
    for await (const entry of entries) {
      const { name, size, type } = entry.header;
      yield { name, size, type, read: () => buffer(entry) };
      entry.resume();
    }
    await reading;
  } finally {
    source.destroy();
    entries.destroy();
  }
}
