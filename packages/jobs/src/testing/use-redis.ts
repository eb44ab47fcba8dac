import { startRedis, type RedisForTests } from '@facehash/testkit';
import { afterAll, beforeAll } from '@jest/globals';
import { connectRedis, type Redis } from '../connection.js';

/** A Redis for the tests of this file or block; `take` gets a worker's connection to it, and its address. */
export function useRedis(take: (redis: Redis, url: string) => void): void {
  let server: RedisForTests;
  let redis: Redis;

  beforeAll(async () => {
    server = await startRedis();
    redis = connectRedis(server.url, 'worker');
    take(redis, server.url);
  });
  afterAll(async () => {
    await redis.quit();
    await server.stop();
  });
}
