import type { Redis } from '../connection.js';
import { redisKeys } from '../redis-keys.js';

/** Ended jobs that nobody has been told of yet. The script that ends a job's record puts it in. */
export interface Outbox {
  /** Up to `most` jobs, which are nobody else's for the time of the lease. */
  claim(most: number): Promise<string[]>;
  /** The deliveries of this job are on their way. A claim that is never settled can be made again after its lease. */
  settle(jobId: string): Promise<void>;
}

/** KEYS: outbox. ARGV: how many, lease ms → job ids */
const CLAIM = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
for _, id in ipairs(due) do redis.call('ZADD', KEYS[1], now + ARGV[2], id) end
return due`;

export function createOutbox(o: { redis: Redis; prefix: string; leaseMs: number }): Outbox {
  const key = redisKeys(o.prefix).outbox;
  return {
    async claim(most) {
      return (await o.redis.eval(CLAIM, 1, key, most, o.leaseMs)) as string[];
    },
    async settle(jobId) {
      await o.redis.zrem(key, jobId);
    },
  };
}
