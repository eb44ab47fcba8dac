import { trainPayloadSchema, type TrainPayload } from '@facehash/contracts';
import { uploads, type ObjectStorage } from '@facehash/storage';

/**
 * Trainings whose photos have been examined and that wait for their key's turn. The note lies among the training's uploads
 * and goes with them: whoever has the turn reads from it what it may take along.
 */
export function readyTrainings(storage: ObjectStorage) {
  const key = (jobId: string) => uploads(storage).key(jobId, 'ready');
  return {
    async note(payload: TrainPayload): Promise<void> {
      await storage.put(key(payload.jobId), Buffer.from(JSON.stringify(payload)));
    },
    /** Those of these jobs that are ready. */
    async among(jobIds: readonly string[]): Promise<TrainPayload[]> {
      const notes = await Promise.all(jobIds.map((jobId) => storage.find(key(jobId))));
      return notes
        .filter((note) => note !== undefined)
        .map((note) => trainPayloadSchema.parse(JSON.parse(note.toString())));
    },
  };
}
