import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { ARCHIVE_LIMITS, archiveGauge, type ArchiveFile, type ArchiveLimits } from './archive-file.js';

/**
 * The files of a .tar or, with `isGzipped`, of a .tar.gz, as they come by.
 * @throws Error when the archive is damaged or too large
 */
export async function* tarFiles(
  path: string,
  isGzipped: boolean,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): AsyncGenerator<ArchiveFile> {
  const count = archiveGauge(path, limits);
  const entries = extract();
  const source = createReadStream(path);
  const reading = isGzipped ? pipeline(source, createGunzip(), entries) : pipeline(source, entries);
  // Also tells the loop, as it ends the entries with the same error.
  reading.catch(() => undefined);
  try {
    for await (const entry of entries) {
      const { name, size, type } = entry.header;
      count(size);
      if (type === 'file') yield { path: name, size, read: async () => new Uint8Array(await buffer(entry)) };
      entry.resume();
    }
    await reading;
  } finally {
    source.destroy();
    entries.destroy();
  }
}
