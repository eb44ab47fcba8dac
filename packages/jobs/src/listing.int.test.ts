import { beforeEach, describe, expect, it } from '@jest/globals';
import { newId, type JobType } from '@facehash/contracts';
import type { Redis } from './connection.js';
import { createListing, type ListQuery } from './listing.js';
import { createJobRecords, RECORD_TTL_MS, type JobRecords } from './records.js';
import { redisKeys } from './redis-keys.js';
import { answer, newPrefix } from './testing/examples.js';
import { useRedis } from './testing/use-redis.js';

describe("A key's list of jobs", () => {
  let redis: Redis;
  useRedis((connection) => void (redis = connection));

  let keys: ReturnType<typeof redisKeys>;
  let records: JobRecords;
  let list: ReturnType<typeof createListing>;
  let keyId: string;

  beforeEach(() => {
    const prefix = newPrefix();
    keyId = newId('key');
    keys = redisKeys(prefix);
    records = createJobRecords(redis, prefix);
    list = createListing({ redis, prefix, read: records.read });
  });

  const newJob = async (type: JobType = 'recognize', owner = keyId): Promise<string> => {
    const jobId = newId('job');
    await records.create({ jobId, type, keyId: owner, requestId: 'req' });
    return jobId;
  };
  const newJobs = async (count: number, type?: JobType): Promise<string[]> => {
    const ids: string[] = [];
    for (let i = 0; i < count; i++) ids.push(await newJob(type));
    return ids;
  };
  const pages = async (query: ListQuery): Promise<string[][]> => {
    const all: string[][] = [];
    let after: string | undefined;
    do {
      const page = await list(keyId, { ...query, after });
      all.push(page.jobs.map(({ id }) => id));
      after = page.nextCursor ?? undefined;
    } while (after !== undefined);
    return all;
  };
  const times = async (ids: readonly string[]): Promise<string[]> =>
    Promise.all(ids.map(async (id) => (await records.read(id))!.job.created_at));

  it('is empty at first', async () => {
    expect(await list(keyId, { limit: 20 })).toEqual({ jobs: [], nextCursor: null });
  });

  it('has each job on exactly one page, newest first, however many share a millisecond', async () => {
    const ids = await newJobs(25);
    const all = await pages({ limit: 10 });
    expect(all.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(new Set(all.flat())).toEqual(new Set(ids));
    const seen = await times(all.flat());
    expect(seen).toEqual([...seen].sort().reverse());
  });

  it('ends with a full last page, without an empty one after it', async () => {
    await newJobs(4);
    expect((await pages({ limit: 2 })).map(({ length }) => length)).toEqual([2, 2]);
  });

  it('goes on from a place whose job is gone, past jobs that came meanwhile', async () => {
    const ids = (await newJobs(4)).sort();
    // One millisecond for all: the order is that of the ids alone.
    for (const id of ids) {
      await redis.hset(keys.record(id), 'created_at', 1_000);
      await redis.zadd(keys.jobsOf(keyId), 1_000, id);
    }
    const first = await list(keyId, { limit: 2 });
    expect(first.jobs.map(({ id }) => id)).toEqual([ids[3], ids[2]]);
    await redis.zrem(keys.jobsOf(keyId), ids[2]!);
    await newJob();
    const second = await list(keyId, { limit: 2, after: first.nextCursor! });
    expect(second.jobs.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
  });

  it('filters by status and by type', async () => {
    const [ended] = await newJobs(3);
    const [training] = await newJobs(1, 'train');
    await records.finish(ended!, answer);
    expect(await pages({ limit: 20, status: 'succeeded' })).toEqual([[ended]]);
    expect(await pages({ limit: 20, type: 'train' })).toEqual([[training]]);
    expect((await pages({ limit: 1, type: 'recognize', status: 'queued' })).flat()).toHaveLength(2);
    expect(await pages({ limit: 20, type: 'train', status: 'failed' })).toEqual([[]]);
  });

  it('finds the few that match among many', async () => {
    const needle = await newJob('train');
    await newJobs(600);
    expect(await pages({ limit: 1, type: 'train' })).toEqual([[needle]]);
  });

  it("never has another key's job, nor takes its cursor", async () => {
    const other = newId('key');
    for (let i = 0; i < 2; i++) await newJob('recognize', other);
    expect((await list(keyId, { limit: 20 })).jobs).toEqual([]);
    const foreign = (await list(other, { limit: 1 })).nextCursor!;
    for (const after of [foreign, '', 'next', foreign.replace(/^\d+/, '1')]) {
      await expect(list(keyId, { limit: 1, after })).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    }
  });

  it('forgets jobs whose record has expired, when it is read and when a job is added', async () => {
    const size = () => redis.zcard(keys.jobsOf(keyId));
    const [read, kept] = await newJobs(2);
    await redis.del(keys.record(read!));
    expect(await pages({ limit: 20 })).toEqual([[kept]]);
    expect(await size()).toBe(1);
    await redis.del(keys.record(kept!));
    await newJob();
    expect(await size()).toBe(1);
  });

  it('lives as long as its last record', async () => {
    const id = await newJob();
    await redis.pexpire(keys.jobsOf(keyId), 1_000);
    await records.finish(id, answer);
    expect(await redis.pttl(keys.jobsOf(keyId))).toBeGreaterThan(RECORD_TTL_MS - 60_000);
  });
});
