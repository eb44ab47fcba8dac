import { loadKeyModel } from '@facehash/keras-models';
import { models, type ObjectStorage } from '@facehash/storage';
import type { LoadedModel } from './model-cache.js';

/** @throws AppError MODEL_CORRUPT when the stored files are not what was published */
export function loadStoredModel(storage: ObjectStorage) {
  return async (keyId: string, version: string): Promise<LoadedModel> => {
    const { card, modelJson, weights } = await models(storage, keyId).read(version);
    return { card, model: await loadKeyModel({ modelJson, weights }) };
  };
}
