import { inBatches } from '../in-batches.js';
import type { KeptObject, ObjectStorage } from '../object-storage.js';

/** An S3 server answers one of them after some milliseconds; as many photos, of 20 MiB at most, are in memory at once. */
const READS_AT_ONCE = 8;

interface Choice {
  readonly isWanted: (key: string) => boolean;
  readonly onGone: (key: string) => void;
}

/** Every object below a folder whose key is wanted, but for those that are deleted while they are read. */
export async function* readFolder(
  storage: ObjectStorage,
  folder: string,
  { isWanted, onGone }: Choice,
): AsyncGenerator<KeptObject> {
  async function* wanted(): AsyncIterable<string> {
    for await (const key of storage.list(folder)) if (isWanted(key)) yield key;
  }
  for await (const batch of inBatches(wanted(), READS_AT_ONCE)) {
    const found = await Promise.all(batch.map((key) => storage.find(key)));
    for (const [at, key] of batch.entries()) {
      const bytes = found[at];
      if (bytes === undefined) onGone(key);
      else yield { key, bytes };
    }
  }
}

/**
 * The same of a folder that is small enough to remember every key of it. Where objects are deleted meanwhile, what may have
 * been stored in their place is read as well, such as the table that several were merged into.
 */
export async function* readChangingFolder(
  storage: ObjectStorage,
  folder: string,
  { isWanted, onGone }: Choice,
): AsyncGenerator<KeptObject> {
  const seen = new Set<string>();
  for (let isWhole = false; !isWhole;) {
    isWhole = true;
    yield* readFolder(storage, folder, {
      isWanted: (key) => {
        if (seen.has(key) || !isWanted(key)) return false;
        seen.add(key);
        return true;
      },
      onGone: (key) => {
        isWhole = false;
        onGone(key);
      },
    });
  }
}
