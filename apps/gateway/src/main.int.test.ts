import type { Job } from '@facehash/contracts';
import { apiKeys, openStorage } from '@facehash/storage';
import { documentedFetch, freePort, startRedis, type RedisForTests } from '@facehash/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
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
      documentedFetch(`${url}/healthz`).then(
        () => false,
        () => true,
      ),
    );
    expect((await underWay).status).toBe(200);
    expect((await gateway.ended).code).toBe(0);
  });
});

describe('the admin token of the gateway process', () => {
  const TOKEN = /^Admin token for \/v1\/keys, shown only now: (\S+)$/m;
  let storage: string;

  beforeEach(async () => {
    storage = await mkdtemp(join(tmpdir(), 'facehash-admin-'));
  });
  afterEach(() => rm(storage, { recursive: true }));

  /** @returns the status with which it answers each token, and what it printed */
  async function answers(tokens: (printed: string | undefined) => string[], environment = {}) {
    const url = { FACEHASH_STORAGE_URL: pathToFileURL(storage).href };
    const gateway = startGatewayProcess({ ...settings(), ...url, ...environment });
    const listening = await gateway.listening;
    // Printed a moment after it listens, where it is printed at all.
    await eventually(() =>
      readFile(join(storage, 'keys/admin.json')).then(Boolean, () => 'FACEHASH_ADMIN_TOKEN' in environment),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    const printed = TOKEN.exec(gateway.output())?.[1];
    const statuses = [];
    for (const token of tokens(printed)) {
      statuses.push((await send(`${listening}/v1/keys`, { headers: bearer(token) })).status);
    }
    gateway.kill('SIGTERM');
    await gateway.ended;
    return { printed, statuses };
  }

  it('is printed at the first start and works from then on', async () => {
    const first = await answers((printed) => [String(printed)]);
    expect(first).toEqual({ printed: expect.stringMatching(/^fh_admin_[\w-]{43}$/), statuses: [200] });
    const second = await answers(() => [String(first.printed), `fh_admin_${'A'.repeat(43)}`]);
    expect(second).toEqual({ printed: undefined, statuses: [200, 401] });
    expect(String(await readFile(join(storage, 'keys/admin.json')))).not.toContain(first.printed);
  });

  it('is the one of the settings where there is one', async () => {
    const token = 'x'.repeat(32);
    const { printed, statuses } = await answers(() => [token, `${token}x`], { FACEHASH_ADMIN_TOKEN: token });
    expect([printed, statuses]).toEqual([undefined, [200, 401]]);
  });
});
