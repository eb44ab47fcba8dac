import { newId, type WebhookDelivery } from '@facehash/contracts';
import type { Redis } from '../connection.js';
import { redisKeys } from '../redis-keys.js';
import { createDeliveries, type Deliveries, type NewDelivery, type StoredDelivery } from './deliveries.js';
import type { WebhookQueue } from './webhook-queue.js';

/** The gateway's side of webhooks: what their owner asks for. */
export interface WebhookClient {
  /** An event that is no job's, such as a ping: each call is another delivery. */
  send(delivery: Omit<NewDelivery, 'id'>): Promise<WebhookDelivery>;
  readonly get: (deliveryId: string) => Promise<StoredDelivery | undefined>;
  readonly list: Deliveries['list'];
  /** Attempts it now, and by the whole schedule again should that fail. The id stays, for it is the same event. */
  redeliver(deliveryId: string): Promise<StoredDelivery | undefined>;
  /** Call after the webhooks of a key have changed: what gateways remember of them is then void. */
  changed(keyId: string): Promise<void>;
  /** Another text after every change. */
  version(keyId: string): Promise<string>;
}

export function createWebhookClient(o: { redis: Redis; prefix: string; queue: WebhookQueue }): WebhookClient {
  const deliveries = createDeliveries(o.redis, o.prefix);
  const keys = redisKeys(o.prefix);
  return {
    async send(delivery) {
      const id = newId('delivery');
      await deliveries.create({ ...delivery, id });
      await o.queue.add({ deliveryId: id, keyId: delivery.keyId });
      return (await deliveries.read(id))!.delivery;
    },
    get: deliveries.read,
    list: deliveries.list,
    async redeliver(id) {
      if (!(await deliveries.resume(id))) return undefined;
      const stored = await deliveries.read(id);
      if (stored !== undefined) await o.queue.addNow({ deliveryId: id, keyId: stored.keyId });
      return stored;
    },
    async changed(keyId) {
      await o.redis.incr(keys.webhooksVersion(keyId));
    },
    // Where Redis lost its memory the count begins anew; storage was read since, for everything else is lost as well.
    version: async (keyId) => (await o.redis.get(keys.webhooksVersion(keyId))) ?? '0',
  };
}
