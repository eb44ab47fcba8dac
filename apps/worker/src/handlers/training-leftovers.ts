import type { TrainPayload } from '@facehash/contracts';
import { featureTables, photos as photoStore, uploads, type ObjectStorage } from '@facehash/storage';
import { batchName } from './batch-name.js';
import { batchReports } from './batch-report.js';

/** What is to be put away when a training has ended. Both may run again after a crash in their midst. */
export function trainingLeftovers(storage: ObjectStorage, { jobId, keyId, subject }: TrainPayload) {
  const tables = featureTables(storage, keyId);

  async function deleteUploads(batches: number, uploadKeys: readonly string[]): Promise<void> {
    for (const key of uploadKeys) await uploads(storage).delete(key);
    // Last: the reports are what a repeated fit starts from.
    for (let batch = 0; batch < batches; batch++) await batchReports(storage, jobId).delete(batch);
  }

  return {
    /** The batches become the subject's one table; the uploads have been copied. */
    async afterSuccess(): Promise<void> {
      if (subject === null) return;
      await tables.compact(subject.subjectId, jobId);
      await deleteUploads(
        subject.batches,
        subject.photos.map(({ uploadKey }) => uploadKey),
      );
    },

    /** As if the training had never been sent: its rows would otherwise enter the next model. */
    async afterFailure(): Promise<void> {
      if (subject === null) return;
      for (let batch = 0; batch < subject.batches; batch++) {
        await tables.deleteBatch(subject.subjectId, batchName(jobId, batch));
      }
      for (const { photoId } of subject.photos)
        await photoStore(storage, keyId).delete(subject.subjectId, photoId);
      await deleteUploads(
        subject.batches,
        subject.photos.map(({ uploadKey }) => uploadKey),
      );
    },
  };
}
