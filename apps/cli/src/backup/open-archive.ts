import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { tarEntries, type TarEntry } from '../tar-entries.js';

export type ArchiveEntry = Omit<TarEntry, 'type'>;

/** The two bytes every gzip begins with; no name in a tar does. */
const GZIP = Buffer.from([0x1f, 0x8b]);
/** Reads of Node's own 64 kB would be many for 100 GB. */
const READ_BYTES = 2 ** 20;

/**
 * The entries of a tar file, gzipped or not, none of which may be anything but a file.
 * @param damaged makes the error of an archive that cannot be read
 * @throws Error where there is no such file
 */
export async function openArchive(
  path: string,
  onRead: (bytes: number, total: number) => void,
  damaged: (how: string) => Error,
): Promise<AsyncGenerator<ArchiveEntry, undefined, undefined>> {
  const { size: total, isGzipped } = await look(path);
  const source = createReadStream(path, { highWaterMark: READ_BYTES });
  const fail = (error: unknown): never => {
    throw damaged(error instanceof Error ? error.message : String(error));
  };

  async function* entries(): AsyncGenerator<ArchiveEntry, undefined, undefined> {
    const found = tarEntries(source, isGzipped);
    try {
      for (;;) {
        const { value: entry } = await found.next().catch(fail);
        if (entry === undefined) return;
        const { name, size, type, read } = entry;
        if (type !== 'file') throw damaged(`${JSON.stringify(name)} is no plain file`);
        onRead(source.bytesRead, total);
        yield { name, size, read: () => read().catch(fail) };
      }
    } finally {
      await found.return(undefined);
    }
  }
  return entries();
}

async function look(path: string): Promise<{ size: number; isGzipped: boolean }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const first = Buffer.alloc(GZIP.length);
    await file.read(first, 0, first.length, 0);
    return { size, isGzipped: first.equals(GZIP) };
  } finally {
    await file.close();
  }
}
