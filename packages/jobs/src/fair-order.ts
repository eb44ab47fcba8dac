import type { Redis } from './connection.js';
import type { JobName } from './catalogue.js';
import { RECORD_TTL_MS } from './records.js';
import { redisKeys } from './redis-keys.js';

/**
 * In which order the jobs of many keys leave one queue: start-time fair queueing (Goyal, Vin and Cheng 1996), each job
 * counting as one.
 *
 * A job's BullMQ priority, lower first, is its **place**. The clock of a queue stands at the place of the job that was last
 * taken from it. A key's next job gets the place after the key's last one, but never one that the clock has passed. So a
 * thousand jobs sent at once have the places 1 to 1000, and another key's single job, sent when the clock stands at 300,
 * has place 300 and is the next to be taken. Keys with backlogs alternate, whatever their backlogs; a key that was silent
 * has saved nothing up, so it cannot hold the others back afterwards; and nobody starves, for every key gets each place
 * once and the clock only passes places that nobody waits with.
 *
 * A job that is tried again keeps its place, which has come by then: it is among the next. One whose worker died goes
 * before all others (BullMQ does that by itself).
 */
export interface FairOrder {
  /** Places for a key's next `count` jobs, in one row. → the first; `placeAt` tells the others */
  take(queue: JobName, keyId: string, count?: number): Promise<number>;
  /** A worker has taken this job: the clock of its queue stands at its place. */
  started(queue: JobName, queueJobId: string): Promise<void>;
}

/** The highest priority BullMQ knows: it is the upper part of a sorted set's score, whose mantissa ends there. */
const HIGHEST_PLACE = 2 ** 21;

/** The i-th of a row of places. A key that is so far ahead of itself has its jobs taken in the order they came. */
export const placeAt = (first: number, i: number): number => Math.min(first + i, HIGHEST_PLACE);

/**
 * KEYS: the queue's name in Redis, its order (sorted set: key id → the key's next place, and `clock`).
 * ARGV: key id, how many places, the clock's highest, ttl ms → the first place.
 *
 * Places end at 2^21, so a clock that is half way there is put back, and with it every place given out: of jobs that wait,
 * are held up or run (BullMQ takes a retried job's priority from its hash). A gateway may have been about to add a job
 * with a place from before; it is known by a place that nobody could have been given, and gets one of now.
 */
const TAKE = `
local base, order = KEYS[1], KEYS[2]
local unit = 0x100000000 -- of BullMQ's scores: priority * unit + a counter
local waiting = base .. ':prioritized'
local clock = tonumber(redis.call('ZSCORE', order, 'clock') or 1)

local function give(jobId, place) redis.call('HSET', base .. ':' .. jobId, 'priority', place) end
local function giveWaiting(jobId, score, place)
  redis.call('ZADD', waiting, place * unit + score % unit, jobId)
  give(jobId, place)
end

if clock > tonumber(ARGV[3]) then
  local back = clock - 1
  local function earlier(place) return math.max(1, place - back) end
  local scores = redis.call('ZRANGE', waiting, 0, -1, 'WITHSCORES')
  for i = 1, #scores, 2 do
    giveWaiting(scores[i], scores[i + 1], earlier(math.floor(scores[i + 1] / unit)))
  end
  local elsewhere = { redis.call('LRANGE', base .. ':active', 0, -1), redis.call('LRANGE', base .. ':wait', 0, -1),
    redis.call('ZRANGE', base .. ':delayed', 0, -1), redis.call('ZRANGE', base .. ':waiting-children', 0, -1) }
  for _, ids in ipairs(elsewhere) do
    for _, id in ipairs(ids) do
      local place = tonumber(redis.call('HGET', base .. ':' .. id, 'priority') or 0)
      if place > 0 then give(id, earlier(place)) end
    end
  end
  local keys = redis.call('ZRANGE', order, 0, -1, 'WITHSCORES')
  for i = 1, #keys, 2 do redis.call('ZADD', order, earlier(tonumber(keys[i + 1])), keys[i]) end
  clock = 1
end

-- A key whose next place has passed is as good as new.
redis.call('ZREMRANGEBYSCORE', order, '-inf', clock)
redis.call('ZADD', order, clock, 'clock')
local highest = tonumber(redis.call('ZREVRANGE', order, 0, 0, 'WITHSCORES')[2])
local last = redis.call('ZREVRANGE', waiting, 0, 0, 'WITHSCORES')
while last[2] and math.floor(last[2] / unit) > highest do
  giveWaiting(last[1], last[2], clock)
  last = redis.call('ZREVRANGE', waiting, 0, 0, 'WITHSCORES')
end

local first = tonumber(redis.call('ZSCORE', order, ARGV[1]) or clock)
redis.call('ZADD', order, first + ARGV[2], ARGV[1])
redis.call('PEXPIRE', order, ARGV[4])
return first`;

/** KEYS: as TAKE. ARGV: job id. Its hash, not what the worker was given, holds its place: the clock may have been put back. */
const STARTED = `
local place = tonumber(redis.call('HGET', KEYS[1] .. ':' .. ARGV[1], 'priority') or 0)
local clock = tonumber(redis.call('ZSCORE', KEYS[2], 'clock') or 1)
-- XX: an order that nobody has taken a place of for a day is forgotten, and must not come back without its expiry.
if place > clock then redis.call('ZADD', KEYS[2], 'XX', place, 'clock') end
return 0`;

/** @param o.clockEnd for tests: where the clock is put back */
export function createFairOrder(o: { redis: Redis; prefix: string; clockEnd?: number }): FairOrder {
  const { redis, clockEnd = HIGHEST_PLACE / 2 } = o;
  const keys = redisKeys(o.prefix);
  const keysOf = (queue: JobName) => [`${keys.queues}:${queue}`, keys.order(queue)] as const;
  return {
    async take(queue, keyId, count = 1) {
      // It is forgotten when no record can be left of a job that was sent before.
      return Number(await redis.eval(TAKE, 2, ...keysOf(queue), keyId, count, clockEnd, RECORD_TTL_MS));
    },
    async started(queue, queueJobId) {
      await redis.eval(STARTED, 2, ...keysOf(queue), queueJobId);
    },
  };
}
