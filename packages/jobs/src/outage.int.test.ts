import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@facehash/contracts';
import { freePort } from '@facehash/testkit';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createJobClient, type JobClient } from './client.js';
import { connectRedis, requireRedis, type Redis } from './connection.js';
import { startConsumer, type Consumer } from './consumer.js';
import { handlers, recognizePayload, silent } from './testing/examples.js';

/** testkit's server takes any free port and forgets; these tests need the same port again, and a memory. */
function redisServer(port: number, ...settings: string[]): ChildProcess {
  const executable = 'redis-server';
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', ...settings];
  return spawn(executable, args, { stdio: 'ignore' });
}

describe('A Redis that goes and comes back on the same port', () => {
  let port: number;
  let dataDir: string;
  let server: ChildProcess;
  let redis: Redis;
  let workerRedis: Redis;
  let client: JobClient;
  let consumer: Consumer;

  const startRedis = (): void => {
    // Persisted, as in production: jobs in flight outlive a restart.
    server = redisServer(port, '--dir', dataDir, '--appendonly', 'yes');
  };
  const stopRedis = async (): Promise<void> => {
    server.kill('SIGTERM');
    await once(server, 'exit');
  };
  const eventually = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let tries = 100; ; tries--) {
      try {
        return await work();
      } catch (error) {
        if (tries === 0) throw error;
        await sleep(50);
      }
    }
  };

  beforeAll(async () => {
    port = await freePort();
    dataDir = await mkdtemp(join(tmpdir(), 'facehash-outage-'));
    startRedis();
    redis = connectRedis(`redis://127.0.0.1:${port}`, 'gateway', silent);
    await requireRedis(redis, silent);
    client = createJobClient({ redis });
    workerRedis = connectRedis(`redis://127.0.0.1:${port}`, 'worker', silent);
    consumer = await startConsumer({ redis: workerRedis, handlers, concurrency: 1, logger: silent });
  });
  afterAll(async () => {
    await consumer.close();
    await client.close();
    redis.disconnect();
    workerRedis.disconnect();
    await stopRedis();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('makes every call fail at once as UNAVAILABLE, and all work again by themselves afterwards', async () => {
    const first = await client.submit('recognize', recognizePayload());
    expect((await client.wait(first.id, 10_000))?.job.status).toBe('succeeded');

    await stopRedis();
    const start = performance.now();
    const calls = [
      ...[client.ping(), client.get(first.id), client.wait(first.id, 30_000)],
      ...[client.submit('recognize', recognizePayload()), client.trainings.underWay(newId('key'))],
    ];
    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE', retryAfterS: 2 } });
    }
    expect(performance.now() - start).toBeLessThan(1_500);

    startRedis();
    await eventually(() => client.ping());
    expect((await client.get(first.id))?.job.status).toBe('succeeded');
    const second = await client.submit('recognize', recognizePayload());
    expect((await client.wait(second.id, 20_000))?.job.status).toBe('succeeded');
  });

  it('does not disturb those who wait: they hear of an end after it', async () => {
    await consumer.close();
    const { id } = await client.submit('recognize', recognizePayload());
    const waited = client.wait(id, 30_000);
    await sleep(100);
    await stopRedis();
    await sleep(300);
    startRedis();
    await eventually(() => client.ping());
    consumer = await startConsumer({ redis: workerRedis, handlers, concurrency: 1, logger: silent });
    expect((await waited)?.job.status).toBe('succeeded');
  });

  it('does not keep a worker from stopping', async () => {
    await stopRedis();
    // Closed before it is noticed, what is still connected would outlive the test, though not a process.
    while (workerRedis.status === 'ready') await sleep(10);
    const start = performance.now();
    await consumer.close();
    expect(performance.now() - start).toBeLessThan(1_500);
    startRedis();
    await eventually(() => client.ping());
  });
});

describe('A Redis that is not there', () => {
  it('stops the start with one line that says where it was expected and what to do', async () => {
    const port = await freePort();
    const redis = connectRedis(`redis://:secret@127.0.0.1:${port}`, 'gateway', silent);
    const start = requireRedis(redis, silent, 300);
    await expect(start).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: `Redis was expected at 127.0.0.1:${port} but did not answer within 0.3 s (ECONNREFUSED): start redis-server there, or correct FACEHASH_REDIS_URL.`,
    });
    redis.disconnect();
  });
});

describe('A Redis that evicts', () => {
  it('is warned about', async () => {
    const port = await freePort();
    const server = redisServer(port, '--maxmemory-policy', 'allkeys-lru');
    const redis = connectRedis(`redis://127.0.0.1:${port}`, 'gateway', silent);
    const warnings: string[] = [];
    await requireRedis(redis, { ...silent, warn: (_fields, message) => warnings.push(message) });
    redis.disconnect();
    server.kill('SIGTERM');
    await once(server, 'exit');
    expect(warnings).toEqual([expect.stringContaining('noeviction')]);
  });
});
