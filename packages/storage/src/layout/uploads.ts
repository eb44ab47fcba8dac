import { AppError } from '@facehash/contracts';
import type { ObjectStorage } from '../object-storage.js';

const FOLDER = 'uploads/';

export interface Uploads {
  /** Where a photo of a job lies while it waits: the only one of a recognition, or one `part` of a training. */
  key(jobId: string, part?: string): string;
  /** Idempotent. */
  delete(uploadKey: string): Promise<void>;
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

    deleteAll: (jobId) => storage.deletePrefix(`${FOLDER}${jobId}/`),
  };
}
