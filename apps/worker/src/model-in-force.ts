import { AppError } from '@facehash/contracts';
import type { JobContext } from '@facehash/jobs';
import { models, type ObjectStorage } from '@facehash/storage';

/**
 * Which model answers for a key, and whether another one is about to take its place.
 * @throws AppError MODEL_NOT_TRAINED for a key without one
 */
export async function modelInForce(
  storage: ObjectStorage,
  keyId: string,
  context: Pick<JobContext, 'isModelStale'>,
): Promise<{ readonly version: string; readonly stale: boolean }> {
  // Before the version is looked up: a training that ends in between may make this one too many, never one too few.
  const stale = await context.isModelStale();
  const version = await models(storage, keyId).currentVersion();
  if (version !== undefined) return { version, stale };
  throw new AppError(
    'MODEL_NOT_TRAINED',
    'This key knows nobody yet; enrol a person with POST /v1/train first.',
  );
}
