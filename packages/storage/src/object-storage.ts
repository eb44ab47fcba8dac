import type { Readable } from 'node:stream';

/** What was stored, counted and hashed in the pass that stored it. */
export interface StoredObject {
  readonly bytes: number;
  /** SHA-256, lower-case hex. */
  readonly sha256: string;
}

export interface PutOptions {
  /** More bytes than this reject with IMAGE_TOO_LARGE as soon as they arrive. Default: no limit. */
  readonly maxBytes?: number;
}

export interface ListOptions {
  /** Where to begin: a key, or any text that keys can be compared with. Default: at the first. */
  readonly after?: string;
}

/** An object in memory. */
export interface KeptObject {
  readonly key: string;
  readonly bytes: Buffer;
}

/** A key of a listing, and when its object was written, by the storage's own clock. */
export interface ListedObject {
  readonly key: string;
  readonly writtenAt: Date;
}

/**
 * Objects by key: the only record of keys, subjects, photos and models.
 *
 * Requires: keys as `assertObjectKey` describes them, prefixes as `assertPrefix` does, and no key that is also a
 * folder of another one (`a` beside `a/b`): a folder on disk could not hold both.
 * Ensures: an object is there whole or not at all; a reader that overlaps an overwrite gets the old or the new
 * bytes; of two writers of one key the later wins.
 * Throws: AppError UNAVAILABLE when the server or the folder cannot be used (the reason is its `cause`).
 * May be called any number of times at once.
 */
export interface ObjectStorage {
  /** For logs; holds no secret. */
  readonly description: string;

  /**
   * Ensures: when it rejects, an object already under this key is untouched and nothing else is left behind. A
   * source stream's own error is passed on as it is. The source is then neither drained nor destroyed: it may be
   * an HTTP request that must still be answered. Holding a slow source open costs no memory.
   * Throws: IMAGE_TOO_LARGE over `maxBytes`.
   */
  put(key: string, body: Uint8Array | Readable, options?: PutOptions): Promise<StoredObject>;

  /** Throws: NOT_FOUND. */
  get(key: string): Promise<Buffer>;

  find(key: string): Promise<Buffer | undefined>;

  /** Idempotent. */
  delete(key: string): Promise<void>;

  /** Deletes whatever `list` gives and returns how many those were. What is written meanwhile may stay. */
  deletePrefix(prefix: string): Promise<number>;

  /**
   * Every key below a folder (`a/b/`, or `` for all), in the order of their characters: `a.b`, `a/b`, `a0`. With `after` those
   * that follow it; the server skips the others, a folder on disk reads their names.
   */
  list(prefix: string, options?: ListOptions): AsyncIterable<string>;

  /** As `list`; an object that is deleted meanwhile may be missing. For clearing up by age. */
  listWithTimes(prefix: string): AsyncIterable<ListedObject>;

  /**
   * Deletes what processes that died were still receiving when nothing was added to it for `olderThanMs`, and returns how
   * many those were. It is no object yet, so `list` does not show it.
   */
  deleteUnfinished(olderThanMs: number): Promise<number>;

  /** For readiness. Throws: UNAVAILABLE with one line that names the storage and the reason. */
  check(): Promise<void>;

  /** Idempotent; nothing may be called after it. */
  close(): Promise<void>;
}
