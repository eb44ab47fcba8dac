import { afterEach, beforeEach } from '@jest/globals';
import { createJobClient, type JobClient } from '../client.js';
import type { Redis } from '../connection.js';
import { startConsumer, type Consumer } from '../consumer.js';
import type { JobHandlers } from '../delivery.js';
import type { JobObserver } from '../job-observer.js';
import { handlers, newPrefix, silent } from './examples.js';
import { useRedis } from './use-redis.js';

interface QueueForTests {
  readonly redis: Redis;
  readonly prefix: string;
  readonly client: JobClient;
}

/** A corner of one Redis for each test of this file or block, and a client there; workers end with their test. */
export function useQueue(take: (queue: QueueForTests) => void) {
  let redis: Redis;
  let queue: QueueForTests;
  let workers: Consumer[] = [];

  useRedis((connection) => void (redis = connection));
  beforeEach(() => {
    const prefix = newPrefix();
    queue = { redis, prefix, client: createJobClient({ redis, prefix }) };
    take(queue);
  });

  /** Resolves when what follows the end of their jobs has happened. */
  const stopConsuming = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.close()));
    workers = [];
  };
  afterEach(async () => {
    await stopConsuming();
    await queue.client.close();
  });

  /** A worker whose handlers do their job at once but for those that are `changed`. */
  const consume = async (
    changed: Partial<JobHandlers> = {},
    options: { readonly concurrency?: number; readonly observer?: JobObserver } = {},
  ): Promise<void> => {
    const { redis, prefix } = queue;
    const all = { ...handlers, ...changed };
    workers.push(
      await startConsumer({ redis, prefix, handlers: all, concurrency: 2, logger: silent, ...options }),
    );
  };

  return { consume, stopConsuming };
}
