import type { TrainPayload } from '@facehash/contracts';
import { featureTables, photos as photoStore, uploads, type ObjectStorage } from '@facehash/storage';
import { batchName } from './batch-name.js';

/** What is put away when a training has ended. Both may run again after a crash in their midst. */
export function trainingLeftovers(storage: ObjectStorage, { jobId, keyId, subject }: TrainPayload) {
  const tables = featureTables(storage, keyId);

  async function deleteUploads(): Promise<void> {
    for (const { uploadKey } of subject?.photos ?? []) await uploads(storage).delete(uploadKey);
    // Then the batches' reports, last because a repeated fit starts from them.
    await uploads(storage).deleteAll(jobId);
  }

  return {
    /** The batches become one table of the subject; what the uploads were is stored as photos. */
    async afterSuccess(): Promise<void> {
      if (subject !== null) await tables.compact(subject.subjectId, jobId);
      await deleteUploads();
    },

    /** As if the training had never been sent: its rows would otherwise enter the next model. */
    async afterFailure(): Promise<void> {
      const { subjectId, batches, photos } = subject ?? { subjectId: '', batches: 0, photos: [] };
      for (let batch = 0; batch < batches; batch++)
        await tables.deleteBatch(subjectId, batchName(jobId, batch));
      for (const { photoId } of photos) await photoStore(storage, keyId).delete(subjectId, photoId);
      await deleteUploads();
    },
  };
}
