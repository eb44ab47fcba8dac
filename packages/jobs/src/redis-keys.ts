import type { Redis } from './connection.js';

const DEFAULT_PREFIX = 'facehash';

/**
 * What all names begin with. In a cluster it stands in braces, so that all of them lie in one slot: scripts of ours and of
 * BullMQ change several names at once, and a job's record, its queue, its owner's lists and the outbox meet in them.
 * Elsewhere names stay what they were, so jobs in flight are found after an upgrade.
 */
export function prefixOn(redis: Pick<Redis, 'isCluster'>, prefix = DEFAULT_PREFIX): string {
  return redis.isCluster && !prefix.startsWith('{') ? `{${prefix}}` : prefix;
}

/**
 * Every name this package uses in Redis; BullMQ's lie under a prefix of their own. Where a script derives a name, it gets
 * its start, such as `record('')`, which lies in the same slot.
 */
export const redisKeys = (prefix: string) => ({
  record: (jobId: string): string => `${prefix}:job:${jobId}`,
  /** Sorted set: a key's jobs by creation. */
  jobsOf: (keyId: string): string => `${prefix}:jobs:${keyId}`,
  /** Pub/sub channel; the message is the id of a job that has just ended. */
  ended: `${prefix}:ended`,
  /** Pub/sub channel; the message is the id of a job whose progress has just changed. */
  progress: `${prefix}:progress`,
  /** Hash: a key's people who are not enrolled yet, by label. */
  newcomersOf: (keyId: string): string => `${prefix}:newcomers:${keyId}`,
  /** List: a key's accepted trainings, until they end. */
  trainingsOf: (keyId: string): string => `${prefix}:trainings:${keyId}`,
  trainingLock: (keyId: string): string => `${prefix}:training:${keyId}`,
  /** Set: ids of processes that take requests or jobs, and of some that did. */
  processes: `${prefix}:processes`,
  process: (processId: string): string => `${prefix}:process:${processId}`,
  queues: `${prefix}:queue`,
  /** BullMQ's, of the chore that erases a key; its lock's name begins so. */
  eraseChore: (keyId: string): string => `${prefix}:queue:sweep:erase-${keyId}`,
  /** There while a key takes no more jobs, as its data is being erased; made from `jobsOf` in a script. */
  closed: (keyId: string): string => `${prefix}:jobs:${keyId}:closed`,
  /** Pub/sub channel; the message is the id of a key whose models were deleted. */
  modelsGone: `${prefix}:models-gone`,
  /** Sorted set: ended jobs that nobody has been told of yet, by when to look at them (again). */
  outbox: `${prefix}:outbox`,
  delivery: (deliveryId: string): string => `${prefix}:delivery:${deliveryId}`,
  /** Sorted set: a key's webhook deliveries by creation. */
  deliveriesOf: (keyId: string): string => `${prefix}:deliveries:${keyId}`,
  /** Counts the changes of a key's webhooks. */
  webhooksVersion: (keyId: string): string => `${prefix}:webhooks:${keyId}`,
  /** Sorted set: whose turn it is in a queue. */
  order: (queue: string): string => `${prefix}:order:${queue}`,
  /** Number: what a job of a queue has lately taken, in milliseconds. */
  pace: (queue: string): string => `${prefix}:pace:${queue}`,
  /** Sorted set: jobs of a key that have not ended, and some that have. */
  openJobsOf: (keyId: string): string => `${prefix}:open:${keyId}`,
  /** Hash: which job a request with an Idempotency-Key became. */
  idempotency: (keyId: string, hash: string): string => `${prefix}:idempotency:${keyId}:${hash}`,
});
