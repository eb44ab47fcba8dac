import {
  AppError,
  idSchema,
  webhookDeliveryListQuerySchema,
  type WebhookDelivery,
  type WebhookDeliveryList,
} from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.js';
import { parseFields } from './form-fields.js';
import { methodNotAllowed } from './method-not-allowed.js';

/** `/v1/webhooks/deliveries`: what was sent to a key's webhooks, how its attempts went, and one more of them on demand. */
export function webhookDeliveryRoutes({
  authenticate,
  jobs,
}: {
  authenticate: Authenticate;
  jobs: JobClient;
}): Router {
  const router = Router();

  router
    .route('/v1/webhooks/deliveries')
    .get(async (req, res) => {
      const key = await authenticate(req, 'webhooks');
      const query = parseFields(webhookDeliveryListQuerySchema, req.query);
      const { webhook_id: webhookId, ...rest } = query;
      const page = await jobs.webhooks.list(key.id, { ...rest, webhookId });
      const list: WebhookDeliveryList = {
        object: 'list',
        data: page.items.map(({ delivery }) => delivery),
        has_more: page.nextCursor !== null,
        next_cursor: page.nextCursor,
      };
      res.set('Cache-Control', 'no-store').json(list);
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  router
    .route('/v1/webhooks/deliveries/:id')
    .get(async (req, res) => {
      const key = await authenticate(req, 'webhooks');
      res.set('Cache-Control', 'no-store').json(await ownDelivery(jobs, key.id, req.params.id));
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  router
    .route('/v1/webhooks/deliveries/:id/redeliver')
    .post(async (req, res) => {
      const key = await authenticate(req, 'webhooks');
      const { id } = await ownDelivery(jobs, key.id, req.params.id);
      const again = await jobs.webhooks.redeliver(id);
      const body: WebhookDelivery = again?.delivery ?? (await ownDelivery(jobs, key.id, id));
      res.status(202).set('Cache-Control', 'no-store').json(body);
    })
    .all(methodNotAllowed('POST'));

  return router;
}

/** @throws AppError NOT_FOUND also for another key's delivery */
async function ownDelivery(jobs: JobClient, keyId: string, deliveryId: string): Promise<WebhookDelivery> {
  const isId = idSchema('delivery').safeParse(deliveryId).success;
  const found = isId ? await jobs.webhooks.get(deliveryId) : undefined;
  if (found?.keyId === keyId) return found.delivery;
  throw new AppError(
    'NOT_FOUND',
    `This key has no delivery ${deliveryId}; deliveries are kept for a day after their end.`,
  );
}
