import {
  liveSecrets,
  rotateKeySchema,
  rotateSigningSecrets,
  type SigningSecretResource,
  type SigningSecrets,
} from '@facehash/contracts';
import { webhooks, type ObjectStorage } from '@facehash/storage';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.js';
import { parseFields } from './form-fields.js';
import { readOptionalJson } from './json-body.js';
import { methodNotAllowed } from './method-not-allowed.js';

export interface WebhookSecretDependencies {
  readonly authenticate: Authenticate;
  readonly storage: ObjectStorage;
}

/** `/v1/webhooks/secret`: what signs the webhooks that come with a request; a key has one from when it is first asked for. */
export function webhookSecretRoutes({ authenticate, storage }: WebhookSecretDependencies): Router {
  const router = Router();

  router
    .route('/v1/webhooks/secret')
    .get(async (req, res) => {
      const key = await authenticate(req, 'webhooks');
      const now = new Date();
      const secrets = await webhooks(storage, key.id).signingSecrets(now);
      res.set('Cache-Control', 'no-store').json(toResource(secrets, now));
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  router
    .route('/v1/webhooks/secret/rotate')
    .post(async (req, res) => {
      const key = await authenticate(req, 'webhooks');
      const { grace_seconds: graceSeconds } = parseFields(rotateKeySchema, await readOptionalJson(req, res));
      const now = new Date();
      const of = webhooks(storage, key.id);
      const rotated = rotateSigningSecrets(await of.signingSecrets(now), { now, graceSeconds });
      await of.putSigningSecrets(rotated);
      res.set('Cache-Control', 'no-store').json(toResource(rotated, now));
    })
    .all(methodNotAllowed('POST'));

  return router;
}

function toResource(secrets: SigningSecrets, now: Date): SigningSecretResource {
  const live = liveSecrets(secrets, now);
  return {
    object: 'webhook_secret',
    secrets: secrets
      .filter(({ secret }) => live.includes(secret))
      .map(({ secret, createdAt, expiresAt }) => ({ secret, created_at: createdAt, expires_at: expiresAt })),
  };
}
