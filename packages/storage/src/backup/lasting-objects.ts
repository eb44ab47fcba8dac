import { AppError } from '@facehash/contracts';
import { apiKeys, isSecretPointer, keyObjects, keyOfPath } from '../layout/api-keys.js';
import { keyErasures } from '../layout/key-erasures.js';
import { isObjectKey } from '../object-key.js';
import type { KeptObject, ObjectStorage } from '../object-storage.js';
import type { LeftOut } from './left-out.js';
import { objectsOfKey } from './objects-of-key.js';
import { readFolder } from './read-folder.js';

interface LastingObjectsOptions {
  /** Default: all of them, and what belongs to none: the admin token's hash, the receipts of erasures. */
  readonly keyId?: string | undefined;
  readonly leftOut?: (what: LeftOut) => void;
  /** After each key: so many of them are read. */
  readonly onKey?: (done: number, total: number) => void;
}

/**
 * Everything that lasts, for a backup while the service goes on: for each key that was there at the beginning a state that
 * is whole in itself, of some moment since. Keys come last, each before what leads to it from its secrets: written in this
 * order, nothing is anybody's before all of it is there.
 * @throws AppError NOT_FOUND for an unknown or erased `keyId` or where there is no key at all; what `objectsOfKey` throws
 */
export async function* lastingObjects(
  storage: ObjectStorage,
  { keyId, leftOut = () => undefined, onKey = () => undefined }: LastingObjectsOptions,
): AsyncGenerator<KeptObject> {
  const erasures = keyErasures(storage);
  const isThere = async (id: string): Promise<boolean> => (await erasures.get(id)) === undefined;
  const keyIds = keyId === undefined ? await everyKey(storage) : [keyId];
  if (keyId !== undefined && (await keyObjects(storage, keyId)).length === 0)
    throw new AppError('NOT_FOUND', `There is no key ${keyId} in ${storage.description}.`);
  if (keyIds.length === 0)
    throw new AppError('NOT_FOUND', `There is no key in ${storage.description}, so nothing to back up.`);

  for (const [at, id] of keyIds.entries()) {
    if (await isThere(id)) yield* objectsOfKey(storage, id, leftOut);
    onKey(at + 1, keyIds.length);
  }
  if (keyId === undefined) {
    yield* readFolder(storage, 'keys/', {
      isWanted: (path) => keyOfPath(path) === undefined && !isSecretPointer(path),
      onGone: () => {
        leftOut('deleted');
      },
    });
  }
  // As they are now: a secret that was replaced meanwhile must not open anything again. One that was erased meanwhile has
  // left its data behind in what was read; without the key it is never restored.
  for (const id of keyIds) {
    if (await isThere(id)) yield* await keyObjects(storage, id);
  }
}

/** Whether that is a key of an object of theirs. */
export const isLasting = (key: string): boolean => /^(keys|tenants)\//.test(key) && isObjectKey(key);

async function everyKey(storage: ObjectStorage): Promise<string[]> {
  const found: string[] = [];
  for await (const id of apiKeys(storage).ids()) found.push(id);
  return found;
}
