import type { QueueOptions } from 'bullmq';
import type { Redis } from './connection.js';
import { redisKeys } from './redis-keys.js';

/** BullMQ's log of events per queue: we wake waiters ourselves and read it never, so it need not hold 10 000. */
const EVENTS_KEPT = 100;

/** What every queue that jobs are put into is opened with. */
export function producerOptions(redis: Redis, prefix: string): QueueOptions {
  return {
    connection: redis,
    prefix: redisKeys(prefix).queues,
    // Otherwise BullMQ waits for ever for a connection that is down when it is created, instead of failing.
    skipWaitingForReady: true,
    skipVersionCheck: true,
    streams: { events: { maxLen: EVENTS_KEPT } },
  };
}
