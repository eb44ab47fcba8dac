import { policyOf, type Policy, type Retention } from '@facehash/contracts';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.js';
import { methodNotAllowed } from './method-not-allowed.js';

/** `GET /v1/policy`: what is kept how long, for the key that asks. */
export function policyRoutes({
  authenticate,
  retention,
  policyUrl,
}: {
  readonly authenticate: Authenticate;
  /** Of the installation. */
  readonly retention: Retention;
  readonly policyUrl: string | undefined;
}): Router {
  const router = Router();

  router
    .route('/v1/policy')
    .get(async (req, res) => {
      const key = await authenticate(req);
      const policy: Policy = policyOf(key.retention, retention, policyUrl ?? null);
      res.set('Cache-Control', 'no-store').json(policy);
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  return router;
}
