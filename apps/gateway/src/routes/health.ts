import { AppError, type Health } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import { missingParts } from '@facehash/metrics';
import type { ObjectStorage } from '@facehash/storage';
import { Router } from 'express';
import type { Stopping } from '../stopping/stopping.js';
import { methodNotAllowed } from './method-not-allowed.js';

export interface HealthDependencies {
  readonly storage: ObjectStorage;
  readonly jobs: JobClient;
  readonly stopping: Stopping;
}

/** `/healthz`: the process is alive. `/readyz`: it could also serve; 503 names what is missing, or says that it stops. */
export function healthRoutes({ storage, jobs, stopping }: HealthDependencies): Router {
  const router = Router();

  router
    .route('/healthz')
    .get((_req, res) => {
      res.set('Cache-Control', 'no-store').json({ status: 'ok' } satisfies Health);
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  router
    .route('/readyz')
    .get(async (_req, res) => {
      if (stopping.asked.aborted) {
        throw new AppError('UNAVAILABLE', 'This gateway is stopping; send requests to another one.');
      }
      const missing = await missingParts({ redis: jobs.ping(), storage: storage.check() });
      if (missing.length > 0) {
        throw new AppError(
          'UNAVAILABLE',
          missing.map(({ name, reason }) => `${name}: ${reason}`).join('; '),
          {
            details: { missing: missing.map(({ name }) => name) },
          },
        );
      }
      res.set('Cache-Control', 'no-store').json({ status: 'ready' } satisfies Health);
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  return router;
}
