import { connectRedis, startWebhooks, type JobClient, type RunningWebhooks } from '@facehash/jobs';
import type { Metrics } from '@facehash/metrics';
import type { ObjectStorage } from '@facehash/storage';
import type { LookupFunction } from 'node:net';
import type { Logger } from 'pino';
import { measureWebhooks } from '../metrics/measure-webhooks.js';
import { createPostWebhook } from './post-webhook.js';
import { createWebhookSender } from './webhook-sender.js';

/** Sends webhooks from this process, on a connection of its own: a worker waits for Redis, a request does not. */
export async function runWebhooks(o: {
  readonly redisUrl: string;
  readonly prefix?: string;
  readonly storage: ObjectStorage;
  readonly jobs: JobClient;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly allowPrivate: boolean;
  readonly lookup: LookupFunction;
  /** Ms before each attempt; the standard's by default. */
  readonly schedule?: readonly number[];
  /** What a receiver has for its answer. */
  readonly timeoutMs?: number;
}): Promise<RunningWebhooks> {
  const { storage, jobs, logger, prefix, schedule, timeoutMs } = o;
  const redis = connectRedis(o.redisUrl, 'worker', logger);
  const post = createPostWebhook({
    ...{ allowPrivate: o.allowPrivate, lookup: o.lookup },
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  const running = await startWebhooks({
    ...{ redis, logger, observer: measureWebhooks(o.metrics) },
    sender: createWebhookSender({ storage, jobs, post, logger }),
    ...(prefix !== undefined && { prefix }),
    ...(schedule !== undefined && { schedule }),
  });
  return {
    async close() {
      await running.close();
      redis.disconnect();
    },
  };
}
