import { connectRedis } from '@facehash/jobs';
import { startRedis, type RedisForTests } from '@facehash/testkit';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createRateLimits } from './rate-limits.js';

let server: RedisForTests;
let redis: ReturnType<typeof connectRedis>;

beforeAll(async () => {
  server = await startRedis();
  redis = connectRedis(server.url, 'worker');
  await redis.ping(); // nobody is counted before it is there
});
afterAll(async () => {
  await redis.quit();
  await server.stop();
});

it('failures are counted by IPv4 address and by the /64 of an IPv6 one', async () => {
  const limits = { requestsPerMinute: 0, failuresPerMinute: 2, logger: { warn: () => undefined } };
  const rates = createRateLimits({ redis, ...limits });
  const isRefused = (ip: string) =>
    rates.countFailure({ ip }).then(
      () => false,
      () => true,
    );
  const sent = ['2001:db8:0:1::1', '2001:db8:0:1::2', '2001:db8:0:1:f::3', '2001:db8:0:2::1'];
  const sameAddress = ['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1', '192.0.2.2'];
  for (const addresses of [sent, sameAddress]) {
    const refused = [];
    for (const ip of addresses) refused.push(await isRefused(ip));
    expect(refused).toEqual([false, false, true, false]);
  }
});
