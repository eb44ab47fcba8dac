export const DEFAULT_PREFIX = 'facehash';

/** Every name this package uses in Redis. Scripts touch one key each; BullMQ's lie under a prefix of their own. */
export const redisKeys = (prefix: string) => ({
  record: (jobId: string): string => `${prefix}:job:${jobId}`,
  /** Pub/sub channel; the message is the id of a job that has just ended. */
  ended: `${prefix}:ended`,
  trainingLock: (keyId: string): string => `${prefix}:training:${keyId}`,
  queues: `${prefix}:queue`,
});
