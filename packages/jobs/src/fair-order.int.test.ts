import { beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, newId } from '@facehash/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobClient } from './client.js';
import type { Redis } from './connection.js';
import type { JobHandlers } from './delivery.js';
import { createFairOrder } from './fair-order.js';
import { openQueues } from './queues.js';
import { createJobRecords } from './records.js';
import { redisKeys } from './redis-keys.js';
import { answer, recognizePayload, training } from './testing/examples.js';
import { useQueue } from './testing/use-queue.js';

const A = newId('key');
const B = newId('key');
const C = newId('key');
const nameOf = (keyId: string): string => ({ [A]: 'A', [B]: 'B', [C]: 'C' })[keyId] ?? '?';

describe('The order of the jobs of many keys', () => {
  let redis: Redis;
  let prefix: string;
  let client: JobClient;
  const { consume, stopConsuming } = useQueue((queue) => ({ redis, prefix, client } = queue));
  /** Whose jobs ran, one letter each. */
  let ran: string;

  beforeEach(() => {
    ran = '';
  });

  const work = async (jobMs: number, changed: Partial<JobHandlers> = {}): Promise<void> => {
    const recognize = {
      async run({ keyId }: { keyId: string }) {
        ran += nameOf(keyId);
        await sleep(jobMs);
        return answer;
      },
    };
    await consume({ recognize, ...changed }, { concurrency: 1 });
  };
  const send = async (keyId: string, jobs: number): Promise<string[]> => {
    const sent = Array.from({ length: jobs }, () =>
      client.submit('recognize', { ...recognizePayload(), keyId }),
    );
    return (await Promise.all(sent)).map(({ id }) => id);
  };
  const allRan = async (jobs: number): Promise<void> => {
    const deadline = Date.now() + 4_000;
    while (ran.length < jobs) {
      if (Date.now() > deadline) throw new Error(`expected ${jobs} jobs; ran: ${ran}`);
      await sleep(5);
    }
  };

  it('lets a single job pass a backlog of 1 000: it is done within 3 job times', async () => {
    await send(A, 1_000);
    const jobMs = 100;
    await work(jobMs);
    await allRan(5);
    const sentAt = performance.now();
    const [single] = await send(B, 1);
    const record = await client.wait(single!, 10_000);
    const jobTimes = (performance.now() - sentAt) / jobMs;
    expect(record?.job.status).toBe('succeeded');
    expect(ran.slice(5)).toMatch(/^A{0,2}B/);
    expect(jobTimes).toBeLessThan(3);
    const left = (await client.queueDepths()).find(({ queue }) => queue === 'recognize')?.jobs.waiting;
    expect(left).toBeGreaterThan(980);
  });

  it('lets equal backlogs alternate, whoever came first', async () => {
    await send(A, 20);
    await send(C, 20);
    await work(1);
    await allRan(40);
    expect(ran).toMatch(/^(AC|CA){20}$/);
  });

  it('is not starved of a backlog by another key that sends one job after the other', async () => {
    await send(A, 10);
    let last = (await send(B, 1))[0]!;
    await work(5);
    for (let i = 0; i < 15; i++) {
      await client.wait(last, 5_000);
      last = (await send(B, 1))[0]!;
    }
    await allRan(26);
    expect(ran.slice(0, 22).replaceAll('B', '')).toHaveLength(10);
  });

  it('remembers nothing against a key once its backlog is gone', async () => {
    await send(A, 30);
    await work(1);
    await allRan(30);
    await stopConsuming();
    await send(C, 10);
    await send(A, 10);
    await work(1);
    await allRan(50);
    expect(ran.slice(30, 42)).toMatch(/A.*A.*A.*A.*A/);
  });

  it('tries a failed job again before the backlog behind it', async () => {
    const [first] = await send(A, 60);
    let tries = 0;
    const order: string[] = [];
    const run: JobHandlers['recognize']['run'] = async ({ jobId }) => {
      order.push(jobId);
      await sleep(20);
      if (jobId === first && ++tries === 1) throw new AppError('UNAVAILABLE', 'storage is away');
      return answer;
    };
    await work(0, { recognize: { run } });
    expect((await client.wait(first!, 10_000))?.job.status).toBe('succeeded');
    // It came back after 125 to 250 ms, with its first place.
    expect(order.lastIndexOf(first!)).toBeLessThan(20);
  });

  it("holds for the batches of trainings, a person's hundred photos against another one's few", async () => {
    const many = training(Array.from({ length: 20 }, (_, i) => `a${i}`));
    const few = training(['b0']);
    for (const { train, extracts } of [many, few]) {
      await client.trainings.acquire(train.keyId, train.jobId);
      await client.submitTraining(train, extracts);
    }
    let batches = 0;
    await work(0, {
      extract: {
        async run({ photos }) {
          batches++;
          await sleep(10);
          return { accepted: photos.length, refused: 0 };
        },
      },
    });
    expect((await client.wait(few.train.jobId, 10_000))?.job.status).toBe('succeeded');
    expect(batches).toBeLessThan(8);
    expect((await client.wait(many.train.jobId, 10_000))?.job.status).toBe('succeeded');
  });

  it('goes on when its numbers come to their end', async () => {
    const order = createFairOrder({ redis, prefix, clockEnd: 10 });
    const queues = openQueues(redis, prefix, order);
    const records = createJobRecords(redis, prefix);
    const add = async (keyId: string, jobs: number) => {
      for (let i = 0; i < jobs; i++) {
        const payload = { ...recognizePayload(), keyId };
        await records.create({ type: 'recognize', ...payload });
        await queues.add('recognize', payload);
      }
    };
    const places = () =>
      redis.zrange(`${redisKeys(prefix).queues}:recognize:prioritized`, 0, '-1', 'WITHSCORES');
    const last = async () => Math.floor(Number((await places()).at(-1)) / 2 ** 32);

    await add(A, 40);
    // A place given before the clock is put back, with which a job is added after it.
    const early = await order.take('recognize', C);
    await redis.zadd(redisKeys(prefix).order('recognize'), 11, 'clock');
    await add(B, 1);
    expect(await last()).toBe(30);
    expect(early).toBe(1);
    // What was held up in another process: far behind everything that was ever given.
    const [straggler] = await places();
    await redis.zadd(`${redisKeys(prefix).queues}:recognize:prioritized`, 500_000 * 2 ** 32, straggler!);
    await add(B, 1);
    expect(await last()).toBe(30);
    await work(1);
    await allRan(42);
    // Behind those of A whose places had passed, and no others.
    expect(ran.lastIndexOf('B')).toBeLessThan(16);
    await queues.close();
  });

  it('does not hide the oldest job behind the younger ones of other keys', async () => {
    await send(A, 3);
    await work(30);
    await allRan(1);
    await stopConsuming();
    await sleep(200);
    await send(B, 1);
    const depth = (await client.queueDepths()).find(({ queue }) => queue === 'recognize');
    expect(depth?.oldestWaitingMs).toBeGreaterThanOrEqual(200);
  });

  it('leaves one set per queue in Redis, which holds nothing but ids of keys and expires', async () => {
    await send(A, 3);
    await send(B, 3);
    await work(1);
    await allRan(6);
    await send(C, 1);
    await allRan(7);
    const order = redisKeys(prefix).order('recognize');
    for (const member of await redis.zrange(order, 0, '-1')) expect([A, B, C, 'clock']).toContain(member);
    expect(await redis.pttl(order)).toBeGreaterThan(0);
  });
});
