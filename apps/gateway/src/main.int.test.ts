import type { Job } from '@facehash/contracts';
import { apiKeys, openStorage } from '@facehash/storage';
import { freePort, startRedis, type RedisForTests } from '@facehash/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bearer, eventually, send } from './testing/requests.js';
import { startGatewayProcess } from './testing/start-process.js';

let redis: RedisForTests;
let folder: string;
let storageUrl: string;

beforeAll(async () => {
  redis = await startRedis();
  folder = await mkdtemp(join(tmpdir(), 'facehash-main-'));
  storageUrl = pathToFileURL(folder).href;
});

afterAll(async () => {
  await redis.stop();
  await rm(folder, { recursive: true });
});

const settings = () => ({ FACEHASH_REDIS_URL: redis.url, FACEHASH_STORAGE_URL: storageUrl });

describe('the gateway process does not start', () => {
  const failures: [string, () => Promise<Record<string, string>>, RegExp][] = [
    ['without a storage setting', () => Promise.resolve({}), /FACEHASH_STORAGE_URL: is missing; set file:/],
    [
      'without its storage',
      () => Promise.resolve({ FACEHASH_STORAGE_URL: 'file:///dev/null/photos' }),
      /storage.*ENOTDIR.* Check FACEHASH_STORAGE_URL/,
    ],
    [
      'without Redis',
      async () => ({
        FACEHASH_STORAGE_URL: storageUrl,
        FACEHASH_REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
      }),
      /Redis was expected at 127\.0\.0\.1:\d+ .*start redis-server/,
    ],
    [
      'on a port that is taken',
      () => Promise.resolve({ ...settings(), FACEHASH_PORT: new URL(redis.url).port }),
      /Cannot listen on 127\.0\.0\.1:\d+ .*FACEHASH_PORT/,
    ],
  ];

  it.each(failures)('%s, and says so in one line', async (_name, environment, line) => {
    const { code, stderr } = await startGatewayProcess(await environment()).ended;
    expect([code, stderr.trimEnd().split('\n')]).toEqual([1, [expect.stringMatching(line)]]);
  });
});

describe('the gateway process on SIGTERM', () => {
  it('answers the request under way, takes no new one, and ends with 0', async () => {
    const storage = await openStorage(storageUrl);
    const { secret } = await apiKeys(storage).create({ name: 'test', now: new Date() });
    await storage.close();

    const gateway = startGatewayProcess(settings());
    const url = await gateway.listening;
    const headers = { ...bearer(secret), prefer: 'wait=3' };
    const submitted = await send<Job>(`${url}/v1/train`, { method: 'POST', headers: bearer(secret) });
    expect(submitted.status).toBe(202);
    const underWay = send<Job>(`${url}/v1/jobs/${submitted.body.id}`, { headers });
    await new Promise((resolve) => setTimeout(resolve, 500));
    gateway.kill('SIGTERM');
    await eventually(() =>
      fetch(`${url}/healthz`).then(
        () => false,
        () => true,
      ),
    );
    expect((await underWay).status).toBe(200);
    expect((await gateway.ended).code).toBe(0);
  });
});
