import { newId } from '@facehash/contracts';
import type { Request } from 'express';
import type { CallerKey } from '../authentication/authenticate.js';
import { requestIdOf } from '../middleware/request-id.js';
import { traceparentOf } from '../middleware/trace.js';

/** What every job carries of the request that it comes from. */
export const envelopeOf = (req: Request, key: Pick<CallerKey, 'id' | 'retention'>) => ({
  jobId: newId('job'),
  keyId: key.id,
  requestId: requestIdOf(req),
  traceparent: traceparentOf(req),
  resultsHours: key.retention.results_hours,
});
