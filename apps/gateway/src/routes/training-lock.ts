import { AppError } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import type { Logger } from 'pino';
import { TRAINING_RETRY_S } from './training-guard.js';

/** A third of the lock's 30 s: two renewals may fail before another training could slip in. */
const RENEW_MS = 10_000;

export interface TrainingHolder {
  readonly jobs: JobClient;
  readonly logger: Pick<Logger, 'warn'>;
  readonly keyId: string;
  readonly jobId: string;
}

/**
 * Runs `submit`, which uploads the photos and submits the training, as the key's only training. The lock stays with
 * the accepted job; it is given back where `submit` fails.
 * @throws AppError TRAINING_IN_PROGRESS; whatever `submit` throws
 */
export async function whileHoldingTraining<T>(holder: TrainingHolder, submit: () => Promise<T>): Promise<T> {
  const { jobs, logger, keyId, jobId } = holder;
  const lock = await jobs.trainings.acquire(keyId, jobId);
  if (!lock.acquired) {
    throw new AppError(
      'TRAINING_IN_PROGRESS',
      `This key trains one person at a time, and training ${lock.jobId} has not ended; wait for it, then send this again.`,
      { details: { training_job: lock.jobId }, retryAfterS: TRAINING_RETRY_S },
    );
  }
  const renewal = setInterval(() => {
    jobs.trainings.renew(keyId, jobId).catch((error: unknown) => {
      logger.warn({ err: error, jobId }, 'the training lock could not be renewed');
    });
  }, RENEW_MS);
  try {
    return await submit();
  } catch (error) {
    // Where this fails too, the lock ends by itself within 30 s.
    await jobs.trainings.release(keyId, jobId).catch((failure: unknown) => {
      logger.warn({ err: failure, jobId }, 'the training lock could not be released');
    });
    throw error;
  } finally {
    clearInterval(renewal);
  }
}
