import { isAppError } from '@facehash/contracts';
import { openRestoration, type KeptObject, type ObjectStorage } from '@facehash/storage';
import type { Progress } from '../progress.js';
import { readArchive } from './read-archive.js';
import { verifyArchive, type VerifiedArchive } from './verify-archive.js';

export interface RestoreFigures {
  readonly archive: VerifiedArchive;
  /** Objects stored. */
  readonly written: number;
  /** Keys that are not restored, as they were erased from this storage. */
  readonly erased: readonly string[];
}

/**
 * Checks all of an archive, then stores what is in it. Where that fails in the middle, what was stored is deleted again.
 * @throws as `verifyArchive` and `openRestoration` do
 */
export async function restore(
  path: string,
  storage: ObjectStorage,
  o: { readonly beside: boolean; readonly progress: Progress; readonly signal: AbortSignal },
): Promise<RestoreFigures> {
  const { beside, progress, signal } = o;
  const shown = (stage: string) => (bytes: number, total: number) => {
    progress.show(stage, Math.floor((100 * bytes) / total));
  };
  const archive = await verifyArchive(path, { onRead: shown('checking'), signal });
  const restoration = await openRestoration(storage, { keyIds: archive.keyIds, beside });
  async function* interruptibly(): AsyncGenerator<KeptObject> {
    for await (const object of readArchive(path, shown('storing'))) {
      signal.throwIfAborted();
      yield object;
    }
  }
  try {
    return { archive, written: await restoration.write(interruptibly()), erased: restoration.erased };
  } catch (caught) {
    const error = withReason(caught, storage);
    await restoration.undo().catch((cause: unknown) => {
      throw new Error(`${error.message} What was stored by then is still there.`, { cause });
    });
    throw error;
  }
}

/** An operator may know what a caller of the service may not, such as that the disk is full. */
function withReason(error: unknown, { description }: ObjectStorage): Error {
  if (!isAppError(error) || !(error.cause instanceof Error)) return error as Error;
  return new Error(`${description} cannot be used: ${error.cause.message}.`, { cause: error });
}
