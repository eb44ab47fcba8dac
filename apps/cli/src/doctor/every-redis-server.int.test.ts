import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectRedis, requireRedis, serversOf, type Redis } from '@facehash/jobs';
import { startRedisCluster, type RedisClusterForTests } from '@facehash/testkit';
import { runChecks } from './check.js';
import { onEveryServer } from './every-redis-server.js';
import { REDIS_CHECKS } from './redis-checks.js';

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('The checks of Redis, on a cluster', () => {
  let cluster: RedisClusterForTests;
  let redis: Redis;

  beforeAll(async () => {
    cluster = await startRedisCluster();
    redis = connectRedis(cluster.url, 'gateway');
    await requireRedis(redis, SILENT);
  }, 60_000);
  afterAll(async () => {
    redis.disconnect();
    await cluster.stop();
  });

  const policy = async () => {
    const findings = await runChecks(REDIS_CHECKS.map(onEveryServer), redis);
    return findings.find(({ detail }) => detail.startsWith('maxmemory-policy'));
  };

  it('look at every server, and name the one that is not well', async () => {
    expect(await policy()).toMatchObject({
      verdict: 'ok',
      detail: expect.stringMatching(/^maxmemory-policy noeviction \(127\.0\.0\.1:\d+, one of 3 servers\)$/),
    });
    const unwell = serversOf(redis)[1]!;
    await unwell.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect(await policy()).toMatchObject({
      verdict: 'fail',
      detail: `maxmemory-policy allkeys-lru (127.0.0.1:${unwell.options.port}, one of 3 servers)`,
    });
  });
});
