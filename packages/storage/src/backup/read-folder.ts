import { inBatches } from '../in-batches.js';
import type { KeptObject, ObjectStorage } from '../object-storage.js';

/** An S3 server answers one of them after some milliseconds; as many photos, of 20 MiB at most, are in memory at once. */
const READS_AT_ONCE = 8;

/**
 * Every object below a folder whose key is wanted, but for those that are deleted while they are read. Where some are, what
 * may have been stored in their place is read as well, such as the table that several were merged into.
 */
export async function* readFolder(
  storage: ObjectStorage,
  folder: string,
  { isWanted, onGone }: { isWanted: (key: string) => boolean; onGone: (key: string) => void },
): AsyncGenerator<KeptObject> {
  const seen = new Set<string>();
  async function* unread(): AsyncIterable<string> {
    for await (const key of storage.list(folder)) {
      if (seen.has(key) || !isWanted(key)) continue;
      seen.add(key);
      yield key;
    }
  }
  for (let isWhole = false; !isWhole;) {
    isWhole = true;
    for await (const batch of inBatches(unread(), READS_AT_ONCE)) {
      const found = await Promise.all(batch.map((key) => storage.find(key)));
      for (const [at, key] of batch.entries()) {
        const bytes = found[at];
        if (bytes !== undefined) yield { key, bytes };
        else {
          isWhole = false;
          onGone(key);
        }
      }
    }
  }
}
