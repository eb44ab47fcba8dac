import { expect, it } from '@jest/globals';
import type { Redis } from './connection.js';
import { announceProcess, listProcesses } from './processes.js';
import { useRedis } from './testing/use-redis.js';

let redis: Redis;
useRedis((connection) => void (redis = connection));

const WORKER = {
  ...{ concurrency: 1, threads: 6, opencv: '4.6.0', decoder: 'opencv', engine: 'opencv' },
  ...{ backend: 'wasm', device: 'cpu' as const, extractor: 'e/1' },
};

it('processes are listed while they take work, and forgotten when they died', async () => {
  const prefix = 'processes';
  const gateway = await announceProcess({ redis, prefix, app: 'gateway' });
  const worker = await announceProcess({ redis, prefix, app: 'worker', worker: WORKER });
  const listed = await listProcesses({ redis, prefix });
  expect(listed).toMatchObject([
    { app: 'gateway', pid: process.pid, version: expect.stringMatching(/^\d+\.\d+\.\d+/), worker: null },
    { app: 'worker', worker: WORKER },
  ]);
  expect(listed[0]?.maxOpenFiles).toBeGreaterThan(0);

  await gateway.close();
  expect((await listProcesses({ redis, prefix })).map(({ app }) => app)).toEqual(['worker']);

  // As when it was killed, and its time is up.
  const [name] = await redis.keys(`${prefix}:process:*`);
  const ttl = await redis.pttl(name!);
  expect([ttl > 20_000, ttl <= 30_000]).toEqual([true, true]);
  await redis.del(name!);
  expect(await listProcesses({ redis, prefix })).toEqual([]);
  expect(await redis.keys(`${prefix}*`)).toEqual([]);
  await worker.close();
});
