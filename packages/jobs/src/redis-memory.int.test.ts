import { describe, expect, it } from '@jest/globals';
import type { Redis } from './connection.js';
import { redisMemory } from './redis-memory.js';
import { useRedis } from './testing/use-redis.js';

let redis: Redis;
useRedis((connection) => void (redis = connection));

describe('redisMemory', () => {
  it('tells what Redis uses and the most it may use, 0 where it has no limit', async () => {
    const before = await redisMemory(redis);
    expect(before.maxBytes).toBe(0);
    await redis.set('a', Buffer.alloc(1_000_000));
    await redis.call('CONFIG', 'SET', 'maxmemory', '50mb');
    const after = await redisMemory(redis);
    expect(after.usedBytes - before.usedBytes).toBeGreaterThan(900_000);
    expect(after.maxBytes).toBe(50 * 2 ** 20);
  });
});
