import { AppError } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';

/** Seconds after which a caller may ask again while a training runs: a fit takes seconds, its photos longer. */
export const TRAINING_RETRY_S = 5;

/** @throws AppError MODEL_TRAINING while an accepted training of the key has not ended */
export async function assertNotTraining(jobs: JobClient, keyId: string): Promise<void> {
  const trainingJob = await jobs.trainings.runningJob(keyId);
  if (trainingJob === undefined) return;
  throw new AppError(
    'MODEL_TRAINING',
    `Recognition of this key is off until training ${trainingJob} has ended; wait for that job, then send this again.`,
    { details: { training_job: trainingJob }, retryAfterS: TRAINING_RETRY_S },
  );
}
