import { idSchema, keyErasureSchema, type ErasedOfKey, type KeyErasure } from '@facehash/contracts';
import type { ObjectStorage } from '../object-storage.js';
import { findDocument, putDocument } from './document.js';
import { documentsById } from './documents-by-id.js';

const FOLDER = 'keys/erased/';

export interface KeyErasures {
  /** From here on the key's data is to go, whatever happens to a queue. A second request changes nothing. */
  request(keyId: string, now: Date): Promise<KeyErasure>;
  get(keyId: string): Promise<KeyErasure | undefined>;
  /** Requires: it was requested. */
  counted(keyId: string, erased: ErasedOfKey): Promise<void>;
  /** Requires: it was counted. A second time changes nothing. */
  completed(keyId: string, now: Date): Promise<KeyErasure>;
  /** Those requested and not completed, and those completed after `since`. */
  recent(since: Date): Promise<KeyErasure[]>;
  /** What is left of the data of a key. */
  dataOf(keyId: string): AsyncIterable<string>;
  /** Deletes that data: everything below the key's folder, whoever put it there. */
  deleteData(keyId: string): Promise<void>;
}

/**
 * Which keys were erased with all their data. The documents stay for good: they are what an erasure is taken up from after
 * a crash, and the receipt.
 */
export function keyErasures(storage: ObjectStorage): KeyErasures {
  const path = (keyId: string): string => `${FOLDER}${keyId}.json`;
  const dataFolder = (keyId: string): string => `tenants/${keyId}/`;
  const put = (erasure: KeyErasure) => putDocument(storage, path(erasure.key_id), keyErasureSchema, erasure);

  const get = async (keyId: string): Promise<KeyErasure | undefined> =>
    idSchema('key').safeParse(keyId).success
      ? findDocument(storage, path(keyId), keyErasureSchema)
      : undefined;

  const all = documentsById(storage, { folder: FOLDER, prefix: 'key_', get });

  const require = async (keyId: string): Promise<KeyErasure> => {
    const erasure = await get(keyId);
    if (erasure === undefined) throw new Error(`Nobody asked for the erasure of ${keyId}.`);
    return erasure;
  };

  return {
    get,

    async request(keyId, now) {
      const known = await get(keyId);
      if (known !== undefined) return known;
      const erasure: KeyErasure = {
        key_id: keyId,
        object: 'key_erasure',
        status: 'pending',
        requested_at: now.toISOString(),
        completed_at: null,
        erased: null,
      };
      await put(erasure);
      return erasure;
    },

    async counted(keyId, erased) {
      await put({ ...(await require(keyId)), erased });
    },

    async completed(keyId, now) {
      const erasure = await require(keyId);
      if (erasure.status === 'done') return erasure;
      const done: KeyErasure = { ...erasure, status: 'done', completed_at: now.toISOString() };
      await put(done);
      return done;
    },

    async recent(since) {
      const found: KeyErasure[] = [];
      const isRecent = ({ completed_at: at }: KeyErasure): boolean => at === null || new Date(at) > since;
      for await (const erasure of all.list()) if (isRecent(erasure)) found.push(erasure);
      return found;
    },

    dataOf: (keyId) => storage.list(dataFolder(keyId)),

    async deleteData(keyId) {
      await storage.deletePrefix(dataFolder(keyId));
    },
  };
}
