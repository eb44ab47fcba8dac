import { startRedis, type RedisForTests } from '@facehash/testkit';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { startGateway, type GatewayForTests, type GatewayOptions } from './gateway-for-tests.js';

/** What is asked of a gateway for tests, and whether they share it. */
type Shared = GatewayOptions & { readonly per?: 'file' | 'test' };

/** A gateway on a Redis of its own for the tests of this file, or one for each of them; there from the first hook after it. */
export function useGateway({ per = 'file', ...options }: Shared = {}): GatewayForTests {
  const gateway = {} as GatewayForTests;
  let redis: RedisForTests;

  beforeAll(async () => {
    redis = await startRedis();
  });
  (per === 'file' ? beforeAll : beforeEach)(async () => {
    Object.assign(gateway, await startGateway(redis.url, options));
  });
  (per === 'file' ? afterAll : afterEach)(() => gateway.close());
  afterAll(() => redis.stop());
  return gateway;
}
