import type { ObjectStorage } from '../object-storage.js';
import { serializeFeatureTable } from './feature-table-file.js';
import type { FeatureTable } from './feature-table.js';
import { findTable } from './feature-tables.js';
import { uploads } from './uploads.js';

export interface StagedTables {
  /** Replaces an earlier try of the same batch. A table without rows is not stored. */
  write(batch: number, table: FeatureTable): Promise<void>;
  /** Those of the first `batches` batches that have rows. */
  read(batches: number): Promise<FeatureTable[]>;
}

/**
 * Features of a job that has not ended. They lie among its uploads and not with their subject's: whatever fits a model
 * meanwhile must not learn from photos whose job may yet fail or be cancelled.
 */
export function stagedTables(storage: ObjectStorage, jobId: string): StagedTables {
  const path = (batch: number): string => uploads(storage).key(jobId, `rows-${batch}`);
  return {
    async write(batch, table) {
      if (table.photoIds.length > 0) await storage.put(path(batch), serializeFeatureTable(table));
    },
    async read(batches) {
      const all = Array.from({ length: batches }, (_, batch) => findTable(storage, path(batch)));
      return (await Promise.all(all)).filter((table) => table !== undefined);
    },
  };
}
