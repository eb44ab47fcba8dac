import { isEnded } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.js';
import { POLL_AFTER_S, untilClosed } from './job-response.js';
import { methodNotAllowed } from './method-not-allowed.js';
import { ownJob } from './own-job.js';
import { parsePrefer } from './prefer.js';

/** `GET /v1/jobs/:id`: a job as it stands, or, with `Prefer: wait=N`, as it stands once it has ended or N seconds are over. */
export function jobRoutes({ authenticate, jobs }: { authenticate: Authenticate; jobs: JobClient }): Router {
  const router = Router();

  router
    .route('/v1/jobs/:id')
    .get(async (req, res) => {
      res.vary('Prefer');
      const key = await authenticate(req);
      const { id } = req.params;
      const found = await ownJob(jobs, key.id, id);

      const { waitS } = parsePrefer(req.get('prefer'));
      const mustWait = waitS > 0 && !isEnded(found.job.status);
      const { job } = (mustWait ? await jobs.wait(id, waitS * 1000, untilClosed(res)) : found) ?? found;
      if (waitS > 0) res.set('Preference-Applied', `wait=${waitS}`);
      if (!isEnded(job.status)) res.set('Retry-After', String(POLL_AFTER_S));
      // Express adds the ETag and answers 304 where it matches, but never to "no-cache", which every fetch() sends along
      // with an If-None-Match of the caller's.
      delete req.headers['cache-control'];
      res.set('Cache-Control', 'no-store').json(job);
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  return router;
}
