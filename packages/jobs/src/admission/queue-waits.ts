import type { Redis } from '../connection.js';
import type { JobName } from '../catalogue.js';
import { RECORD_TTL_MS } from '../records.js';
import { redisKeys } from '../redis-keys.js';

/** How long a job would wait that is sent now. */
export interface QueueWaits {
  /**
   * Milliseconds until a key's next job of this queue would start: as the order of the queue is fair, jobs of others count
   * only where they come before it. 0 when none does.
   */
  estimate(queue: JobName, keyId: string): Promise<number>;
  /** A worker had a job of this queue in hand for so long. */
  ended(queue: JobName, ms: number): Promise<void>;
}

/**
 * KEYS: the queue's name, its order, its pace. ARGV: key id → ms. The jobs before this one, each at the recent pace, shared
 * by as many as run now; where none runs, no worker is there, and what has been waited so far is all one knows.
 */
const ESTIMATE = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local reached = tonumber(redis.call('ZSCORE', KEYS[2], 'clock') or 1)
local place = math.max(reached, tonumber(redis.call('ZSCORE', KEYS[2], ARGV[1]) or reached))
local waiting = KEYS[1] .. ':prioritized'
local ahead = redis.call('LLEN', KEYS[1] .. ':wait') + redis.call('ZCOUNT', waiting, '-inf', '(' .. string.format('%.0f', (place + 1) * 0x100000000))
if ahead == 0 then return 0 end
local running = redis.call('LLEN', KEYS[1] .. ':active')
if running > 0 then return math.floor(ahead * tonumber(redis.call('GET', KEYS[3]) or 0) / running) end
local first = redis.call('ZRANGE', waiting, 0, 0)[1]
local sent = first and redis.call('HGET', KEYS[1] .. ':' .. first, 'timestamp')
return sent and math.max(0, now - tonumber(sent)) or 0`;

/** KEYS: pace. ARGV: ms, ttl ms. A tenth of each new job: some dozens of jobs decide. */
const ENDED = `
local before = tonumber(redis.call('GET', KEYS[1]) or ARGV[1])
redis.call('SET', KEYS[1], before + (ARGV[1] - before) * 0.1, 'PX', ARGV[2])
return 0`;

export function createQueueWaits({ redis, prefix }: { redis: Redis; prefix: string }): QueueWaits {
  const keys = redisKeys(prefix);
  return {
    async estimate(queue, keyId) {
      const names = [`${keys.queues}:${queue}`, keys.order(queue), keys.pace(queue)] as const;
      return Number(await redis.eval(ESTIMATE, 3, ...names, keyId));
    },
    async ended(queue, ms) {
      await redis.eval(ENDED, 1, keys.pace(queue), Math.round(ms), RECORD_TTL_MS);
    },
  };
}
