import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@facehash/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from './connection.js';
import { createJobRecords, type JobRecords } from './records.js';
import { redisKeys } from './redis-keys.js';
import { answer, newPrefix } from './testing/examples.js';
import { useRedis } from './testing/use-redis.js';
import { createWaiting, type Waiting } from './waiting.js';

const elapsed = async <T>(work: Promise<T>): Promise<{ value: T; ms: number }> => {
  const start = performance.now();
  const value = await work;
  return { value, ms: performance.now() - start };
};

describe('Waiting for a job', () => {
  let redis: Redis;
  useRedis((connection) => void (redis = connection));

  let records: JobRecords;
  let waiting: Waiting;
  let reads = 0;

  beforeEach(async () => {
    const prefix = newPrefix();
    records = createJobRecords(redis, prefix);
    reads = 0;
    const read = (jobId: string) => {
      reads++;
      return records.read(jobId);
    };
    waiting = createWaiting({ redis, channels: redisKeys(prefix), read });
    await until(async () => (await redis.pubsub('NUMSUB', redisKeys(prefix).ended))[1] === 1);
  });
  afterEach(() => {
    waiting.close();
  });

  const newJob = async (): Promise<string> => {
    const jobId = newId('job');
    await records.create({ jobId, type: 'recognize', keyId: newId('key'), requestId: 'req' });
    return jobId;
  };

  it('returns at once when it has ended before', async () => {
    const jobId = await newJob();
    await records.finish(jobId, answer);
    const { value, ms } = await elapsed(waiting.wait(jobId, 5_000));
    expect(value?.job.status).toBe('succeeded');
    expect(ms).toBeLessThan(500);
    expect(reads).toBe(1);
  });

  it('returns at once when there is no such job', async () => {
    expect(await waiting.wait(newId('job'), 5_000)).toBeUndefined();
  });

  it('wakes up when it ends meanwhile, without asking again and again', async () => {
    const jobId = await newJob();
    const waited = elapsed(waiting.wait(jobId, 5_000));
    await sleep(200);
    await records.finish(jobId, answer);
    const { value, ms } = await waited;
    expect(value?.job.status).toBe('succeeded');
    expect(ms).toBeLessThan(1_200); // before the first reread at 1500 ms: it was woken
    expect(reads).toBe(2);
  });

  it('misses no end that comes at the moment of entering', async () => {
    const waits = Array.from({ length: 50 }, async (_, i) => {
      const jobId = await newJob();
      const waited = elapsed(waiting.wait(jobId, 10_000));
      await sleep(i % 5);
      await records.finish(jobId, answer);
      return waited;
    });
    for (const { value, ms } of await Promise.all(waits)) {
      expect(value?.job.status).toBe('succeeded');
      expect(ms).toBeLessThan(1_400);
    }
  });

  it('returns the latest record at the deadline', async () => {
    const jobId = await newJob();
    const { value, ms } = await elapsed(waiting.wait(jobId, 300));
    expect(value?.job.status).toBe('queued');
    expect(ms).toBeGreaterThanOrEqual(295);
    expect(ms).toBeLessThan(1_200);
  });

  it('ends when its caller has gone', async () => {
    const jobId = await newJob();
    const caller = new AbortController();
    const waited = elapsed(waiting.wait(jobId, 10_000, caller.signal));
    setTimeout(() => {
      caller.abort();
    }, 100);
    const { value, ms } = await waited;
    expect(value?.job.status).toBe('queued');
    expect(ms).toBeLessThan(1_000);
  });

  it('notices an end whose wake-up was lost', async () => {
    const jobId = await newJob();
    const waited = waiting.wait(jobId, 10_000);
    await sleep(100);
    waiting.close(); // no message can arrive any more
    await records.finish(jobId, answer);
    expect((await waited)?.job.status).toBe('succeeded');
  });

  it('serves 500 waiters of 500 jobs by one connection', async () => {
    const connections = Number(/connected_clients:(\d+)/.exec(await redis.info('clients'))?.[1]);
    const jobIds = await Promise.all(Array.from({ length: 500 }, newJob));
    const waits = jobIds.map((jobId) => waiting.wait(jobId, 20_000));
    expect(Number(/connected_clients:(\d+)/.exec(await redis.info('clients'))?.[1])).toBe(connections);
    await Promise.all(jobIds.map((jobId) => records.finish(jobId, answer)));
    const ended = await Promise.all(waits);
    expect(new Set(ended.map((record) => record?.job.id)).size).toBe(500);
    expect(ended.every((record) => record?.job.status === 'succeeded')).toBe(true);
  });

  it('serves 500 waiters of one job, and leaves no listener or timer behind', async () => {
    const jobId = await newJob();
    const waits = Array.from({ length: 500 }, () =>
      waiting.wait(jobId, 20_000, new AbortController().signal),
    );
    await sleep(50);
    await records.finish(jobId, answer);
    const ended = await Promise.all(waits);
    expect(ended.filter((record) => record?.job.status === 'succeeded')).toHaveLength(500);
    const before = reads;
    await sleep(1_700); // a timer left behind would read again
    expect(reads).toBe(before);
  });

  it('with watch, sees every change up to the end, woken by each', async () => {
    const jobId = await newJob();
    const seen: string[] = [];
    const began = performance.now();
    const watched = waiting.watch(
      jobId,
      ({ job }) => seen.push(`${job.status} ${job.progress.percent}`),
      new AbortController().signal,
    );
    const reaches = async (state: string): Promise<void> => {
      while (seen.at(-1) !== state) await sleep(5);
    };
    await reaches('queued 0');
    await records.start(jobId, 'recognize', { stage: 'recognizing', percent: 10 });
    await reaches('processing 10');
    await records.progress(jobId, 'recognizing', 60);
    await reaches('processing 60');
    await records.finish(jobId, answer);
    await watched;
    expect(seen.at(-1)).toBe('succeeded 100');
    expect(performance.now() - began).toBeLessThan(1_400); // never by rereading
  });

  it('with watch, ends when its caller goes or the job is deleted, and leaves nothing that reads on', async () => {
    const [gone, deleted] = [await newJob(), await newJob()];
    const caller = new AbortController();
    const watches = [gone, deleted].map((jobId) => waiting.watch(jobId, () => undefined, caller.signal));
    await sleep(50);
    await records.remove(deleted);
    await watches[1];
    caller.abort();
    await watches[0];
    const before = reads;
    await records.progress(gone, 'recognizing', 50);
    await sleep(1_700);
    expect(reads).toBe(before);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}
