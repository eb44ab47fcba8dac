import {
  AppError,
  liveSecrets,
  newId,
  newSigningSecrets,
  newWebhookSchema,
  pingOf,
  rotateKeySchema,
  rotateSigningSecrets,
  toWebhookResource,
  webhookChangeSchema,
  type Webhook,
  type WebhookDelivery,
  type WebhookList,
  type WebhookResource,
  type WebhookWithSecret,
} from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import { webhooks, type ObjectStorage } from '@facehash/storage';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.js';
import type { AssertWebhookAddress } from '../webhooks/addresses.js';
import { parseFields } from './form-fields.js';
import { readJson, readOptionalJson } from './json-body.js';
import { methodNotAllowed } from './method-not-allowed.js';

/** Each of them is a request for every event of the key. */
const MAX_WEBHOOKS = 20;

export interface WebhookDependencies {
  readonly authenticate: Authenticate;
  readonly storage: ObjectStorage;
  readonly jobs: JobClient;
  readonly assertAddress: AssertWebhookAddress;
}

/** `/v1/webhooks`: where a key's events are sent. Whoever is registered is sent a ping. */
export function webhookRoutes({ authenticate, storage, jobs, assertAddress }: WebhookDependencies): Router {
  const router = Router();

  const save = async (keyId: string, webhook: Webhook): Promise<void> => {
    await webhooks(storage, keyId).put(webhook);
    await jobs.webhooks.changed(keyId);
  };
  const ping = (keyId: string, webhookId: string): Promise<WebhookDelivery> =>
    jobs.webhooks.send({ keyId, webhookId, event: pingOf(webhookId, new Date()) });

  router
    .route('/v1/webhooks')
    .get(async (req, res) => {
      const key = await authenticate(req, 'webhooks');
      const now = new Date();
      const list: WebhookList = {
        object: 'list',
        data: (await webhooks(storage, key.id).list()).map((one) => toWebhookResource(one, now)),
        has_more: false,
        next_cursor: null,
      };
      res.set('Cache-Control', 'no-store').json(list);
    })
    .post(async (req, res) => {
      const key = await authenticate(req, 'webhooks');
      const fields = parseFields(newWebhookSchema, await readJson(req, res));
      await assertAddress(fields.url);
      await assertRoom(storage, key.id);
      const now = new Date();
      const webhook: Webhook = {
        ...{ id: newId('webhook'), ...fields, createdAt: now.toISOString(), disabled: null },
        secrets: newSigningSecrets(now),
      };
      try {
        await save(key.id, webhook);
        await ping(key.id, webhook.id);
      } catch (error) {
        // Its secret would be known to nobody.
        await webhooks(storage, key.id).delete(webhook.id);
        throw error;
      }
      res.location(`/v1/webhooks/${webhook.id}`).set('Cache-Control', 'no-store');
      res.status(201).json(withSecret(webhook, now));
    })
    .all(methodNotAllowed('GET', 'HEAD', 'POST'));

  router
    .route('/v1/webhooks/:id')
    .get(async (req, res) => {
      const key = await authenticate(req, 'webhooks');
      const webhook = await requireWebhook(storage, key.id, req.params.id);
      const body: WebhookResource = toWebhookResource(webhook, new Date());
      res.set('Cache-Control', 'no-store').json(body);
    })
    .patch(async (req, res) => {
      const key = await authenticate(req, 'webhooks');
      const { enabled, ...change } = parseFields(webhookChangeSchema, await readJson(req, res));
      if (change.url !== undefined) await assertAddress(change.url);
      const before = await requireWebhook(storage, key.id, req.params.id);
      const { url = before.url, events = before.events, description = before.description } = change;
      const disabled = disabledBy(enabled, before);
      const changed: Webhook = { ...before, url, events, description, disabled };
      await save(key.id, changed);
      const body: WebhookResource = toWebhookResource(changed, new Date());
      res.set('Cache-Control', 'no-store').json(body);
    })
    .delete(async (req, res) => {
      const key = await authenticate(req, 'webhooks');
      const { id } = await requireWebhook(storage, key.id, req.params.id);
      await webhooks(storage, key.id).delete(id);
      await jobs.webhooks.changed(key.id);
      res.status(204).end();
    })
    .all(methodNotAllowed('GET', 'HEAD', 'PATCH', 'DELETE'));

  router
    .route('/v1/webhooks/:id/rotate')
    .post(async (req, res) => {
      const key = await authenticate(req, 'webhooks');
      const { grace_seconds: graceSeconds } = parseFields(rotateKeySchema, await readOptionalJson(req, res));
      const before = await requireWebhook(storage, key.id, req.params.id);
      const now = new Date();
      const rotated = { ...before, secrets: rotateSigningSecrets(before.secrets, { now, graceSeconds }) };
      await save(key.id, rotated);
      res.set('Cache-Control', 'no-store').json(withSecret(rotated, now));
    })
    .all(methodNotAllowed('POST'));

  router
    .route('/v1/webhooks/:id/ping')
    .post(async (req, res) => {
      const key = await authenticate(req, 'webhooks');
      const { id } = await requireWebhook(storage, key.id, req.params.id);
      const delivery = await ping(key.id, id);
      res.status(202).location(`/v1/webhooks/deliveries/${delivery.id}`);
      res.set('Cache-Control', 'no-store').json(delivery);
    })
    .all(methodNotAllowed('POST'));

  return router;
}

async function requireWebhook(storage: ObjectStorage, keyId: string, webhookId: string): Promise<Webhook> {
  const webhook = await webhooks(storage, keyId).get(webhookId);
  if (webhook !== undefined) return webhook;
  throw new AppError('NOT_FOUND', `This key has no webhook ${webhookId}.`);
}

async function assertRoom(storage: ObjectStorage, keyId: string): Promise<void> {
  const { length } = await webhooks(storage, keyId).list();
  if (length < MAX_WEBHOOKS) return;
  throw new AppError('TOO_MANY_WEBHOOKS', `This key has ${length} webhooks already; delete one first.`);
}

function disabledBy(enabled: boolean | undefined, { disabled }: Webhook): Webhook['disabled'] {
  if (enabled === undefined) return disabled;
  if (enabled) return null;
  return disabled ?? { at: new Date().toISOString(), reason: 'owner' };
}

function withSecret(webhook: Webhook, now: Date): WebhookWithSecret {
  const [secret = ''] = liveSecrets(webhook.secrets, now);
  return { ...toWebhookResource(webhook, now), secret };
}
