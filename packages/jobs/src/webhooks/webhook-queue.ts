import { Queue } from 'bullmq';
import type { Redis } from '../connection.js';
import { queueDepth, type QueueDepth } from '../queue-depths.js';
import { producerOptions } from '../producer-options.js';

export const WEBHOOK_QUEUE = 'webhook';

/** The owner is in it so that what a key has in the queue can be found when the key is erased. */
export interface QueuedDelivery {
  readonly deliveryId: string;
  readonly keyId: string;
}

/** The producers' side of the queue in which deliveries wait for their next attempt. */
export interface WebhookQueue {
  /** Nothing happens when it is there already. */
  add(delivery: QueuedDelivery): Promise<void>;
  /** To attempt a delivery now that may wait for a later attempt; one that is being made is left alone. */
  addNow(delivery: QueuedDelivery): Promise<void>;
  readonly depth: () => Promise<QueueDepth>;
  close(): Promise<void>;
}

const OPTIONS = {
  // The delivery's record tells what happened.
  removeOnComplete: true,
  removeOnFail: true,
  stackTraceLimit: 1,
};

export function openWebhookQueue(redis: Redis, prefix: string): WebhookQueue {
  const queue = new Queue(WEBHOOK_QUEUE, producerOptions(redis, prefix));
  queue.on('error', () => undefined); // outages are reported by the call that met them, and by the connection
  const add = async (delivery: QueuedDelivery): Promise<void> => {
    await queue.add(WEBHOOK_QUEUE, delivery, { ...OPTIONS, jobId: delivery.deliveryId });
  };
  return {
    add,
    async addNow(delivery) {
      // Takes nothing out while an attempt is being made; then that one is the attempt that was asked for.
      await queue.remove(delivery.deliveryId);
      await add(delivery);
    },
    depth: () => queueDepth(WEBHOOK_QUEUE, queue),
    close: () => queue.close(),
  };
}
