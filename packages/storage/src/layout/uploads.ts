import { AppError } from '@facehash/contracts';
import type { ObjectStorage } from '../object-storage.js';

const FOLDER = 'uploads/';

export interface Uploads {
  /** Where a photo of a job lies while it waits: the `image` of a call about images, or another `part` of it or of a training. */
  key(jobId: string, part?: string): string;
  /** Idempotent. */
  delete(uploadKey: string): Promise<void>;
  /** Every job that has uploads, with the time of its latest; of a long upload only what has arrived. */
  byJob(): Promise<Map<string, Date>>;
  count(jobId: string): Promise<number>;
  /** Every upload of a job, for one that failed or was given up. Returns how many there were. */
  deleteAll(jobId: string): Promise<number>;
}

/** Photos between the gateway and the worker, gone when their job ends. */
export function uploads(storage: ObjectStorage): Uploads {
  return {
    key: (jobId, part = 'photo') => `${FOLDER}${jobId}/${part}`,

    async delete(uploadKey) {
      // It comes out of a job's payload: a wrong one must not delete a model.
      if (!uploadKey.startsWith(FOLDER)) {
        throw new AppError('INTERNAL', `An upload lies below "${FOLDER}"; got "${uploadKey}".`);
      }
      await storage.delete(uploadKey);
    },

    async byJob() {
      const latest = new Map<string, Date>();
      for await (const { key, writtenAt } of storage.listWithTimes(FOLDER)) {
        const jobId = key.slice(FOLDER.length).split('/')[0]!;
        const known = latest.get(jobId);
        if (known === undefined || known < writtenAt) latest.set(jobId, writtenAt);
      }
      return latest;
    },

    async count(jobId) {
      const keys = storage.list(`${FOLDER}${jobId}/`)[Symbol.asyncIterator]();
      let found = 0;
      while ((await keys.next()).done !== true) found++;
      return found;
    },

    deleteAll: (jobId) => storage.deletePrefix(`${FOLDER}${jobId}/`),
  };
}
