import { AppError, isEnded } from '@facehash/contracts';
import type { Queues } from './queues.js';
import type { JobRecord } from './record-fields.js';
import type { JobRecords } from './records.js';

export interface Cancelling {
  /**
   * The job as it is then; idempotent. Ended jobs stay as they are, and a training that is putting its model in force is
   * waited for instead. `deleteUploads` is called when nothing of the job has run, before it leaves the queue.
   */
  cancel(jobId: string, deleteUploads: () => Promise<unknown>): Promise<JobRecord | undefined>;
  /**
   * Cancels the job where it has not ended, then deletes its uploads, its record and its place in the list.
   * @throws AppError TRAINING_IN_PROGRESS while a model is being put in force
   */
  remove(jobId: string, deleteUploads: () => Promise<unknown>): Promise<void>;
}

/** Longer than moving `current` takes, even in a slow object storage. */
const PUBLISHING_MS = 5_000;

/**
 * Cancelling is one change of the record; everything else follows from it. A worker that runs a part of the job hears of
 * the end and clears up; one that takes it from the queue later finds the end and clears up. Only where nothing has run
 * yet there is nothing but uploads, and no need to wait for a worker.
 */
export function createCancelling(o: {
  records: Pick<JobRecords, 'cancel' | 'remove'>;
  read: (jobId: string) => Promise<JobRecord | undefined>;
  wait: (jobId: string, ms: number) => Promise<JobRecord | undefined>;
  leaveQueue: Queues['remove'];
}): Cancelling {
  const cancel: Cancelling['cancel'] = async (jobId, deleteUploads) => {
    const was = await o.records.cancel(jobId);
    if (was === 'publishing') return o.wait(jobId, PUBLISHING_MS);
    const record = await o.read(jobId);
    if (was === 'queued' && record !== undefined) {
      try {
        // In this order: should we die in between, or storage be away, the queue still knows what to clear up.
        await deleteUploads();
        await o.leaveQueue(record.job.type, jobId);
      } catch {
        // The job is cancelled all the same, and a worker will meet it in the queue.
      }
    }
    return record;
  };

  return {
    cancel,
    async remove(jobId, deleteUploads) {
      const record = await cancel(jobId, deleteUploads);
      if (record !== undefined && !isEnded(record.job.status)) {
        throw new AppError(
          'TRAINING_IN_PROGRESS',
          `Training ${jobId} is putting its model in force; delete it once it has ended.`,
          { details: { training_job: jobId }, retryAfterS: 1 },
        );
      }
      // The record last: where this fails, the same call can be sent again.
      await deleteUploads();
      await o.records.remove(jobId);
    },
  };
}
