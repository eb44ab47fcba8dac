import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisForTests } from '@facehash/testkit';
import { spawn, type ChildProcess } from 'node:child_process';
import { execPath } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createJobClient, type JobClient } from './client.js';
import { connectRedis, requireRedis, type Redis } from './connection.js';
import { newPrefix, recognizePayload, silent, training } from './testing/examples.js';

const MORTAL_WORKER = fileURLToPath(new URL('./testing/mortal-worker.ts', import.meta.url));

/** 6.5 s (consumer.ts), and as much again for a machine that is busy with other tests. */
const FOUND_WITHIN_MS = 13_000;

let server: RedisForTests;
let redis: Redis;

// At the root and not in `describe`: tests that run at the same time start before a block's own hooks.
beforeAll(async () => {
  server = await startRedis();
  redis = connectRedis(server.url, 'gateway');
  await requireRedis(redis, silent);
});
afterAll(async () => {
  await redis.quit();
  await server.stop();
});

interface World {
  readonly client: JobClient;
  /** Starts a worker and, as `facehash up` and Docker do, replaces it when it dies. */
  readonly supervise: () => void;
  readonly log: () => Promise<string[]>;
  /** The first line of the log that starts so, once there is one. */
  readonly logged: (start: string) => Promise<string>;
  readonly forget: () => Promise<unknown>;
}

async function inWorld(story: (world: World) => Promise<void>): Promise<void> {
  const prefix = newPrefix();
  const client = createJobClient({ redis, prefix });
  const workers = new Set<ChildProcess>();
  let over = false;
  const supervise = (): void => {
    const args = ['--conditions', 'source', '--import', 'tsx', MORTAL_WORKER, server.url, prefix];
    const worker = spawn(execPath, args, { stdio: ['pipe', 'inherit', 'inherit'] });
    workers.add(worker);
    worker.once('exit', () => {
      workers.delete(worker);
      if (!over) supervise();
    });
  };
  const log = () => redis.lrange(`${prefix}:log`, 0, -1);
  const logged = async (start: string): Promise<string> => {
    for (;;) {
      const line = (await log()).find((text) => text.startsWith(start));
      if (line !== undefined) return line;
      await sleep(50);
    }
  };
  try {
    await story({ client, supervise, log, logged, forget: () => redis.del(`${prefix}:log`) });
  } finally {
    over = true;
    for (const worker of workers) worker.kill('SIGKILL');
    await client.close();
  }
}

describe('A worker process that dies', () => {
  it.concurrent('loses no job: another worker finds it within seconds and starts it again', () =>
    inWorld(async ({ client, supervise, logged, forget }) => {
      const { id } = await client.submit('recognize', recognizePayload('endless'));
      supervise();
      supervise();
      const pid = Number((await logged('run recognize')).split(' ').at(-1));
      await sleep(3_000); // the other worker is there by now, and has taken nothing
      await forget();
      const killed = performance.now();
      process.kill(pid, 'SIGKILL');
      await logged('run recognize');
      expect(performance.now() - killed).toBeLessThan(FOUND_WITHIN_MS);
      expect((await client.get(id))?.job.status).toBe('processing');
    }),
  );

  it.concurrent('twice over one photo ends that job as WORKER_CRASHED, not the one beside it', () =>
    inWorld(async ({ client, supervise, log, logged }) => {
      const { id: beside } = await client.submit('recognize', recognizePayload('slow'));
      const { id } = await client.submit('recognize', recognizePayload('deadly'));
      supervise();
      const [record, besideIt] = await Promise.all([client.wait(id, 55_000), client.wait(beside, 55_000)]);
      expect(record?.job).toMatchObject({ status: 'failed', error: { code: 'WORKER_CRASHED' } });
      expect(besideIt?.job.status).toBe('succeeded');
      await logged('clean');
      const lines = (await log()).map((line) => line.replace(/ by \d+$/, ''));
      expect(lines.filter((line) => line === 'run recognize')).toHaveLength(4); // each twice
      expect(lines.filter((line) => line.startsWith('clean'))).toEqual(['clean recognize WORKER_CRASHED']);
    }),
  );

  it.concurrent('in the middle of a batch only delays the training', () =>
    inWorld(async ({ client, supervise, log }) => {
      const { train, extracts } = training(['fine', 'deadly-once', 'fine']);
      await client.trainings.acquire(train.keyId, train.jobId);
      await client.submitTraining(train, extracts);
      supervise();
      const record = await client.wait(train.jobId, 55_000);
      expect(record?.job).toMatchObject({ status: 'succeeded', progress: { percent: 100, stage: 'done' } });
      const lines = await log();
      expect(lines.filter((line) => line === 'run extract 1')).toHaveLength(2);
      expect(lines.slice(-2)).toEqual(['run train', 'turn of Ada']);
      expect(lines.some((line) => line.startsWith('clean'))).toBe(false);
    }),
  );

  it.concurrent(
    'in the middle of a fit keeps its turn, and ends those that wait for it at the second try',
    () =>
      inWorld(async ({ client, supervise, log }) => {
        const { train } = training(['fine']);
        const { keyId } = train;
        const fitter = { ...train, subject: { ...train.subject!, label: 'deadly-once' } };
        const waiting = [1, 2].map(() => ({ ...training(['fine']).train, keyId, subject: null }));
        await client.trainings.acquire(keyId, fitter.jobId);
        await client.submitTraining(fitter, []);
        for (const one of waiting) await client.submitWaitingTraining(one, []);
        supervise();
        supervise();
        const all = [fitter, ...waiting].map(({ jobId }) => client.wait(jobId, 55_000));
        for (const record of await Promise.all(all)) expect(record?.job.status).toBe('succeeded');
        const turns = (await log()).filter((line) => line.startsWith('turn'));
        expect(turns).toEqual(['turn of deadly-once', 'turn of deadly-once']);
        expect(await client.trainings.underWay(keyId)).toEqual([]);
      }),
  );

  it.concurrent('over a batch every time fails the training and frees the key', () =>
    inWorld(async ({ client, supervise, log, logged }) => {
      const { train, extracts } = training(['fine', 'deadly']);
      await client.trainings.acquire(train.keyId, train.jobId);
      await client.submitTraining(train, extracts);
      supervise();
      const record = await client.wait(train.jobId, 55_000);
      expect(record?.job).toMatchObject({ status: 'failed', error: { code: 'WORKER_CRASHED' } });
      expect(await client.trainings.underWay(train.keyId)).toEqual([]);
      await logged('clean train');
      const lines = await log();
      const cleaned = lines.filter((line) => line.startsWith('clean'));
      expect(cleaned).toEqual(['clean extract 1 WORKER_CRASHED', 'clean train']);
      expect(lines).not.toContain('run train');
    }),
  );
});
