import {
  AppError,
  keyChangeSchema,
  keyListQuerySchema,
  newKeySchema,
  rotateKeySchema,
  toKeyResource,
  type KeyList,
  type KeyResource,
  type KeyWithSecret,
} from '@facehash/contracts';
import type { ApiKeys, KeyAndSecret } from '@facehash/storage';
import { Router } from 'express';
import type { AuthenticateAdmin } from '../authentication/authenticate-admin.js';
import { parseFields } from './form-fields.js';
import { readJson, readOptionalJson } from './json-body.js';
import { methodNotAllowed } from './method-not-allowed.js';

export interface KeysDependencies {
  readonly authenticateAdmin: AuthenticateAdmin;
  readonly keys: ApiKeys;
}

/** `/v1/keys`: API keys made, listed, changed, given new secrets and revoked by whoever holds the admin token. */
export function keyRoutes({ authenticateAdmin, keys }: KeysDependencies): Router {
  const router = Router();

  router
    .route('/v1/keys')
    .get(async (req, res) => {
      await authenticateAdmin(req);
      const { items, next } = await keys.page(parseFields(keyListQuerySchema, req.query));
      const list: KeyList = {
        object: 'list',
        data: items.map(toKeyResource),
        has_more: next !== undefined,
        next_cursor: next ?? null,
      };
      res.set('Cache-Control', 'no-store').json(list);
    })
    .post(async (req, res) => {
      await authenticateAdmin(req);
      const body = parseFields(newKeySchema, await readJson(req, res));
      const { name, scopes, features, fit, expires_at, on_training, threshold, limits, retention } = body;
      const now = new Date();
      const expiresAt = expires_at === null ? null : future(expires_at, now);
      const created = await keys.create({
        ...{ name, scopes, features, fit, onTraining: on_training, threshold, expiresAt, now },
        limits: { requestsPerMinute: limits.requests_per_minute, openJobs: limits.open_jobs },
        retention,
        requireConsent: body.require_consent,
        audit: body.audit,
      });
      res.location(`/v1/keys/${created.key.id}`).set('Cache-Control', 'no-store');
      res.status(201).json(withSecret(created));
    })
    .all(methodNotAllowed('GET', 'HEAD', 'POST'));

  router
    .route('/v1/keys/:id')
    .get(async (req, res) => {
      await authenticateAdmin(req);
      const key = await keys.get(req.params.id);
      if (key === undefined) throw new AppError('NOT_FOUND', `There is no key ${req.params.id}.`);
      res.set('Cache-Control', 'no-store').json(toKeyResource(key) satisfies KeyResource);
    })
    .patch(async (req, res) => {
      await authenticateAdmin(req);
      const change = parseFields(keyChangeSchema, await readJson(req, res));
      const {
        on_training: onTraining,
        threshold,
        fit,
        limits,
        retention,
        require_consent: requireConsent,
        audit,
      } = change;
      const { requests_per_minute: requestsPerMinute, open_jobs: openJobs } = limits ?? {};
      const changed = await keys.change(req.params.id, {
        ...(onTraining !== undefined && { onTraining }),
        ...(threshold !== undefined && { threshold }),
        ...(fit !== undefined && { fit }),
        ...(retention !== undefined && { retention }),
        ...(requireConsent !== undefined && { requireConsent }),
        ...(audit !== undefined && { audit }),
        limits: {
          ...(requestsPerMinute !== undefined && { requestsPerMinute }),
          ...(openJobs !== undefined && { openJobs }),
        },
      });
      res.set('Cache-Control', 'no-store').json(toKeyResource(changed) satisfies KeyResource);
    })
    .delete(async (req, res) => {
      await authenticateAdmin(req);
      const revoked = await keys.revoke(req.params.id, new Date());
      res.set('Cache-Control', 'no-store').json(toKeyResource(revoked) satisfies KeyResource);
    })
    .all(methodNotAllowed('GET', 'HEAD', 'PATCH', 'DELETE'));

  router
    .route('/v1/keys/:id/rotate')
    .post(async (req, res) => {
      await authenticateAdmin(req);
      const body = await readOptionalJson(req, res);
      const { grace_seconds: graceSeconds } = parseFields(rotateKeySchema, body);
      const rotated = await keys.rotate(req.params.id, { now: new Date(), graceSeconds });
      res.set('Cache-Control', 'no-store').json(withSecret(rotated));
    })
    .all(methodNotAllowed('POST'));

  return router;
}

const withSecret = ({ key, secret }: KeyAndSecret): KeyWithSecret => ({ ...toKeyResource(key), secret });

/** A key that expires before it is used is a mistake in a date. */
function future(expiresAt: string, now: Date): Date {
  const date = new Date(expiresAt);
  if (date > now) return date;
  throw new AppError('INVALID_REQUEST', `expires_at: expected a time to come; ${expiresAt} came.`);
}
