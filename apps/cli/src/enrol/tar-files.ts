import { createReadStream } from 'node:fs';
import { tarEntries } from '../tar-entries.js';
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
  for await (const { name, size, type, read } of tarEntries(createReadStream(path), isGzipped)) {
    count(size);
    if (type === 'file') yield { path: name, size, read: async () => new Uint8Array(await read()) };
  }
}
