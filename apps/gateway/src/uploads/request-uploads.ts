import { AppError, isAppError, toAppError } from '@facehash/contracts';
import type { ObjectStorage, StoredObject } from '@facehash/storage';
import type { Readable } from 'node:stream';

/** Everything one request has put into storage, so that a request that fails can take all of it back. */
export interface RequestUploads {
  /**
   * Streams a file into storage. Of a file that is refused, `source` is left as it is: multer and Node drain what is
   * left of the request.
   * @throws AppError IMAGE_TOO_LARGE naming the file; whatever `check` throws; UNAVAILABLE
   */
  store(key: string, source: Readable, file: { name: string; check?: BodyCheck }): Promise<void>;
  /** Of each stored file: the last part of its key, and the SHA-256 of its bytes. */
  digests(): Promise<(readonly [part: string, sha256: string])[]>;
  /** Deletes what was stored, also by streams that are still under way. */
  discard(): Promise<void>;
  /** Runs `work`; if it fails, deletes what was stored, also by streams that are still under way. */
  undoOnFailure<T>(work: () => Promise<T>): Promise<T>;
}

/** Looks at how a body begins, without taking from it, and throws to refuse it. */
type BodyCheck = (source: Readable) => Promise<void>;

export function requestUploads(storage: ObjectStorage, maxBytes: number): RequestUploads {
  const puts = new Map<string, Promise<StoredObject>>();

  async function put(key: string, source: Readable, { name, check }: { name: string; check?: BodyCheck }) {
    try {
      await check?.(source);
      return await storage.put(key, source, { maxBytes });
    } catch (error) {
      throw isAppError(error) && error.code === 'IMAGE_TOO_LARGE'
        ? imageTooLarge(name, maxBytes)
        : toAppError(error);
    }
  }

  async function discard(): Promise<void> {
    // A client that hangs up ends the request at once, while its last file is still being written: wait for that
    // write, or the file appears in storage after it was deleted.
    await Promise.allSettled(puts.values());
    await Promise.allSettled([...puts.keys()].map((key) => storage.delete(key)));
  }

  return {
    async store(key, source, file) {
      const stored = put(key, source, file);
      puts.set(key, stored);
      await stored;
    },

    digests: () =>
      Promise.all(
        [...puts].map(async ([key, stored]) => [key.replace(/^.*\//, ''), (await stored).sha256] as const),
      ),

    discard,

    async undoOnFailure(work) {
      try {
        return await work();
      } catch (error) {
        await discard();
        throw error;
      }
    },
  };
}

export function imageTooLarge(fileName: string, maxBytes: number): AppError {
  return new AppError(
    'IMAGE_TOO_LARGE',
    `${fileName} has more than the ${maxBytes} bytes an image may have.`,
    {
      details: { file_name: fileName, max_bytes: maxBytes },
    },
  );
}
