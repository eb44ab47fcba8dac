import type { ErasePayload, Subject } from '@facehash/contracts';
import type { JobContext, JobHandler } from '@facehash/jobs';
import {
  auditLog,
  dayOf,
  featureTables,
  models,
  photos,
  subjects,
  uploads,
  type ObjectStorage,
} from '@facehash/storage';
import type { Backgrounds } from '../backgrounds.js';
import { assertMayPublish } from './assert-may-publish.js';
import { takeInventory, versionsWith } from './erasure-inventory.js';
import { fitModel } from './fit-model.js';
import { gatherStatistics } from './gather-statistics.js';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface EraseDependencies {
  readonly storage: ObjectStorage;
  readonly backgrounds: Backgrounds;
  /** Has every worker let go of what it has loaded for a key. Called when the old models' objects are deleted. */
  readonly tellModelsGone: (keyId: string) => Promise<void>;
}

/**
 * Deletes a subject, or one photo: count → a model without → old models → photos and numbers → job records → subject.
 * A try that failed anywhere is repeated from the start. The subject's document goes last, so that a deletion that failed
 * for good can be asked for again; after it the records once more, of recognitions that were just naming the subject.
 */
export function eraseHandler({
  storage,
  backgrounds,
  tellModelsGone,
}: EraseDependencies): JobHandler<'erase'> {
  const deleteInventory = async ({ jobId }: ErasePayload): Promise<void> => {
    await uploads(storage).deleteAll(jobId);
  };

  return {
    async run(payload, context) {
      const { keyId, subjectId, photoId } = payload;
      const startedAt = performance.now();
      const subject = await subjects(storage, keyId).get(subjectId);
      const inventory = await takeInventory(storage, payload);

      if (photoId !== null) {
        // First: a training must not go on from them should this deletion end half-way.
        const inForce = await models(storage, keyId).currentVersion();
        if (inForce !== undefined) await models(storage, keyId).forgetStatistics(inForce);
        await featureTables(storage, keyId).deletePhoto(subjectId, photoId);
      }
      await context.progress('fitting', 20);
      const version = await modelWithout({ storage, backgrounds }, payload, context);
      const fittedAt = performance.now();

      await context.progress('erasing', 70);
      // Again: from here on nothing asks, and somebody frozen must not delete beside the next training.
      await assertMayPublish(context);
      for (const old of await versionsWith(storage, keyId, subjectId)) {
        if (old !== version) await models(storage, keyId).delete(old);
      }
      await tellModelsGone(keyId);
      const gone =
        photoId === null
          ? await deleteSubject(storage, payload, () => context.forget(namesOf(subjectId, subject)))
          : await deletePhoto(storage, payload, photoId);

      return {
        result: {
          erased: { ...inventory, ...gone },
          timings: { fit: fittedAt - startedAt, erase: performance.now() - fittedAt },
        },
        model: version === undefined ? null : { version, stale: false },
      };
    },

    afterSuccess: deleteInventory,
    cleanUp: deleteInventory,
  };
}

/** @returns the version in force afterwards; undefined when nobody is left, and no model then */
async function modelWithout(
  { storage, backgrounds }: { storage: ObjectStorage; backgrounds: Backgrounds },
  { jobId, keyId, subjectId, photoId }: ErasePayload,
  context: JobContext,
): Promise<string | undefined> {
  const stored = models(storage, keyId);
  const version = await stored.currentVersion();
  const card = version === undefined ? undefined : await stored.card(version);
  const knows = card?.labels.some((label) => label.subjectId === subjectId) ?? true;
  // The model never knew the subject, or an earlier try has come this far.
  if (version === undefined || !knows || card?.jobId === jobId) return version;

  const people: Subject[] = [];
  for await (const person of subjects(storage, keyId).list()) {
    if (photoId !== null || person.id !== subjectId) people.push(person);
  }
  // From the rows that are left alone: nothing of what goes may come along by the former model's statistics.
  const gathered = await gatherStatistics({ storage, backgrounds }, { keyId, people });
  if (gathered === undefined) {
    await assertMayPublish(context);
    await stored.retire();
    return undefined;
  }
  const model = await fitModel({ storage, backgrounds }, gathered, people, {
    ...{ keyId, jobId, now: new Date() },
    before: card,
  });
  await stored.publish({ ...model, confirm: () => assertMayPublish(context) });
  return model.card.version;
}

/** How many of what is not the subject's own named the subject. */
interface Named {
  readonly job_records: number;
  readonly audit_entries: number;
}

async function deleteSubject(
  storage: ObjectStorage,
  { keyId, subjectId }: ErasePayload,
  forget: () => Promise<number>,
): Promise<Named> {
  await featureTables(storage, keyId).deleteAll(subjectId);
  await photos(storage, keyId).deleteAll(subjectId);
  const log = auditLog(storage, keyId);
  const forgotten = await forget();
  const entries = await log.forgetSubject(subjectId);
  await subjects(storage, keyId).delete(subjectId);
  const yesterday = dayOf(new Date(Date.now() - DAY_MS));
  return {
    job_records: forgotten + (await forget()),
    audit_entries: entries + (await log.forgetSubject(subjectId, yesterday)),
  };
}

/** The subject stays, and so do the records, which name no photo. */
async function deletePhoto(
  storage: ObjectStorage,
  { keyId, subjectId }: ErasePayload,
  photoId: string,
): Promise<Named> {
  await photos(storage, keyId).delete(subjectId, photoId);
  return { job_records: 0, audit_entries: 0 };
}

/** How job records may name the subject. The id is in every one of ours; the label may be in what the caller sent. */
function namesOf(subjectId: string, subject: Subject | undefined): string[] {
  return subject === undefined ? [subjectId] : [subjectId, JSON.stringify(subject.label)];
}
