import { AppError, type ApiKey } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import { models, type ObjectStorage } from '@facehash/storage';

/** Seconds after which a caller may ask again while a training runs: a fit takes seconds, its photos longer. */
export const TRAINING_RETRY_S = 5;

/**
 * The trainings and deletions that a request which needs the key's model has to wait for: those accepted before it, where
 * the key says that requests wait, and never those that come after it, or a key that trains all the time would answer nobody.
 * @throws AppError MODEL_TRAINING while there are any and the key says that requests are refused
 */
export async function trainingsToWaitFor(
  jobs: JobClient,
  { id, onTraining }: Pick<ApiKey, 'id' | 'onTraining'>,
): Promise<string[]> {
  if (onTraining === 'previous') return [];
  const underWay = await jobs.trainings.underWay(id);
  const [trainingJob] = underWay;
  if (onTraining === 'queue' || trainingJob === undefined) return underWay;
  throw new AppError(
    'MODEL_TRAINING',
    `Recognition of this key is off until training ${trainingJob} has ended; wait for that job, then send this again.`,
    { details: { training_job: trainingJob }, retryAfterS: TRAINING_RETRY_S },
  );
}

/**
 * For a job that needs the key's model.
 * @returns what its payload has to say of that
 * @throws AppError MODEL_TRAINING as `trainingsToWaitFor`; MODEL_NOT_TRAINED for a key without a model, unless one is to come
 */
export async function planForModel(
  { jobs, storage }: { jobs: JobClient; storage: ObjectStorage },
  key: Pick<ApiKey, 'id' | 'onTraining'>,
): Promise<{ waitFor?: string[] }> {
  const waitFor = await trainingsToWaitFor(jobs, key);
  if (waitFor.length > 0) return { waitFor };
  if ((await models(storage, key.id).currentVersion()) !== undefined) return {};
  throw new AppError(
    'MODEL_NOT_TRAINED',
    'This key knows nobody yet; enrol a person with POST /v1/train first.',
  );
}
