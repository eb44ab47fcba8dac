import { DelayedError, Worker, type Job as QueueJob } from 'bullmq';
import { closeWorkers } from '../close-workers.js';
import type { Redis } from '../connection.js';
import { LIVENESS } from '../liveness.js';
import type { JobLogger } from '../logger.js';
import { createJobRecords } from '../records.js';
import { prefixOn, redisKeys } from '../redis-keys.js';
import { isRedisOutage } from '../redis-outage.js';
import { subscribe } from '../subscribe.js';
import { whileConnected } from '../while-connected.js';
import { createDeliveries, type StoredDelivery } from './deliveries.js';
import { deliverOnce, type AttemptOutcome, type WebhookObserver } from './delivering.js';
import { createOutbox } from './outbox.js';
import { createRelay } from './relay.js';
import { RETRY_SCHEDULE_MS } from './schedule.js';
import { openWebhookQueue, WEBHOOK_QUEUE, type QueuedDelivery } from './webhook-queue.js';

/** What only the process that makes the requests knows. */
export interface WebhookSender {
  /** Ids of the key's webhooks that are to be told of an event of this type. */
  readonly subscribersOf: (keyId: string, type: string) => Promise<readonly string[]>;
  readonly attempt: (stored: StoredDelivery) => Promise<AttemptOutcome>;
  /** After the last attempt of the schedule has failed. */
  readonly gaveUp: (stored: StoredDelivery) => Promise<void>;
}

export interface RunningWebhooks {
  /** Starts no further attempt and resolves when those under way have ended; leaves the given connection open. */
  close(): Promise<void>;
}

/** An attempt mostly waits, for a receiver that has 15 s. */
const ATTEMPTS_AT_ONCE = 50;
/** Of one webhook: a receiver that hangs must not take all of the above from the others. */
const ATTEMPTS_PER_WEBHOOK = 10;
/** Until a delivery that found its webhook busy, or our own storage away, is looked at again. */
const LOOK_AGAIN_MS = 2_000;
/** A wake-up can be lost, and a lease of a gateway that died ends without one. */
const SWEEP_MS = 5_000;
/** Looking up the webhooks of a batch takes milliseconds, or the time of an outage. */
const LEASE_MS = 30_000;

/**
 * Tells webhooks of what happens to jobs: outbox → deliveries → attempts by a schedule. Runs in every gateway, for a worker
 * makes no calls to the outside. `redis` comes from `connectRedis(url, 'worker')`.
 */
export async function startWebhooks(o: {
  redis: Redis;
  prefix?: string;
  sender: WebhookSender;
  logger: JobLogger;
  observer?: WebhookObserver;
  /** Ms before each attempt; the standard's by default. */
  schedule?: readonly number[];
  leaseMs?: number;
}): Promise<RunningWebhooks> {
  const { redis, sender, logger, observer, schedule = RETRY_SCHEDULE_MS } = o;
  const prefix = prefixOn(redis, o.prefix);
  const deliveries = createDeliveries(redis, prefix);
  const queue = openWebhookQueue(redis, prefix);
  const emptyOutbox = createRelay({
    outbox: createOutbox({ redis, prefix, leaseMs: o.leaseMs ?? LEASE_MS }),
    read: createJobRecords(redis, prefix).read,
    ...{ deliveries, queue, subscribersOf: sender.subscribersOf, logger },
  });
  const relay = oneAtATime(async () => {
    try {
      await emptyOutbox();
    } catch (error) {
      if (!isRedisOutage(error)) logger.error({ err: error }, 'the outbox could not be read');
    }
  });
  const subscription = subscribe(redis, [redisKeys(prefix).ended], {
    heard: relay.wake,
    mayHaveMissed: relay.wake,
  });
  const sweep = setInterval(relay.wake, SWEEP_MS);

  const busy = new Map<string, number>();
  const perform = async (job: QueueJob<QueuedDelivery>): Promise<number | undefined> => {
    const { deliveryId } = job.data;
    const stored = await deliveries.read(deliveryId);
    const target = stored?.delivery.webhook_id ?? stored?.keyId ?? '';
    const running = busy.get(target) ?? 0;
    if (running >= ATTEMPTS_PER_WEBHOOK) return LOOK_AGAIN_MS;
    busy.set(target, running + 1);
    try {
      const { attempt, gaveUp } = sender;
      return await deliverOnce(deliveryId, { deliveries, attempt, gaveUp, schedule, logger, observer });
    } catch (error) {
      // Our own storage or Redis: no attempt at all, so the schedule does not count it.
      logger.warn({ err: error, delivery_id: deliveryId }, 'a webhook delivery could not be attempted');
      return LOOK_AGAIN_MS;
    } finally {
      const left = (busy.get(target) ?? 1) - 1;
      if (left === 0) busy.delete(target);
      else busy.set(target, left);
    }
  };
  const process = async (job: QueueJob<QueuedDelivery>, token?: string): Promise<void> => {
    const againMs = await perform(job);
    if (againMs === undefined) return;
    await job.moveToDelayed(Date.now() + againMs, token);
    throw new DelayedError();
  };
  const worker = new Worker<QueuedDelivery>(WEBHOOK_QUEUE, process, {
    connection: redis,
    prefix: redisKeys(prefix).queues,
    concurrency: ATTEMPTS_AT_ONCE,
    ...LIVENESS,
    // A gateway that dies has done nothing wrong by its deliveries.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  });
  worker.on('error', (error) => {
    if (!isRedisOutage(error))
      logger.error({ err: error, queue: WEBHOOK_QUEUE }, 'a queue worker met an error');
  });
  await worker.waitUntilReady();
  relay.wake();

  return {
    async close() {
      clearInterval(sweep);
      subscription.close();
      await whileConnected(redis, relay.idle);
      await closeWorkers(redis, [worker]);
      await whileConnected(redis, () => queue.close());
    },
  };
}

/** Runs `work` when woken, once more when woken meanwhile, never twice at the same time. */
function oneAtATime(work: () => Promise<void>): { wake: () => void; idle: () => Promise<void> } {
  let latest = Promise.resolve();
  let waiting = false;
  return {
    wake() {
      if (waiting) return;
      waiting = true;
      latest = latest.then(() => {
        waiting = false;
        return work();
      });
    },
    idle: () => latest,
  };
}
