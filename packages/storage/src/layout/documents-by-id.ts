import { inBatches } from '../in-batches.js';
import type { ObjectStorage } from '../object-storage.js';

/** Documents asked for at the same time while listing. */
const READS_AT_ONCE = 16;

interface Folder<T> {
  /** Of `{id}.json` and whatever lies beside them under names that begin otherwise. */
  readonly folder: string;
  /** What the ids begin with, such as `key_`. */
  readonly prefix: string;
  readonly get: (id: string) => Promise<T | undefined>;
}

interface Page<T> {
  readonly items: T[];
  /** The `after` of the following page, undefined on the last one. */
  readonly next: string | undefined;
}

export interface DocumentsById<T> {
  /** Of those that follow `after`, or of all of them, sorted; reads no document. */
  ids(after?: string): AsyncIterable<string>;
  /** All of them in the order of their ids, some in memory at a time. */
  list(): AsyncIterable<T>;
  /**
   * At most `limit` of those whose ids follow `after`, in the order of their ids, which stays while documents come and go.
   * Reads these and no others.
   */
  page(o: { after?: string | undefined; limit: number }): Promise<Page<T>>;
}

/** The lists of a folder of documents that are named by their ids. */
export function documentsById<T>(
  storage: ObjectStorage,
  { folder, prefix, get }: Folder<T>,
): DocumentsById<T> {
  const isDocument = new RegExp(`^${prefix}[0-9a-f]{32}\\.json$`);

  // The prefix alone comes before every id and after what lies beside them, which may be as much again.
  async function* ids(after = prefix): AsyncIterable<string> {
    for await (const key of storage.list(folder, { after: `${folder}${after}.json` })) {
      const name = key.slice(folder.length);
      if (isDocument.test(name)) yield name.slice(0, -'.json'.length);
    }
  }

  return {
    ids,

    async *list() {
      for await (const some of inBatches(ids(), READS_AT_ONCE)) {
        const found = await Promise.all(some.map(get));
        yield* found.filter((document) => document !== undefined);
      }
    },

    async page({ after, limit }) {
      const following: string[] = [];
      for await (const id of ids(after)) if (following.push(id) > limit) break;
      const found = await Promise.all(following.slice(0, limit).map(get));
      return {
        // One that was deleted meanwhile makes the page shorter, but never the last.
        items: found.filter((document) => document !== undefined),
        next: following.length > limit ? following[limit - 1] : undefined,
      };
    },
  };
}
