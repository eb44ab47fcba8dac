import type { ErasePayload } from '@facehash/contracts';
import { featureTables, models, photos, subjects, uploads, type ObjectStorage } from '@facehash/storage';
import { z } from 'zod';

/** What a deletion found when it began. */
const inventorySchema = z.object({
  subjects: z.int(),
  photos: z.int(),
  feature_rows: z.int(),
  model_versions: z.int(),
});

export type Inventory = z.infer<typeof inventorySchema>;

/**
 * Counted once and kept until the job has ended: a second try finds half of it gone, and the receipt would say too little.
 */
export async function takeInventory(storage: ObjectStorage, payload: ErasePayload): Promise<Inventory> {
  const key = uploads(storage).key(payload.jobId, 'inventory');
  const kept = await storage.find(key);
  if (kept !== undefined) return inventorySchema.parse(JSON.parse(kept.toString()));
  const inventory = await count(storage, payload);
  await storage.put(key, Buffer.from(JSON.stringify(inventory)));
  return inventory;
}

async function count(storage: ObjectStorage, payload: ErasePayload): Promise<Inventory> {
  const { keyId, subjectId, photoId } = payload;
  const goes = (id: string): boolean => photoId === null || photoId === id;
  const subject = await subjects(storage, keyId).get(subjectId);
  const stored = await photos(storage, keyId).list(subjectId);
  const tables = await featureTables(storage, keyId).read(subjectId);
  return {
    subjects: subject === undefined || photoId !== null ? 0 : 1,
    photos: stored.filter(({ id, kept }) => kept && goes(id)).length,
    feature_rows: tables.flatMap(({ photoIds }) => photoIds.filter(goes)).length,
    model_versions: (await versionsWith(storage, keyId, subjectId)).length,
  };
}

/** Versions that know the subject, and those of which a crash left no card to tell. */
export async function versionsWith(
  storage: ObjectStorage,
  keyId: string,
  subjectId: string,
): Promise<string[]> {
  const found: string[] = [];
  for (const version of await models(storage, keyId).versions()) {
    const card = await models(storage, keyId).card(version);
    const isOther = card?.labels.every((label) => label.subjectId !== subjectId) ?? false;
    if (!isOther) found.push(version);
  }
  return found;
}
