import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisForTests } from '@facehash/testkit';
import type { Redis } from 'ioredis';
import { spawn, type ChildProcess } from 'node:child_process';
import { execPath } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createJobClient, type JobClient } from './client.js';
import { connectRedis } from './connection.js';
import { newPrefix, recognizePayload, training } from './testing/examples.js';

const MORTAL_WORKER = fileURLToPath(new URL('./testing/mortal-worker.ts', import.meta.url));

/** lockDuration + 2 × stalledInterval (consumer.ts), and a second for two busy cores. */
const FOUND_WITHIN_MS = 9_000;

describe('A worker process that dies', () => {
  let server: RedisForTests;
  let redis: Redis;
  let prefix: string;
  let client: JobClient;
  let workers: ChildProcess[] = [];
  let supervised = true;

  beforeAll(async () => {
    server = await startRedis();
    redis = connectRedis(server.url, 'gateway');
    await new Promise((resolve) => redis.once('ready', resolve));
  });
  afterAll(async () => {
    await redis.quit();
    await server.stop();
  });
  beforeEach(() => {
    prefix = newPrefix();
    client = createJobClient({ redis, prefix });
    workers = [];
    supervised = true;
  });
  afterEach(async () => {
    supervised = false;
    for (const worker of workers) worker.kill('SIGKILL');
    await client.close();
  });

  /** As `facehash up` and Docker do: a worker that dies is replaced. */
  const supervise = (): void => {
    const worker = spawn(
      execPath,
      ['--conditions', 'source', '--import', 'tsx', MORTAL_WORKER, server.url, prefix],
      { stdio: ['pipe', 'inherit', 'inherit'] },
    );
    worker.once('exit', () => {
      if (supervised) supervise();
    });
    workers.push(worker);
  };
  const log = () => redis.lrange(`${prefix}:log`, 0, -1);
  const logged = async (start: string): Promise<string> => {
    for (;;) {
      const line = (await log()).find((text) => text.startsWith(start));
      if (line !== undefined) return line;
      await sleep(25);
    }
  };

  it('loses no job: after kill -9 another worker finds it within seconds and finishes it', async () => {
    const { id } = await client.submitRecognize(recognizePayload('endless'));
    supervise();
    const pid = Number((await logged('run recognize')).split(' ').at(-1));
    await redis.del(`${prefix}:log`);
    const killed = performance.now();
    process.kill(pid, 'SIGKILL');
    await logged('run recognize');
    expect(performance.now() - killed).toBeLessThan(FOUND_WITHIN_MS);
    expect((await client.get(id))?.job.status).toBe('processing');
  });

  it('twice over one photo ends the job as WORKER_CRASHED, cleared up once by a worker that lives', async () => {
    const { id } = await client.submitRecognize(recognizePayload('deadly'));
    supervise();
    const record = await client.wait(id, 40_000);
    expect(record?.job).toMatchObject({ status: 'failed', error: { code: 'WORKER_CRASHED' } });
    await logged('clean');
    const { id: next } = await client.submitRecognize(recognizePayload('harmless'));
    expect((await client.wait(next, 20_000))?.job.status).toBe('succeeded');
    const lines = (await log()).map((line) => line.replace(/ by \d+$/, ''));
    expect(lines).toEqual([
      ...['run recognize', 'run recognize', 'clean recognize WORKER_CRASHED', 'run recognize'],
    ]);
  });

  it('in the middle of a batch delays the training, and does not count its photos twice', async () => {
    const { train, extracts } = training(['fine', 'deadly-once', 'fine']);
    await client.trainings.acquire(train.keyId, train.jobId);
    await client.submitTraining(train, extracts);
    supervise();
    const record = await client.wait(train.jobId, 40_000);
    expect(record?.job).toMatchObject({ status: 'succeeded', progress: { percent: 100, stage: 'done' } });
    const lines = await log();
    expect(lines.filter((line) => line === 'run extract 1')).toHaveLength(2);
    expect(lines.at(-1)).toBe('run train');
    expect(lines.some((line) => line.startsWith('clean'))).toBe(false);
  });

  it('over a batch every time fails the training and frees the key', async () => {
    const { train, extracts } = training(['fine', 'deadly']);
    await client.trainings.acquire(train.keyId, train.jobId);
    await client.submitTraining(train, extracts);
    supervise();
    const record = await client.wait(train.jobId, 40_000);
    expect(record?.job).toMatchObject({ status: 'failed', error: { code: 'WORKER_CRASHED' } });
    expect(await client.trainings.runningJob(train.keyId)).toBeUndefined();
    await logged('clean train');
    const lines = await log();
    expect(lines.filter((line) => line.startsWith('clean'))).toEqual([
      ...['clean extract 1 WORKER_CRASHED', 'clean train'],
    ]);
    expect(lines).not.toContain('run train');
  });
});
