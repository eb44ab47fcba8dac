import { buffer } from 'node:stream/consumers';
import { openPromise } from 'yauzl';
import { ARCHIVE_LIMITS, archiveGauge, type ArchiveFile, type ArchiveLimits } from './archive-file.js';

/**
 * The files of a .zip, in the order of its directory; the reader checks that none unpacks to more than it says.
 * @throws Error when the archive is damaged or too large, or a name in it leads out of it
 */
export async function* zipFiles(
  path: string,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): AsyncGenerator<ArchiveFile> {
  const count = archiveGauge(path, limits);
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      const { fileName, uncompressedSize: size } = entry;
      count(size);
      if (fileName.endsWith('/')) continue;
      const read = async () => new Uint8Array(await buffer(await zip.openReadStreamPromise(entry)));
      yield { path: fileName, size, read };
    }
  } finally {
    zip.close();
  }
}
