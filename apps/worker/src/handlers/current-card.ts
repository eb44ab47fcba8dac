import type { ModelCard } from '@facehash/contracts';
import { models, type ObjectStorage } from '@facehash/storage';

/** Of the model in force; undefined where there is none. */
export async function currentCard(storage: ObjectStorage, keyId: string): Promise<ModelCard | undefined> {
  const version = await models(storage, keyId).currentVersion();
  return version === undefined ? undefined : models(storage, keyId).card(version);
}
