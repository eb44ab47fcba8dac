import type { EnrolPayload, TrainPayload } from '@facehash/contracts';
import { featureTables, photos as photoStore, uploads, type ObjectStorage } from '@facehash/storage';
import { batchName } from './batch-name.js';

/** What is put away when a training or an enrolment has ended. Both may run again after a crash in their midst. */
export function enrolmentLeftovers(
  storage: ObjectStorage,
  { jobId, keyId, subject }: TrainPayload | EnrolPayload,
) {
  /** What was usable of them is stored as photos and rows. */
  async function deleteUploads(): Promise<void> {
    await uploads(storage).deleteAll(jobId);
  }

  return {
    deleteUploads,

    /** As if it had never been sent: its rows would otherwise enter the next model. */
    async undo(): Promise<void> {
      const { subjectId, batches, photos } = subject ?? { subjectId: '', batches: 0, photos: [] };
      for (let batch = 0; batch < batches; batch++)
        await featureTables(storage, keyId).deleteBatch(subjectId, batchName(jobId, batch));
      for (const { photoId } of photos) await photoStore(storage, keyId).delete(subjectId, photoId);
      // Last: a repeated try starts from what lies among them.
      await deleteUploads();
    },
  };
}
