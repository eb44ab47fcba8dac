import { eventsOf, wants } from '@facehash/contracts';
import { createHash } from 'node:crypto';
import type { JobLogger } from '../logger.js';
import type { JobRecord } from '../record-fields.js';
import type { Deliveries } from './deliveries.js';
import type { Outbox } from './outbox.js';
import type { WebhookQueue } from './webhook-queue.js';

/** Jobs one turn takes; their webhooks are looked up side by side. */
const BATCH = 16;

/**
 * Makes deliveries of what the outbox holds. Several gateways do this beside each other, and one that dies in the middle
 * leaves its jobs to another: the same event to the same webhook has the same id, whoever makes it.
 */
export function createRelay(o: {
  outbox: Outbox;
  read: (jobId: string) => Promise<JobRecord | undefined>;
  deliveries: Pick<Deliveries, 'create'>;
  queue: Pick<WebhookQueue, 'add'>;
  /** Ids of the key's webhooks that are to be told of an event of this type. */
  subscribersOf: (keyId: string, type: string) => Promise<readonly string[]>;
  logger: JobLogger;
}): () => Promise<void> {
  const relay = async (jobId: string): Promise<void> => {
    const record = await o.read(jobId);
    // Deleted meanwhile: nobody is to hear of it any more.
    for (const event of record === undefined ? [] : eventsOf(record.job)) {
      const { keyId, webhook } = record!;
      const ids: (string | null)[] = [...(await o.subscribersOf(keyId, event.type))];
      if (webhook !== null && wants(webhook, event.type)) ids.push(null);
      for (const webhookId of ids) {
        const id = deliveryId(jobId, event.type, webhookId);
        await o.deliveries.create({ id, keyId, webhookId, event });
        await o.queue.add({ deliveryId: id, keyId });
      }
    }
    await o.outbox.settle(jobId);
  };

  /** Empties the outbox. */
  return async () => {
    let taken: string[];
    do {
      taken = await o.outbox.claim(BATCH);
      const told = await Promise.allSettled(taken.map(relay));
      for (const [at, result] of told.entries()) {
        if (result.status === 'fulfilled') continue;
        o.logger.warn(
          { err: result.reason as unknown, job_id: taken[at] },
          'webhooks of a job could not be queued; tried again after the lease',
        );
      }
    } while (taken.length === BATCH);
  };
}

const deliveryId = (jobId: string, type: string, webhookId: string | null): string =>
  `msg_${createHash('sha256')
    .update(`${jobId} ${type} ${webhookId ?? 'own'}`)
    .digest('hex')
    .slice(0, 32)}`;
