import { jobSchema } from '@facehash/contracts';
import type { Answer } from '../operation.js';

/** What every call that makes a job answers with. */
export const JOB_ANSWERS: readonly Answer[] = [
  {
    status: 202,
    description: 'The job is accepted, or has not ended within the seconds to wait.',
    body: jobSchema,
    headers: ['Location', 'Retry-After', 'Cache-Control'],
    optionalHeaders: ['Preference-Applied', 'Idempotency-Replayed'],
  },
  {
    status: 200,
    description:
      'The job has ended within the seconds to wait, or had ended when the request was sent again; `status` tells how.',
    body: jobSchema,
    headers: ['Location', 'Cache-Control'],
    optionalHeaders: ['Preference-Applied', 'Idempotency-Replayed'],
  },
];
