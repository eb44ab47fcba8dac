import { connectRedis, type Redis } from '@facehash/jobs';
import { startRedis, type RedisForTests } from '@facehash/testkit';
import { afterAll, beforeAll } from '@jest/globals';

/** A Redis for the tests of this file or block; `take` gets a worker's connection to it. */
export function useRedis(take: (redis: Redis) => void): void {
  let server: RedisForTests;
  let redis: Redis;

  beforeAll(async () => {
    server = await startRedis();
    redis = connectRedis(server.url, 'worker');
    take(redis);
  });
  afterAll(async () => {
    await redis.quit();
    await server.stop();
  });
}
