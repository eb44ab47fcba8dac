import { Readable } from 'node:stream';
import { AppError } from '@facehash/contracts';
import type { ObjectStorage } from '../object-storage.js';
import { damaged } from './document.js';
import { parseFeatureTable, serializeFeatureTable } from './feature-table-file.js';
import { mergeTables, withoutPhoto, type FeatureTable } from './feature-table.js';

/** A table that is listed, then deleted by a compaction before it is read, makes the reader list again. */
const READ_ATTEMPTS = 5;
const EXTENSION = '.bin';

export interface FeatureTables {
  /** Stores a batch under its name, replacing an earlier try of the same batch. A table without rows is not stored. */
  write(subjectId: string, name: string, table: FeatureTable): Promise<void>;
  /**
   * Everything known about a subject: one table for each extractor and background, every photo in exactly one of
   * them, none for an unknown subject. More than one means that rows must be projected or extracted anew before
   * they are compared; `replace` then stores the outcome.
   */
  read(subjectId: string): Promise<FeatureTable[]>;
  /** Names of all tables of the key, sorted, by subject: what has changed shows in them, and no table is read. */
  names(): Promise<Map<string, string[]>>;
  /** Idempotent. */
  deleteBatch(subjectId: string, name: string): Promise<void>;
  /** Removes a photo's row from whatever table has it. Idempotent. */
  deletePhoto(subjectId: string, photoId: string): Promise<void>;
  /** Idempotent. */
  deleteAll(subjectId: string): Promise<void>;
  /** Merges a subject's tables into one named `keepName`; leaves tables that do not fit together as they are. */
  compact(subjectId: string, keepName: string): Promise<void>;
  /** Stores `table` as the subject's only one. Requires: it has every photo that `read` gave and is still wanted. */
  replace(subjectId: string, keepName: string, table: FeatureTable): Promise<void>;
}

/**
 * Packed features of a key's subjects. One writer per subject at a time (the key's training lock), any number of
 * readers. A crash at any point loses no row: what was merged is deleted only after the merger is stored, and in
 * between the reader drops the doubles.
 */
export function featureTables(storage: ObjectStorage, keyId: string): FeatureTables {
  const folder = (subjectId: string): string => `tenants/${keyId}/features/${subjectId}/`;
  const path = (subjectId: string, name: string): string => `${folder(subjectId)}${name}${EXTENSION}`;

  const listed = async (subjectId: string): Promise<string[]> => {
    const keys = (await Readable.from(storage.list(folder(subjectId))).toArray()) as string[];
    return keys.sort();
  };

  const read = async (subjectId: string): Promise<FeatureTable[]> => {
    for (let attempt = 1; attempt <= READ_ATTEMPTS; attempt++) {
      const keys = await listed(subjectId);
      const tables = await Promise.all(keys.map((key) => findTable(storage, key)));
      if (tables.every((table) => table !== undefined)) return mergeTables(tables);
    }
    throw new AppError(
      'UNAVAILABLE',
      `The features of ${subjectId} changed while they were read; try again.`,
    );
  };

  const replace = async (subjectId: string, keepName: string, table: FeatureTable): Promise<void> => {
    const kept = path(subjectId, keepName);
    const before = await listed(subjectId);
    if (table.photoIds.length > 0) await storage.put(kept, serializeFeatureTable(table));
    for (const key of before) if (key !== kept) await storage.delete(key);
  };

  return {
    read,
    replace,

    async names() {
      const root = `tenants/${keyId}/features/`;
      const names = new Map<string, string[]>();
      for await (const key of storage.list(root)) {
        const [subjectId, file] = key.slice(root.length).split('/') as [string, string];
        const own = names.get(subjectId) ?? [];
        own.push(file.slice(0, -EXTENSION.length));
        names.set(subjectId, own);
      }
      for (const own of names.values()) own.sort();
      return names;
    },

    async write(subjectId, name, table) {
      if (table.photoIds.length === 0) return;
      await storage.put(path(subjectId, name), serializeFeatureTable(table));
    },

    deleteBatch: (subjectId, name) => storage.delete(path(subjectId, name)),

    async deletePhoto(subjectId, photoId) {
      for (const key of await listed(subjectId)) {
        const table = await findTable(storage, key);
        if (table?.photoIds.includes(photoId) !== true) continue;
        const others = withoutPhoto(table, photoId);
        if (others.photoIds.length === 0) await storage.delete(key);
        else await storage.put(key, serializeFeatureTable(others));
      }
    },

    async deleteAll(subjectId) {
      await storage.deletePrefix(folder(subjectId));
    },

    async compact(subjectId, keepName) {
      const [only, ...others] = await read(subjectId);
      if (only !== undefined && others.length === 0) await replace(subjectId, keepName, only);
    },
  };
}

/** undefined where there is none. @throws AppError INTERNAL for a damaged one */
export async function findTable(storage: ObjectStorage, key: string): Promise<FeatureTable | undefined> {
  const file = await storage.find(key);
  if (file === undefined) return undefined;
  try {
    return parseFeatureTable(file);
  } catch (error) {
    throw damaged(key, error instanceof Error ? error.message : String(error), 'INTERNAL', error);
  }
}
