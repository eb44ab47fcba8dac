import { beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, newId } from '@facehash/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobClient } from './client.js';
import type { Redis } from './connection.js';
import { createJobRecords } from './records.js';
import { redisKeys } from './redis-keys.js';
import { answer, handlers, recognizePayload, training } from './testing/examples.js';
import { useQueue } from './testing/use-queue.js';

const canceled = { status: 'canceled', result: null, error: { code: 'JOB_CANCELED', status: 409 } };

let redis: Redis;
let prefix: string;
let client: JobClient;
const { consume } = useQueue((queue) => ({ redis, prefix, client } = queue));

describe('Cancelling', () => {
  let uploadsDeleted: number;
  const deleteUploads = () => Promise.resolve(uploadsDeleted++);

  beforeEach(() => {
    uploadsDeleted = 0;
  });

  const submitted = async (uploadKeys: string[]) => {
    const { train, extracts } = training(uploadKeys);
    await client.trainings.acquire(train.keyId, train.jobId);
    await client.submitTraining(train, extracts);
    return train;
  };
  const queued = async (): Promise<string[]> => {
    const keys = await redis.keys(`${redisKeys(prefix).queues}:*`);
    return keys.filter((key) => /:job_[0-9a-f-]+$/.test(key));
  };

  it('ends a queued job at once, and takes it and its uploads away', async () => {
    const { id } = await client.submit('recognize', recognizePayload());
    expect(await queued()).toHaveLength(1);
    expect((await client.cancel(id, deleteUploads))?.job).toMatchObject(canceled);
    expect([await queued(), uploadsDeleted]).toEqual([[], 1]);
  });

  it('ends a queued training with its batches, and frees its key', async () => {
    const { jobId, keyId } = await submitted(['a', 'b']);
    expect(await queued()).toHaveLength(3);
    await client.cancel(jobId, deleteUploads);
    expect([await queued(), uploadsDeleted]).toEqual([[], 1]);
    expect(await client.trainings.acquire(keyId, newId('job'))).toEqual({ acquired: true });
  });

  it('leaves a job in the queue for a worker to clear up when its uploads cannot be deleted', async () => {
    const { id } = await client.submit('recognize', recognizePayload());
    const away = () => Promise.reject(new AppError('UNAVAILABLE', 'storage is away'));
    expect((await client.cancel(id, away))?.job).toMatchObject(canceled);
    const cleaned = new Promise<void>((resolve) => {
      const cleanUp = () => {
        resolve();
        return Promise.resolve();
      };
      void consume({ recognize: { run: () => Promise.reject(new Error('ran')), cleanUp } });
    });
    await cleaned;
    while ((await queued()).length > 0) await sleep(20);
  });

  it('is the same when it is said again, and no end of a job that has ended', async () => {
    const records = createJobRecords(redis, prefix);
    const { id } = await client.submit('recognize', recognizePayload());
    const first = await client.cancel(id, deleteUploads);
    expect((await client.cancel(id, deleteUploads))?.job).toEqual(first?.job);
    const ended = (await client.submit('recognize', recognizePayload())).id;
    await records.finish(ended, answer);
    expect((await client.cancel(ended, deleteUploads))?.job).toMatchObject({
      status: 'succeeded',
      ...answer,
    });
    expect(await client.cancel(newId('job'), deleteUploads)).toBeUndefined();
    expect(uploadsDeleted).toBe(1);
  });

  it('and finishing at once end a job in one of the two ways', async () => {
    const records = createJobRecords(redis, prefix);
    for (let i = 0; i < 20; i++) {
      const { id } = await client.submit('recognize', recognizePayload());
      const first = i % 2 === 0 ? records.cancel(id) : undefined;
      const [won, was] = await Promise.all([records.finish(id, answer), first ?? records.cancel(id)]);
      expect(was).toBe(won ? 'ended' : 'queued');
      expect((await records.read(id))?.job.status).toBe(won ? 'succeeded' : 'canceled');
    }
  });

  it('stops a running job, whose worker clears up once', async () => {
    const cleaned: string[] = [];
    let running = (): void => undefined;
    const started = new Promise<void>((resolve) => (running = resolve));
    await consume({
      recognize: {
        async run(_payload, { signal }) {
          running();
          await sleep(30_000, undefined, { signal }).catch(() => undefined);
          signal.throwIfAborted();
          return answer;
        },
        cleanUp: (_payload, error) => Promise.resolve(void cleaned.push(error.code)),
      },
    });
    const { id } = await client.submit('recognize', recognizePayload());
    await started;
    const stopped = performance.now();
    expect((await client.cancel(id, deleteUploads))?.job).toMatchObject(canceled);
    while ((await queued()).length > 0) await sleep(20);
    expect(performance.now() - stopped).toBeLessThan(5_000);
    expect(cleaned).toEqual(['JOB_CANCELED']);
    expect((await client.get(id))?.job).toMatchObject(canceled);
  });

  it('clears up too after a handler that did not listen', async () => {
    const cleaned: string[] = [];
    await consume({
      recognize: {
        async run({ jobId }) {
          await client.cancel(jobId, deleteUploads);
          return answer;
        },
        cleanUp: ({ jobId }) => Promise.resolve(void cleaned.push(jobId)),
      },
    });
    const { id } = await client.submit('recognize', recognizePayload());
    while (cleaned.length === 0) await sleep(20);
    expect(cleaned).toEqual([id]);
    expect((await client.get(id))?.job).toMatchObject(canceled);
  });

  it('stops a running training: no fit, everything cleared up, and only then is the key free', async () => {
    const order: string[] = [];
    let keyId = '';
    await consume({
      extract: {
        async run({ jobId, keyId: owner, batch, photos }, { signal }) {
          keyId = owner;
          order.push(`extract ${batch}`);
          await client.cancel(jobId, deleteUploads);
          while (!signal.aborted) await sleep(10);
          order.push(JSON.stringify(await client.trainings.acquire(owner, newId('job'))));
          return { accepted: photos.length, refused: 0 };
        },
      },
      train: {
        run: () => Promise.reject(new Error('must not fit')),
        cleanUp: () => Promise.resolve(void order.push('clean train')),
      },
    });
    const { jobId } = await submitted(['a', 'b']);
    while (!order.includes('clean train')) await sleep(20);
    expect(order).toEqual(['extract 0', JSON.stringify({ acquired: false, jobId }), 'clean train']);
    expect((await client.get(jobId))?.job).toMatchObject(canceled);
    let next = await client.trainings.acquire(keyId, newId('job'));
    for (let tries = 100; !next.acquired && tries > 0; tries--) {
      await sleep(20);
      next = await client.trainings.acquire(keyId, newId('job'));
    }
    expect(next).toEqual({ acquired: true });
  });

  it('comes too late for a training that puts its model in force, and then tells its end', async () => {
    let asked: Promise<unknown> | undefined;
    await consume({
      train: {
        async run(payload, context) {
          expect(await context.mayPublish()).toBe(true);
          asked = client.cancel(payload.jobId, deleteUploads);
          await expect(createJobRecords(redis, prefix).cancel(payload.jobId)).resolves.toBe('publishing');
          return handlers.train.run(payload, context);
        },
      },
    });
    const { jobId } = await submitted(['a']);
    expect((await client.wait(jobId, 10_000))?.job.status).toBe('succeeded');
    expect(await asked).toMatchObject({ job: { status: 'succeeded' } });
  });
});

describe('Removing a job', () => {
  it('leaves nothing of it in Redis, whether it was queued or had ended', async () => {
    const nothing = () => Promise.resolve();
    for (const end of [false, true]) {
      const payload = recognizePayload();
      await client.submit('recognize', payload);
      const waited = client.wait(payload.jobId, 5_000);
      if (end) await createJobRecords(redis, prefix).finish(payload.jobId, answer);
      await client.remove(payload.jobId, nothing);
      await client.remove(payload.jobId, nothing);
      await waited;
      expect(await client.get(payload.jobId)).toBeUndefined();
      expect(await redis.exists(redisKeys(prefix).jobsOf(payload.keyId))).toBe(0);
      expect((await redis.keys('*')).filter((key) => key.includes(`job:${payload.jobId}`))).toEqual([]);
    }
  });
});
