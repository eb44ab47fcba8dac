import { RECORD_TTL_MS, type Housekeeping } from '@facehash/jobs';
import { uploads, type ObjectStorage } from '@facehash/storage';

/**
 * Deletes the uploads of jobs that will not fetch them: no process is at work on them, and nothing has been added for as
 * long as a record lives. By then a job that is still running is known to Redis, and an upload that is still under way
 * has added a photo.
 * @returns how many objects went
 */
export async function sweepUploads({
  storage,
  housekeeping,
  now,
}: {
  readonly storage: ObjectStorage;
  readonly housekeeping: Pick<Housekeeping, 'isRunning'>;
  readonly now: Date;
}): Promise<number> {
  let deleted = 0;
  for (const [jobId, latest] of await uploads(storage).byJob()) {
    if (now.getTime() - latest.getTime() < RECORD_TTL_MS) continue;
    if (await housekeeping.isRunning(jobId)) continue;
    deleted += await uploads(storage).deleteAll(jobId);
  }
  return deleted;
}
