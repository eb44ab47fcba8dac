import { AppError, eraseKeySchema, type KeyErasure } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import type { ApiKeys, KeyErasures } from '@facehash/storage';
import { Router, type Response } from 'express';
import type { AuthenticateAdmin } from '../authentication/authenticate-admin.js';
import { parseFields } from './form-fields.js';
import { readJson } from './json-body.js';
import { methodNotAllowed } from './method-not-allowed.js';

/** The deletion itself begins after some seconds, so asking sooner is in vain. */
const POLL_AFTER_S = 5;

export interface KeyErasureDependencies {
  readonly authenticateAdmin: AuthenticateAdmin;
  readonly keys: ApiKeys;
  readonly erasures: KeyErasures;
  readonly jobs: Pick<JobClient, 'eraseKey'>;
}

/**
 * `POST /v1/keys/:id/erase` revokes a key and has all its data deleted; `GET /v1/keys/:id/erasure` tells how far that is and,
 * for good, what went.
 */
export function keyErasureRoutes({
  authenticateAdmin,
  keys,
  erasures,
  jobs,
}: KeyErasureDependencies): Router {
  const router = Router();

  router
    .route('/v1/keys/:id/erase')
    .post(async (req, res) => {
      await authenticateAdmin(req);
      const { id } = req.params;
      const { confirm } = parseFields(eraseKeySchema, await readJson(req, res));
      if (confirm !== id) {
        throw new AppError(
          'INVALID_REQUEST',
          `confirm: expected the id of the key to erase, ${id}; ${confirm} came. Nothing was deleted.`,
        );
      }
      const known = await erasures.get(id);
      if (known === undefined) await keys.revoke(id, new Date());
      // Stored before a queue hears of it: whatever is lost from here on, the next sweep takes it up.
      const erasure = known ?? (await erasures.request(id, new Date()));
      if (erasure.status === 'pending') await jobs.eraseKey(id);
      res.location(`/v1/keys/${id}/erasure`).status(202);
      sendErasure(res, erasure);
    })
    .all(methodNotAllowed('POST'));

  router
    .route('/v1/keys/:id/erasure')
    .get(async (req, res) => {
      await authenticateAdmin(req);
      const erasure = await erasures.get(req.params.id);
      if (erasure === undefined) {
        throw new AppError('NOT_FOUND', `Nobody has asked for the erasure of a key ${req.params.id}.`);
      }
      sendErasure(res, erasure);
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  return router;
}

function sendErasure(res: Response, erasure: KeyErasure): void {
  if (erasure.status === 'pending') res.set('Retry-After', String(POLL_AFTER_S));
  res.set('Cache-Control', 'no-store').json(erasure);
}
