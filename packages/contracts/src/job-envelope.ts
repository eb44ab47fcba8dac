import { idSchema } from './ids.js';
import { traceparentSchema } from './trace-context.js';
import { z } from 'zod';

/** Whose job it is: in the payload of every one. */
export const JOB_ENVELOPE = {
  jobId: idSchema('job'),
  keyId: idSchema('key'),
  requestId: z.string(),
  /** Of the request that sent the job; a gateway of an earlier version sends none. */
  traceparent: traceparentSchema.optional(),
  /** How long the job can be read once it has ended; a gateway of an earlier version sends none. */
  resultsHours: z.int().min(1).optional(),
};
