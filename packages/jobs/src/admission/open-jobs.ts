import type { Redis } from '../connection.js';
import type { JobRecord } from '../record-fields.js';
import { RECORD_TTL_MS } from '../records.js';
import { redisKeys } from '../redis-keys.js';
import { LEASE_MS } from './idempotency.js';

/**
 * How many jobs of a key have not ended: waiting, running, or about to be sent. The records tell; nothing is counted up
 * and down, so nothing leaks when a gateway or a worker dies.
 */
export interface OpenJobs {
  /** Takes a place for a job that is about to be sent, for 30 s or as long as it is renewed. → false: `limit` are open */
  reserve(keyId: string, jobId: string, limit: number): Promise<boolean>;
  renew(keyId: string, jobId: string): Promise<void>;
  /** The job was not sent after all. */
  release(keyId: string, jobId: string): Promise<void>;
}

/** Of the oldest jobs, how many are read before a key is refused: reading ends those that nobody else would end. */
const SETTLED = 20;

/**
 * KEYS: sorted set of jobs by when their places were last asked for, start of all records' keys. ARGV: job id, limit,
 * lease ms, ttl ms → 1 when there was a place. The set holds at least all open jobs; only when it is full those that have
 * ended, or never came to be, are looked for.
 */
const RESERVE = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local limit = tonumber(ARGV[2])
if redis.call('ZCARD', KEYS[1]) >= limit then
  local entries = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
  for i = 1, #entries, 2 do
    local status = redis.call('HGET', KEYS[2] .. entries[i], 'status')
    local sending = not status and now - entries[i + 1] <= tonumber(ARGV[3])
    if not (sending or status == 'queued' or status == 'processing') then redis.call('ZREM', KEYS[1], entries[i]) end
  end
  if redis.call('ZCARD', KEYS[1]) >= limit then return 0 end
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`;

/** KEYS: the set. ARGV: job id */
const RENEW = `
local clock = redis.call('TIME')
redis.call('ZADD', KEYS[1], 'XX', clock[1] * 1000 + math.floor(clock[2] / 1000), ARGV[1])
return 0`;

export function createOpenJobs(o: {
  redis: Redis;
  prefix: string;
  read: (jobId: string) => Promise<JobRecord | undefined>;
}): OpenJobs {
  const { redis, read } = o;
  const keys = redisKeys(o.prefix);
  const reserve = async (keyId: string, jobId: string, limit: number): Promise<boolean> => {
    const names = [keys.openJobsOf(keyId), keys.record('')] as const;
    return (await redis.eval(RESERVE, 2, ...names, jobId, limit, LEASE_MS, RECORD_TTL_MS)) === 1;
  };
  return {
    async reserve(keyId, jobId, limit) {
      if (await reserve(keyId, jobId, limit)) return true;
      const oldest = await redis.zrange(keys.openJobsOf(keyId), 0, String(SETTLED - 1));
      await Promise.all(oldest.map(read));
      return reserve(keyId, jobId, limit);
    },
    async renew(keyId, jobId) {
      await redis.eval(RENEW, 1, keys.openJobsOf(keyId), jobId);
    },
    async release(keyId, jobId) {
      await redis.zrem(keys.openJobsOf(keyId), jobId);
    },
  };
}
