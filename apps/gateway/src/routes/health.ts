import { AppError, type Health } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import type { ObjectStorage } from '@facehash/storage';
import { Router } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stopping } from '../stopping/stopping.js';
import { methodNotAllowed } from './method-not-allowed.js';

/** Probes give up after a few seconds; an answer that names what is missing must come before that. */
const CHECK_MS = 2000;

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
      const checks = await Promise.all([failure('redis', jobs.ping()), failure('storage', storage.check())]);
      const missing = checks.filter((check) => check !== undefined);
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

async function failure(
  name: string,
  check: Promise<void>,
): Promise<{ name: string; reason: string } | undefined> {
  const waiting = new AbortController();
  const tooLate = sleep(CHECK_MS, undefined, { signal: waiting.signal }).then(() => {
    throw new AppError('UNAVAILABLE', `no answer within ${CHECK_MS} ms`);
  });
  try {
    await Promise.race([check, tooLate]);
    return undefined;
  } catch (error) {
    return { name, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    tooLate.catch(() => undefined);
    waiting.abort();
  }
}
