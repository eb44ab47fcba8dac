import { keyOfPath } from '@facehash/storage';
import { readArchive, type ReadArchive } from './read-archive.js';

export interface VerifiedArchive extends ReadArchive {
  /** The keys in it. Data of another key is of one that was erased while the backup was made. */
  readonly keyIds: ReadonlySet<string>;
}

/** Reads an archive to its end and writes nothing. @throws as `readArchive` does */
export async function verifyArchive(
  path: string,
  o: { readonly onRead?: (bytes: number, total: number) => void; readonly signal: AbortSignal },
): Promise<VerifiedArchive> {
  const keyIds = new Set<string>();
  const objects = readArchive(path, o.onRead);
  for (;;) {
    o.signal.throwIfAborted();
    const { value, done } = await objects.next();
    if (done === true) return { ...value, keyIds };
    const id = keyOfPath(value.key);
    if (id !== undefined) keyIds.add(id);
  }
}
