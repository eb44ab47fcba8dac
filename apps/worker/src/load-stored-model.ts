import { AppError, isAppError } from '@facehash/contracts';
import { loadKeyModel } from '@facehash/keras-models';
import { models, type ObjectStorage } from '@facehash/storage';
import type { LoadedModel } from './model-cache.js';

/**
 * @throws AppError MODEL_CORRUPT when the stored files are not what was published; UNAVAILABLE, which is tried again,
 * when the version was deleted since it was found to be in force
 */
export function loadStoredModel(storage: ObjectStorage) {
  return async (keyId: string, version: string): Promise<LoadedModel> => {
    const { card, modelJson, weights } = await models(storage, keyId)
      .read(version)
      .catch((error: unknown) => {
        if (!isAppError(error) || error.code !== 'NOT_FOUND') throw error;
        throw new AppError('UNAVAILABLE', 'The model was replaced while it was loaded; try again.', {
          cause: error,
        });
      });
    return { card, model: await loadKeyModel({ modelJson, weights }) };
  };
}
