import { AppError, idSchema } from '@facehash/contracts';
import type { JobClient, JobRecord } from '@facehash/jobs';

/** @throws AppError NOT_FOUND also for another key's job: an id tells nobody that it exists */
export async function ownJob(jobs: JobClient, keyId: string, jobId: string): Promise<JobRecord> {
  const found = idSchema('job').safeParse(jobId).success ? await jobs.get(jobId) : undefined;
  if (found?.keyId === keyId) return found;
  throw new AppError('NOT_FOUND', `This key has no job ${jobId}; results are kept for a limited time.`);
}
