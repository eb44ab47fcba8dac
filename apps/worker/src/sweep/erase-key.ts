import { AppError, isAppError, type ErasedOfKey } from '@facehash/contracts';
import type { Housekeeping } from '@facehash/jobs';
import { apiKeys, isNoteOfPhoto, keyErasures, uploads, type ObjectStorage } from '@facehash/storage';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any run takes to hear that its job was cancelled, and to clear up. */
const DRAIN_MS = 30_000;
const LOOK_AGAIN_MS = 300;

interface Dependencies {
  readonly storage: ObjectStorage;
  readonly housekeeping: Housekeeping;
}

/**
 * Erases a key with all its data: revoked → its jobs ended → counted → stored data → Redis → workers' memory → the key
 * itself. Each step may be repeated, and the request that everything starts from is stored, so a crash anywhere is made
 * good by the next try. Does nothing for a key nobody asked to erase.
 * @throws AppError UNAVAILABLE while a worker still has one of its jobs in hand
 */
export async function eraseKey({ storage, housekeeping }: Dependencies, keyId: string): Promise<void> {
  const erasures = keyErasures(storage);
  const erasure = await erasures.get(keyId);
  if (erasure === undefined) return;

  await apiKeys(storage).revoke(keyId, new Date()).catch(unlessMissing);
  await housekeeping.closeKey(keyId);
  // Before the queues are left: there may be nothing else that tells whose the uploads are.
  const jobIds = await housekeeping.jobsOf(keyId);
  await drain(housekeeping, keyId);
  if (erasure.erased === null) await erasures.counted(keyId, await count(storage, keyId, jobIds));

  for (const jobId of jobIds) await uploads(storage).deleteAll(jobId);
  await erasures.deleteData(keyId);
  await housekeeping.forgetKey(keyId);
  await housekeeping.tellModelsGone(keyId);
  await apiKeys(storage).forget(keyId);
  await erasures.completed(keyId, new Date());
}

async function drain(housekeeping: Housekeeping, keyId: string): Promise<void> {
  const deadline = performance.now() + DRAIN_MS;
  for (;;) {
    const inHand = await housekeeping.leaveQueues(keyId);
    if (inHand === 0) return;
    if (performance.now() > deadline) {
      throw new AppError('UNAVAILABLE', `Workers still have ${inHand} job(s) of ${keyId} in hand.`);
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

async function count(storage: ObjectStorage, keyId: string, jobIds: readonly string[]): Promise<ErasedOfKey> {
  const folders = new Map<string, number>();
  const versions = new Set<string>();
  for await (const key of keyErasures(storage).dataOf(keyId)) {
    const [, , folder = '', name = '', file] = key.split('/');
    if (folder === 'models' && file !== undefined) versions.add(name);
    // A label's pointer is part of its subject, `current` of the models.
    const isPart = (folder === 'subjects' && file !== undefined) || folder === 'models';
    const isNote = folder === 'photos' && isNoteOfPhoto(key);
    if (!isPart && !isNote) folders.set(folder, (folders.get(folder) ?? 0) + 1);
  }
  let waiting = 0;
  for (const jobId of jobIds) waiting += await uploads(storage).count(jobId);
  const of = (folder: string): number => folders.get(folder) ?? 0;
  const known = ['subjects', 'photos', 'features'];
  const others = [...folders].filter(([folder]) => !known.includes(folder));
  return {
    subjects: of('subjects'),
    photos: of('photos'),
    feature_tables: of('features'),
    model_versions: versions.size,
    other_objects: others.reduce((sum, [, objects]) => sum + objects, 0),
    uploads: waiting,
    job_records: jobIds.length,
  };
}

/** An earlier try has come to the end. */
function unlessMissing(error: unknown): void {
  if (!isAppError(error) || error.code !== 'NOT_FOUND') throw error;
}
