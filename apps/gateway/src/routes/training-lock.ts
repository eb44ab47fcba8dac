import { AppError, type ApiKey, type Job } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import type { Logger } from 'pino';
import { whileRenewing } from '../admission/while-renewing.js';
import { TRAINING_RETRY_S } from './training-guard.js';

export interface TrainingHolder {
  readonly jobs: JobClient;
  readonly logger: Pick<Logger, 'warn'>;
  readonly keyId: string;
  readonly jobId: string;
}

/**
 * Runs `work`, which uploads and then submits a training, as the key wants its trainings to meet: where a second one is
 * refused, as its only one; else beside any number of others, which wait for each other's last step.
 * @throws AppError TRAINING_IN_PROGRESS; whatever `work` throws
 */
export async function asTraining(
  { onTraining }: Pick<ApiKey, 'onTraining'>,
  holder: TrainingHolder,
  work: (submit: JobClient['submitTraining']) => Promise<Job>,
): Promise<Job> {
  const { jobs } = holder;
  if (onTraining !== 'reject') return work((...training) => jobs.submitWaitingTraining(...training));
  return whileHoldingTraining(holder, () => work((...training) => jobs.submitTraining(...training)));
}

/**
 * Runs `submit`, which uploads the photos and submits the training, as the key's only training. The lock stays with
 * the accepted job; it is given back where `submit` fails.
 * @throws AppError TRAINING_IN_PROGRESS; whatever `submit` throws
 */
export async function whileHoldingTraining<T>(holder: TrainingHolder, submit: () => Promise<T>): Promise<T> {
  const { jobs, logger, keyId, jobId } = holder;
  await acquire(holder);
  const lease = {
    renew: () => jobs.trainings.renew(keyId, jobId),
    failed: (error: unknown) => {
      logger.warn({ err: error, job_id: jobId }, 'the training lock could not be renewed');
    },
  };
  try {
    return await whileRenewing(lease, submit);
  } catch (error) {
    await release(holder);
    throw error;
  }
}

/**
 * Runs a short `change` of what trainings read and write, such as a subject's label. `jobId` is a new one that no job has.
 * @throws AppError TRAINING_IN_PROGRESS; whatever `change` throws
 */
export async function whileNobodyTrains<T>(holder: TrainingHolder, change: () => Promise<T>): Promise<T> {
  await acquire(holder);
  return change().finally(() => release(holder));
}

async function acquire({ jobs, keyId, jobId }: TrainingHolder): Promise<void> {
  const lock = await jobs.trainings.acquire(keyId, jobId);
  if (lock.acquired) return;
  throw new AppError(
    'TRAINING_IN_PROGRESS',
    `This key trains one person at a time, and training ${lock.jobId} has not ended; wait for it, then send this again.`,
    { details: { training_job: lock.jobId }, retryAfterS: TRAINING_RETRY_S },
  );
}

async function release({ jobs, logger, keyId, jobId }: TrainingHolder): Promise<void> {
  // Where this fails, the lock ends by itself within 30 s.
  await jobs.trainings.release(keyId, jobId).catch((failure: unknown) => {
    logger.warn({ err: failure, job_id: jobId }, 'the training lock could not be released');
  });
}
