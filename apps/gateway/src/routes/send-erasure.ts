import { newId, type ErasePayload } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import type { Request, Response } from 'express';
import { requestIdOf } from '../middleware/request-id.js';
import { traceparentOf } from '../middleware/trace.js';
import { sendAccepted } from './job-response.js';
import { whileHoldingTraining } from './training-lock.js';

/**
 * Queues a deletion as the key's only training, for it fits the model anew, and answers with its job.
 * @param target looked up when no training can change it any more
 */
export async function sendErasure(
  { req, res, jobs, keyId }: { req: Request; res: Response; jobs: JobClient; keyId: string },
  target: () => Promise<Pick<ErasePayload, 'subjectId' | 'photoId'>>,
): Promise<void> {
  const envelope = {
    jobId: newId('job'),
    keyId,
    requestId: requestIdOf(req),
    traceparent: traceparentOf(req),
  };
  const job = await whileHoldingTraining({ jobs, logger: req.log, ...envelope }, async () =>
    jobs.submitErasure({ ...envelope, ...(await target()) }),
  );
  await sendAccepted(req, res, jobs, job);
}
