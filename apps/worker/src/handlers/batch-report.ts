import { photoWarningSchema, refusedPhotoSchema } from '@facehash/contracts';
import { uploads, type ObjectStorage } from '@facehash/storage';
import { z } from 'zod';

/**
 * What one batch of a training found. It lies among the training's uploads and goes with them: the fit reads from it
 * which photos were refused, and that the batch is complete, also when none of its photos became a row.
 */
const batchReportSchema = z.object({
  accepted: z.int(),
  refused: z.array(refusedPhotoSchema),
  /** Of the accepted. */
  warnings: z.array(photoWarningSchema),
  /** How the heads of the accepted are turned (headPose). */
  turns: z.array(z.number()),
});

export type BatchReport = z.infer<typeof batchReportSchema>;

export function batchReports(storage: ObjectStorage, jobId: string) {
  const key = (batch: number) => uploads(storage).key(jobId, `report-${batch}`);
  return {
    async write(batch: number, report: BatchReport): Promise<void> {
      await storage.put(key(batch), Buffer.from(JSON.stringify(report)));
    },
    /** undefined: the batch has not ended, or the training has cleared up. */
    async read(batch: number): Promise<BatchReport | undefined> {
      const bytes = await storage.find(key(batch));
      return bytes === undefined ? undefined : batchReportSchema.parse(JSON.parse(bytes.toString()));
    },
  };
}
