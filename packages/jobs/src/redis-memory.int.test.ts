import { describe, expect, it } from '@jest/globals';
import { startRedis } from '@facehash/testkit';
import { connectRedis } from './connection.js';
import { redisMemory } from './redis-memory.js';

describe('redisMemory', () => {
  it('tells what Redis uses and the most it may use, 0 where it has no limit', async () => {
    const server = await startRedis();
    const redis = connectRedis(server.url, 'worker');
    try {
      const before = await redisMemory(redis);
      expect(before.maxBytes).toBe(0);
      await redis.set('a', Buffer.alloc(1_000_000));
      await redis.call('CONFIG', 'SET', 'maxmemory', '50mb');
      const after = await redisMemory(redis);
      expect(after.usedBytes - before.usedBytes).toBeGreaterThan(900_000);
      expect(after.maxBytes).toBe(50 * 2 ** 20);
    } finally {
      await redis.quit();
      await server.stop();
    }
  });
});
