import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type JobType } from '@facehash/contracts';
import { startRedis, type RedisForTests } from '@facehash/testkit';
import { connectRedis, type Redis } from './connection.js';
import { openQueues, type Queues } from './queues.js';
import { createJobRecords } from './records.js';
import { createSettledRead } from './settle.js';
import { answer, newPrefix, recognizePayload } from './testing/examples.js';

describe('Reading a job that nobody ends', () => {
  let server: RedisForTests;
  let redis: Redis;
  let queues: Queues;
  const prefix = newPrefix();

  beforeAll(async () => {
    server = await startRedis();
    redis = connectRedis(server.url, 'worker');
    queues = openQueues(redis, prefix);
  });
  afterAll(async () => {
    await queues.close();
    await redis.quit();
    await server.stop();
  });

  const newJob = async (): Promise<string> => {
    const jobId = newId('job');
    const job = { jobId, type: 'recognize', keyId: newId('key'), requestId: 'req' } as const;
    await createJobRecords(redis, prefix).create(job);
    return jobId;
  };

  it('ends one whose gateway died before queueing it, once for all its readers', async () => {
    const jobId = await newJob();
    const records = createJobRecords(redis, prefix);
    const ends: boolean[] = [];
    const finish: typeof records.finish = async (...end) => {
      const ended = await records.finish(...end);
      ends.push(ended);
      return ended;
    };
    const read = createSettledRead({
      records: { read: records.read, finish },
      stateOf: queues.stateOf,
      graceMs: 0,
    });
    const seen = await Promise.all(Array.from({ length: 10 }, () => read(jobId)));
    expect(seen.map((record) => record?.job.error?.code)).toEqual(Array(10).fill('JOB_LOST'));
    expect(ends.filter(Boolean)).toHaveLength(1);
  });

  it('leaves a young job and a queued job alone', async () => {
    const records = createJobRecords(redis, prefix);
    const young = await newJob();
    const asked: string[] = [];
    const stateOf = (type: JobType, jobId: string) => {
      asked.push(jobId);
      return queues.stateOf(type, jobId);
    };
    expect((await createSettledRead({ records, stateOf })(young))?.job.status).toBe('queued');
    expect(asked).toEqual([]);

    const queued = await newJob();
    await queues.add('recognize', { ...recognizePayload(), jobId: queued });
    expect((await createSettledRead({ records, stateOf, graceMs: 0 })(queued))?.job.status).toBe('queued');
    expect(asked).toEqual([queued]);
  });

  it('keeps the end that came while the queue was asked', async () => {
    const records = createJobRecords(redis, prefix);
    const jobId = await newJob();
    const read = createSettledRead({
      records,
      async stateOf(type, id) {
        await records.finish(id, answer);
        return queues.stateOf(type, id);
      },
      graceMs: 0,
    });
    expect((await read(jobId))?.job).toMatchObject({ status: 'succeeded', error: null });
  });
});
