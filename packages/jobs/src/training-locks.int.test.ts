import { beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@facehash/contracts';
import type { Redis } from './connection.js';
import { createJobRecords, type JobRecords } from './records.js';
import { redisKeys } from './redis-keys.js';
import { createSettledRead } from './settle.js';
import { newPrefix, trained } from './testing/examples.js';
import { useRedis } from './testing/use-redis.js';
import { createTrainingLocks, type TrainingLocks } from './training-locks.js';

describe("A key's training lock", () => {
  let redis: Redis;
  useRedis((connection) => void (redis = connection));

  let prefix: string;
  let records: JobRecords;
  let locks: TrainingLocks;
  const keyId = newId('key');
  const [first, second] = [newId('job'), newId('job')];

  beforeEach(() => {
    prefix = newPrefix();
    records = createJobRecords(redis, prefix);
    locks = createTrainingLocks({ redis, prefix, read: records.read });
  });

  const accepted = async (jobId: string): Promise<void> => {
    await locks.acquire(keyId, jobId);
    await records.create({ jobId, type: 'train', keyId, requestId: 'req' });
    await locks.accept(keyId, jobId);
  };

  it('goes to one of two trainings at once', async () => {
    const answers = await Promise.all([locks.acquire(keyId, first), locks.acquire(keyId, second)]);
    expect(answers).toContainEqual({ acquired: true });
    expect(answers.filter((answer) => !answer.acquired)).toHaveLength(1);
  });

  it('names the training that holds it', async () => {
    await locks.acquire(keyId, first);
    expect(await locks.acquire(keyId, second)).toEqual({ acquired: false, jobId: first });
    expect(await locks.acquire(newId('key'), second)).toEqual({ acquired: true });
  });

  it('expires under a silent upload, and lives on while it is renewed', async () => {
    await locks.acquire(keyId, first);
    const lock = redisKeys(prefix).trainingLock(keyId);
    await redis.pexpire(lock, 50);
    await locks.renew(keyId, first);
    expect(await redis.pttl(lock)).toBeGreaterThan(20_000);
    await redis.del(lock); // as if 30 s had passed
    await locks.acquire(keyId, second);
    await expect(locks.renew(keyId, first)).rejects.toMatchObject({ code: 'TRAINING_IN_PROGRESS' });
    await expect(locks.accept(keyId, first)).rejects.toMatchObject({ code: 'TRAINING_IN_PROGRESS' });
  });

  it('is free as soon as its training has ended, though nobody released it', async () => {
    await accepted(first);
    expect(await locks.acquire(keyId, second)).toEqual({ acquired: false, jobId: first });
    await records.finish(first, trained);
    expect(await locks.acquire(keyId, second)).toEqual({ acquired: true });
  });

  it('is free when its training has vanished', async () => {
    await accepted(first);
    await redis.del(redisKeys(prefix).record(first));
    expect(await locks.acquire(keyId, second)).toEqual({ acquired: true });
  });

  it('is free when the gateway died before its training was queued', async () => {
    await accepted(first);
    const read = createSettledRead({ records, stateOf: () => Promise.resolve('unknown'), graceMs: 0 });
    locks = createTrainingLocks({ redis, prefix, read });
    expect(await locks.acquire(keyId, second)).toEqual({ acquired: true });
    expect((await records.read(first))?.job.error?.code).toBe('JOB_LOST');
  });

  it('goes to one of two trainings that follow an ended one', async () => {
    await accepted(first);
    await records.finish(first, trained);
    const third = newId('job');
    const answers = await Promise.all([locks.acquire(keyId, second), locks.acquire(keyId, third)]);
    expect(answers.filter((answer) => answer.acquired)).toHaveLength(1);
  });

  it('is taken by a worker for one of the jobs that wait for it, and kept by the job that has it', async () => {
    await accepted(first);
    expect(await locks.takeTurn(keyId, first)).toBe(true);
    expect(await locks.takeTurn(keyId, second)).toBe(false);
    await records.finish(first, trained);
    await records.create({ jobId: second, type: 'train', keyId, requestId: 'req' });
    expect(await locks.takeTurn(keyId, second)).toBe(true);
    expect(await locks.holds(keyId, second)).toBe(true);
    expect(await redis.pttl(redisKeys(prefix).trainingLock(keyId))).toBeGreaterThan(60 * 60 * 1000);
  });

  it('is released by its holder only', async () => {
    await locks.acquire(keyId, first);
    await locks.release(keyId, second);
    expect(await locks.acquire(keyId, second)).toEqual({ acquired: false, jobId: first });
    await locks.release(keyId, first);
    expect(await locks.acquire(keyId, second)).toEqual({ acquired: true });
  });

  it('fences off a training that has ended or lost it', async () => {
    await accepted(first);
    expect(await locks.holds(keyId, first)).toBe(true);
    expect(await locks.holds(keyId, second)).toBe(false);
    await records.finish(first, trained);
    expect(await locks.holds(keyId, first)).toBe(false);
  });
});
