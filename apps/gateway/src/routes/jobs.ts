import { isEnded, type JobType, type KeyScope } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import { uploads, type ObjectStorage } from '@facehash/storage';
import { Router } from 'express';
import { requireScope, type Authenticate } from '../authentication/authenticate.js';
import { POLL_AFTER_S, untilClosed } from './job-response.js';
import { methodNotAllowed } from './method-not-allowed.js';
import { ownJob } from './own-job.js';
import { parsePrefer } from './prefer.js';

/** Whoever may send a job may also end it. */
const SCOPE_TO_END: Readonly<Record<JobType, KeyScope>> = {
  recognize: 'recognize',
  detect: 'recognize',
  verify: 'recognize',
  train: 'train',
  enrol: 'train',
  erase: 'train',
  import: 'train',
};

export interface JobDependencies {
  readonly authenticate: Authenticate;
  readonly storage: ObjectStorage;
  readonly jobs: JobClient;
}

/**
 * `GET /v1/jobs/:id`: a job as it stands, or, with `Prefer: wait=N`, as it stands once it has ended or N seconds are over.
 * `DELETE` forgets it, its result and its photo; `POST …/cancel` ends it.
 */
export function jobRoutes({ authenticate, storage, jobs }: JobDependencies): Router {
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
    .delete(async (req, res) => {
      const key = await authenticate(req);
      const { job } = await ownJob(jobs, key.id, req.params.id);
      requireScope(key, SCOPE_TO_END[job.type]);
      await jobs.remove(job.id, () => uploads(storage).deleteAll(job.id));
      res.status(204).end();
    })
    .all(methodNotAllowed('GET', 'HEAD', 'DELETE'));

  router
    .route('/v1/jobs/:id/cancel')
    .post(async (req, res) => {
      const key = await authenticate(req);
      const { job } = await ownJob(jobs, key.id, req.params.id);
      requireScope(key, SCOPE_TO_END[job.type]);
      const canceled = await jobs.cancel(job.id, async () => {
        try {
          await uploads(storage).deleteAll(job.id);
        } catch (error) {
          req.log.warn(
            { err: error, job_id: job.id },
            'a cancelled job waits for a worker to delete its uploads',
          );
          throw error;
        }
      });
      res.set('Cache-Control', 'no-store').json((canceled ?? (await ownJob(jobs, key.id, job.id))).job);
    })
    .all(methodNotAllowed('POST'));

  return router;
}
