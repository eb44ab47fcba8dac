import { Queue, Worker, type JobsOptions } from 'bullmq';
import { closeWorkers } from './close-workers.js';
import type { Redis } from './connection.js';
import type { Consumer } from './consumer.js';
import type { JobLogger } from './logger.js';
import { prefixOn, redisKeys } from './redis-keys.js';
import { isRedisOutage } from './redis-outage.js';
import { whileConnected } from './while-connected.js';

/**
 * What one worker does for the whole installation, never two at the same time. Both may run again after a crash in their
 * midst; what is left undone the next sweep takes up, so losing a chore with Redis' memory costs a delay.
 */
export interface Chores {
  sweep(): Promise<void>;
  eraseKey(keyId: string): Promise<void>;
}

const QUEUE = 'sweep';
const SCHEDULE = 'sweep';

/** Past the 5 s a gateway remembers a key for: what it accepted in them has a record by then, or is refused. */
const ERASE_DELAY_MS = 6_000;

const KEEP_NOTHING = { removeOnComplete: true, removeOnFail: true } as const satisfies JobsOptions;

export interface ChoreQueue {
  /** Soon, on any worker. A second request while the first waits changes nothing. */
  eraseKey(keyId: string): Promise<void>;
  close(): Promise<void>;
}

/** The gateway's side. */
export function openChoreQueue(redis: Redis, prefix: string): ChoreQueue {
  const queue = openQueue(redis, prefix);
  return {
    async eraseKey(keyId) {
      await queue.add(
        'erase-key',
        { keyId },
        {
          ...{ jobId: `erase-${keyId}`, delay: ERASE_DELAY_MS },
          ...{ attempts: 5, backoff: { type: 'exponential', delay: 5_000 }, ...KEEP_NOTHING },
        },
      );
    },
    close: () => queue.close(),
  };
}

/** Does chores in this process too, and sees to it that a sweep comes by every `everyMs`. */
export async function startChores(o: {
  redis: Redis;
  prefix?: string;
  chores: Chores;
  everyMs: number;
  logger: JobLogger;
}): Promise<Consumer> {
  const { redis, chores, everyMs, logger } = o;
  const prefix = prefixOn(redis, o.prefix);
  const queue = openQueue(redis, prefix);

  const schedule = async (): Promise<void> => {
    await queue.setGlobalConcurrency(1);
    const known = await queue.getJobScheduler(SCHEDULE);
    if (known?.every === everyMs) return;
    await queue.upsertJobScheduler(SCHEDULE, { every: everyMs }, { name: 'sweep', opts: KEEP_NOTHING });
  };
  await schedule();
  // Again and again: the schedule lies in Redis, and is lost with its memory.
  const renewal = setInterval(() => {
    schedule().catch((error: unknown) => {
      if (!isRedisOutage(error)) logger.error({ err: error, queue: QUEUE }, 'a sweep could not be scheduled');
    });
  }, everyMs);

  const worker = new Worker(
    QUEUE,
    async ({ name, data }) => {
      if (name === 'sweep') return chores.sweep();
      return chores.eraseKey((data as { keyId: string }).keyId);
    },
    { connection: redis, prefix: redisKeys(prefix).queues, concurrency: 1 },
  );
  worker.on('error', (error) => {
    if (!isRedisOutage(error)) logger.error({ err: error, queue: QUEUE }, 'a queue worker met an error');
  });
  worker.on('failed', (job, error) => {
    logger.error({ err: error, queue: QUEUE, chore: job?.name }, 'a chore failed; it will be taken up again');
  });
  await worker.waitUntilReady();

  return {
    async close() {
      clearInterval(renewal);
      await closeWorkers(redis, [worker]);
      await whileConnected(redis, () => queue.close());
    },
  };
}

function openQueue(redis: Redis, prefix: string): Queue {
  const queue = new Queue(QUEUE, {
    connection: redis,
    prefix: redisKeys(prefix).queues,
    skipWaitingForReady: true,
    skipVersionCheck: true,
    streams: { events: { maxLen: 100 } },
  });
  // Outages are reported by the call that met them, and by the connection.
  queue.on('error', () => undefined);
  return queue;
}
