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
  } catch (error) {
    await restoration.undo().catch((cause: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${reason} What was stored by then is still in ${storage.description}.`, { cause });
    });
    throw error;
  }
}
