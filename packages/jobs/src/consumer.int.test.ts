import { describe, expect, it } from '@jest/globals';
import { AppError, newId } from '@facehash/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobClient } from './client.js';
import type { Redis } from './connection.js';
import { deliver, type JobHandler, type JobHandlers } from './delivery.js';
import { createJobRecords } from './records.js';
import { redisKeys } from './redis-keys.js';
import { answer, handlers, recognizePayload, silent, trained, training } from './testing/examples.js';
import { useQueue } from './testing/use-queue.js';

/** Runs that hear of no end. */
const deaf = { begin: () => ({ ended: new AbortController().signal, over: () => undefined }) };

describe('Jobs between a client and a consumer', () => {
  let redis: Redis;
  let prefix: string;
  let client: JobClient;
  const { consume: consumeWith, stopConsuming } = useQueue((queue) => ({ redis, prefix, client } = queue));
  /** By the observer. */
  let told: string[];

  const consume = async (changed: Partial<JobHandlers> = {}): Promise<void> => {
    told = [];
    await consumeWith(changed, {
      observer: {
        started: (name) => told.push(`started ${name}`),
        ended: (name, outcome) => told.push(`ended ${name} ${outcome}`),
        gaveUp: (name, code) => told.push(`gave up ${name} ${code}`),
        stalled: (name) => told.push(`stalled ${name}`),
      },
    });
  };
  const recognized = async (run: JobHandler<'recognize'>['run']) => {
    const cleaned: string[] = [];
    const cleanUp = (_payload: unknown, error: AppError): Promise<void> => {
      cleaned.push(error.code);
      return Promise.resolve();
    };
    await consume({ recognize: { run, cleanUp } });
    const { id } = await client.submit('recognize', recognizePayload());
    const record = await client.wait(id, 10_000);
    await stopConsuming(); // what follows the end of the record has happened then
    return { job: record?.job, cleaned };
  };

  it('answer a recognition', async () => {
    const payload = recognizePayload();
    const submitted = await client.submit('recognize', payload);
    expect(submitted).toMatchObject({ id: payload.jobId, status: 'queued' });
    await consume();
    const record = await client.wait(submitted.id, 10_000);
    expect(record).toMatchObject({ keyId: payload.keyId, requestId: payload.requestId });
    expect(record?.job).toMatchObject({ status: 'succeeded', ...answer });
  });

  it('leave nothing but the record and a short list of ids in Redis', async () => {
    await consume();
    for (let i = 0; i < 5; i++) {
      const { id } = await client.submit('recognize', recognizePayload());
      await client.wait(id, 10_000);
    }
    await stopConsuming();
    const dump = JSON.stringify(await redis.xrange(`${redisKeys(prefix).queues}:recognize:events`, '-', '+'));
    expect(dump).toContain('completed');
    expect(dump).not.toContain('faces');
    expect(await redis.keys(`${redisKeys(prefix).queues}:recognize:job_*`)).toEqual([]);
    expect(await redis.hget(`${redisKeys(prefix).queues}:recognize:meta`, 'opts.maxLenEvents')).toBe('100');
  });

  it('are tried again when a failure may pass', async () => {
    const attempts: number[] = [];
    const { job, cleaned } = await recognized((_payload, { attempt }) => {
      attempts.push(attempt);
      if (attempt === 1) throw new AppError('UNAVAILABLE', 'storage is away');
      if (attempt === 2) throw new Error('nobody knows why');
      return Promise.resolve(answer);
    });
    expect(job?.status).toBe('succeeded');
    expect(attempts).toEqual([1, 2, 3]);
    expect(cleaned).toEqual([]);
  });

  it('fail once and for all after the last attempt, hiding an unexpected text', async () => {
    let runs = 0;
    const { job, cleaned } = await recognized(() => {
      runs++;
      return Promise.reject(new Error('secret path'));
    });
    expect(job).toMatchObject({ status: 'failed', error: { code: 'INTERNAL' } });
    expect(JSON.stringify(job)).not.toContain('secret path');
    expect(runs).toBe(3);
    expect(cleaned).toEqual(['INTERNAL']);
  });

  it('fail at once when trying again makes no sense', async () => {
    let runs = 0;
    const { job, cleaned } = await recognized(() => {
      runs++;
      return Promise.reject(new AppError('IMAGE_UNREADABLE', 'the JPEG ends early'));
    });
    expect(job).toMatchObject({ status: 'failed', error: { code: 'IMAGE_UNREADABLE' } });
    expect(runs).toBe(1);
    expect(cleaned).toEqual(['IMAGE_UNREADABLE']);
    expect(told).toEqual([
      'started recognize',
      'gave up recognize IMAGE_UNREADABLE',
      'ended recognize failed',
    ]);
  });

  it('are ended by their timeout even when the handler hangs', async () => {
    const payload = recognizePayload();
    await client.submit('recognize', payload);
    const records = createJobRecords(redis, prefix);
    const ending = await deliver(
      'recognize',
      { run: () => new Promise(() => undefined) },
      { data: payload, attempt: 1, isLastAttempt: false },
      { records, trainings: client.trainings, signals: deaf, logger: silent, timeoutMs: 50 },
    );
    expect(ending).toMatchObject({ kind: 'gave-up', error: { code: 'JOB_TIMED_OUT' } });
    expect((await client.get(payload.jobId))?.job.error?.code).toBe('JOB_TIMED_OUT');
  });

  it('only clear up when they are delivered again after their end, which stands by then', async () => {
    const payload = recognizePayload();
    await client.submit('recognize', payload);
    const records = createJobRecords(redis, prefix);
    const calls: string[] = [];
    const handler: JobHandler<'recognize'> = {
      run() {
        calls.push('run');
        return Promise.resolve(answer);
      },
      async afterSuccess() {
        calls.push(`after ${(await records.read(payload.jobId))!.job.status}`);
      },
      cleanUp() {
        calls.push('cleanUp');
        return Promise.resolve();
      },
    };
    const delivery = { data: payload, attempt: 1, isLastAttempt: true };
    const o = { records, trainings: client.trainings, signals: deaf, logger: silent };
    expect(await deliver('recognize', handler, delivery, o)).toEqual({ kind: 'done' });
    expect(await deliver('recognize', handler, delivery, o)).toEqual({ kind: 'done' });
    expect(calls).toEqual(['run', 'after succeeded', 'after succeeded']);
  });

  it('of another version than the worker still end', async () => {
    const payload = recognizePayload();
    await client.submit('recognize', payload);
    const ending = await deliver(
      'recognize',
      handlers.recognize,
      { data: { jobId: payload.jobId, faces: 'all' }, attempt: 1, isLastAttempt: false },
      {
        records: createJobRecords(redis, prefix),
        trainings: client.trainings,
        signals: deaf,
        logger: silent,
      },
    );
    expect(ending.kind).toBe('gave-up');
    expect((await client.get(payload.jobId))?.job.status).toBe('failed');
  });

  it('finish before the consumer closes', async () => {
    let running = (): void => undefined;
    const started = new Promise<void>((resolve) => (running = resolve));
    await consume({
      recognize: {
        async run() {
          running();
          await sleep(500);
          return answer;
        },
      },
    });
    const { id } = await client.submit('recognize', recognizePayload());
    await started;
    await stopConsuming();
    expect((await client.get(id))?.job.status).toBe('succeeded');
  });

  it('train when every batch is extracted, and free the key then', async () => {
    const { train, extracts } = training(['a', 'b', 'c']);
    const { keyId, jobId } = train;
    const order: string[] = [];
    await client.trainings.acquire(keyId, jobId);
    expect(await client.submitTraining(train, extracts)).toMatchObject({ id: jobId, type: 'train' });
    expect(await client.trainings.underWay(keyId)).toEqual([jobId]);
    await consume({
      extract: {
        run(payload, context) {
          order.push('extract');
          return handlers.extract.run(payload, context);
        },
      },
      train: {
        async run(_payload, context) {
          order.push('train', String(await context.mayPublish()));
          return trained;
        },
      },
    });
    const ended = await client.wait(jobId, 10_000);
    expect(ended?.job).toMatchObject({ status: 'succeeded', ...trained });
    expect(order).toEqual(['extract', 'extract', 'extract', 'train', 'true']);
    expect(await client.trainings.underWay(keyId)).toEqual([]);
  });

  it('train without photos too', async () => {
    const { train } = training([]);
    await client.trainings.acquire(train.keyId, train.jobId);
    await client.submitTraining({ ...train, subject: null }, []);
    await consume();
    expect((await client.wait(train.jobId, 10_000))?.job.status).toBe('succeeded');
  });

  it('fail a training whose batch failed, without fitting, and clear up last', async () => {
    const { train, extracts } = training(['good', 'bad', 'good']);
    const order: string[] = [];
    await client.trainings.acquire(train.keyId, train.jobId);
    await client.submitTraining(train, extracts);
    await consume({
      extract: {
        run(payload) {
          order.push(`extract ${payload.batch}`);
          if (payload.photos[0]!.uploadKey === 'bad') throw new AppError('MODEL_CORRUPT', 'no cascade');
          return Promise.resolve({ accepted: 2, refused: 0 });
        },
        cleanUp: ({ batch }) => Promise.resolve(void order.push(`clean ${batch}`)),
      },
      train: {
        run() {
          order.push('train');
          return Promise.resolve(trained);
        },
        cleanUp: () => Promise.resolve(void order.push('clean train')),
      },
    });
    const ended = await client.wait(train.jobId, 10_000);
    expect(ended?.job).toMatchObject({ status: 'failed', error: { code: 'MODEL_CORRUPT' } });
    while (!order.includes('clean train')) await sleep(20);
    expect(order).toEqual(['extract 0', 'extract 1', 'clean 1', 'clean 2', 'clean train']);
    expect(await client.trainings.acquire(train.keyId, newId('job'))).toEqual({ acquired: true });
  });

  it('are refused as a training that lost its lock while uploading', async () => {
    const { train, extracts } = training(['a']);
    await client.trainings.acquire(train.keyId, newId('job'));
    await expect(client.submitTraining(train, extracts)).rejects.toMatchObject({
      code: 'TRAINING_IN_PROGRESS',
    });
    expect((await client.get(train.jobId))?.job.status).toBe('failed');
  });
});
