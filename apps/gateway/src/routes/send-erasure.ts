import type { ErasePayload } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import type { Request, Response } from 'express';
import type { Admit } from '../admission/admit.js';
import type { CallerKey } from '../authentication/authenticate.js';
import { envelopeOf } from './job-envelope.js';
import { sendAccepted } from './job-response.js';
import { whileHoldingTraining } from './training-lock.js';

/**
 * Queues a deletion as the key's only training, for it fits the model anew, and answers with its job.
 * @param target looked up when no training can change it any more
 */
export async function sendErasure(
  {
    req,
    res,
    jobs,
    admit,
    key,
  }: { req: Request; res: Response; jobs: JobClient; admit: Admit; key: CallerKey },
  target: () => Promise<Pick<ErasePayload, 'subjectId' | 'photoId'>>,
): Promise<void> {
  const envelope = envelopeOf(req, key);
  const job = await admit(
    { req, res, key, jobId: envelope.jobId },
    {
      queue: 'erase',
      hold: (work) => whileHoldingTraining({ jobs, logger: req.log, ...envelope }, () => work(undefined)),
      receive: () => Promise.resolve({ parameters: {} }),
      submit: async () => jobs.submitErasure({ ...envelope, ...(await target()) }),
    },
  );
  await sendAccepted(req, res, jobs, job);
}
