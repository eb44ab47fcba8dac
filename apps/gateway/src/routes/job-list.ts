import { jobListQuerySchema, type JobList } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.js';
import { parseFields } from './form-fields.js';
import { methodNotAllowed } from './method-not-allowed.js';

/** `GET /v1/jobs`: the caller's jobs, newest first, a page at a time. */
export function jobListRoutes({
  authenticate,
  jobs,
}: {
  authenticate: Authenticate;
  jobs: JobClient;
}): Router {
  const router = Router();

  router
    .route('/v1/jobs')
    .get(async (req, res) => {
      const key = await authenticate(req, 'read');
      const page = await jobs.list(key.id, parseFields(jobListQuerySchema, req.query));
      const list: JobList = {
        object: 'list',
        data: page.jobs,
        has_more: page.nextCursor !== null,
        next_cursor: page.nextCursor,
      };
      res.set('Cache-Control', 'no-store').json(list);
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  return router;
}
