import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@facehash/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { createJobClient, type JobClient } from '../client.js';
import type { Redis } from '../connection.js';
import { startConsumer } from '../consumer.js';
import { createJobRecords } from '../records.js';
import { redisKeys } from '../redis-keys.js';
import { answer, handlers, newPrefix, recognizePayload, silent } from '../testing/examples.js';
import { useRedis } from '../testing/use-redis.js';

describe('Before a job is accepted', () => {
  let redis: Redis;
  useRedis((connection) => void (redis = connection));

  let prefix: string;
  let client: JobClient;
  /** Another gateway's. */
  let other: JobClient;
  let keyId: string;

  beforeEach(() => {
    prefix = newPrefix();
    keyId = newId('key');
    client = createJobClient({ redis, prefix });
    other = createJobClient({ redis, prefix });
  });
  afterEach(async () => {
    await client.close();
    await other.close();
  });
  const submit = (jobId: string) => client.submit('recognize', { ...recognizePayload(), jobId, keyId });

  describe('an Idempotency-Key', () => {
    const begin = (from: JobClient, jobId: string) =>
      from.admission.idempotency.begin(keyId, 'order 7', jobId);

    it('belongs to one request while that is read, and then stands for its job', async () => {
      const [jobId, second] = [newId('job'), newId('job')];
      expect(await begin(client, jobId)).toEqual({ state: 'mine' });
      expect(await begin(other, second)).toEqual({ state: 'under-way' });
      expect(await client.admission.idempotency.commit(keyId, 'order 7', jobId, 'print')).toBe(true);
      // Between the commit and the job's record.
      expect(await begin(other, second)).toEqual({ state: 'under-way' });
      await submit(jobId);
      expect(await begin(other, second)).toEqual({ state: 'known', jobId, fingerprint: 'print' });
      const another = other.admission.idempotency.begin(newId('key'), 'order 7', second);
      expect(await another).toEqual({ state: 'mine' });
    });

    it('is free again when its request fails, and another one can take it only then', async () => {
      const [jobId, second] = [newId('job'), newId('job')];
      await begin(client, jobId);
      await other.admission.idempotency.release(keyId, 'order 7', second);
      expect(await begin(other, second)).toEqual({ state: 'under-way' });
      await client.admission.idempotency.release(keyId, 'order 7', jobId);
      expect(await begin(other, second)).toEqual({ state: 'mine' });
      expect(await client.admission.idempotency.commit(keyId, 'order 7', jobId, 'print')).toBe(false);
    });

    it('is free 30 s after its gateway died, whether it read or had just chosen the job', async () => {
      const jobId = newId('job');
      await begin(client, jobId);
      const [entry] = await redis.keys(redisKeys(prefix).idempotency(keyId, '*'));
      expect(await redis.pttl(entry!)).toBeLessThanOrEqual(30_000);
      await client.admission.idempotency.commit(keyId, 'order 7', jobId, 'print');
      await redis.hincrby(entry!, 'at', -30_001);
      expect(await begin(other, newId('job'))).toEqual({ state: 'mine' });
    });
  });

  describe('the number of open jobs', () => {
    const reserve = (jobId = newId('job')) => client.admission.openJobs.reserve(keyId, jobId, 2);

    it('is limited per key, over all gateways, and counts what ends at once', async () => {
      const records = createJobRecords(redis, prefix);
      const [first, second] = [newId('job'), newId('job')];
      for (const jobId of [first, second]) {
        expect(await reserve(jobId)).toBe(true);
        await submit(jobId);
      }
      expect(await other.admission.openJobs.reserve(keyId, newId('job'), 2)).toBe(false);
      expect(await other.admission.openJobs.reserve(newId('key'), newId('job'), 2)).toBe(true);
      await records.start(first, 'recognize', { stage: 'recognizing', percent: 10 });
      expect(await reserve()).toBe(false);
      await records.finish(first, answer);
      expect(await reserve()).toBe(true);
    });

    it('never lets more than the limit in, however many ask at once', async () => {
      const asked = await Promise.all(Array.from({ length: 20 }, () => reserve()));
      expect(asked.filter(Boolean)).toHaveLength(2);
    });

    it('forgets places of requests that failed, whose gateway died, and jobs whose records are gone', async () => {
      const [first, second] = [newId('job'), newId('job')];
      await reserve(first);
      await reserve(second);
      await client.admission.openJobs.release(keyId, first);
      expect(await reserve(first)).toBe(true);
      expect(await reserve()).toBe(false);
      await redis.zincrby(redisKeys(prefix).openJobsOf(keyId), -30_001, second);
      expect(await reserve()).toBe(true);
    });

    it('ends jobs that nobody would end, before a key is refused', async () => {
      const [lost, kept] = [newId('job'), newId('job')];
      for (const jobId of [lost, kept]) {
        await reserve(jobId);
        await submit(jobId);
      }
      // Its gateway died between the record and the queue.
      await redis.zrem(`${redisKeys(prefix).queues}:recognize:prioritized`, lost);
      await redis.del(`${redisKeys(prefix).queues}:recognize:${lost}`);
      await redis.hincrby(redisKeys(prefix).record(lost), 'touched_at', -60_000);
      expect(await reserve()).toBe(true);
      expect((await client.get(lost))?.job.error?.code).toBe('JOB_LOST');
    });
  });

  describe('the wait in the queue', () => {
    it('is estimated from the jobs that come before, not from all there are', async () => {
      const { waits } = client.admission;
      expect(await waits.estimate('recognize', keyId)).toBe(0);
      const run = async () => {
        await sleep(50);
        return answer;
      };
      const consumer = await startConsumer({
        ...{ redis, prefix, concurrency: 1, logger: silent },
        handlers: { ...handlers, recognize: { run } },
      });
      const first = newId('job');
      await submit(first);
      await client.wait(first, 5_000);
      await Promise.all(Array.from({ length: 100 }, () => submit(newId('job'))));
      await sleep(100);
      const own = await waits.estimate('recognize', keyId);
      expect(own).toBeGreaterThan(3_000);
      expect(own).toBeLessThan(20_000);
      expect(await waits.estimate('recognize', newId('key'))).toBeLessThan(500);
      await redis.del(`${redisKeys(prefix).queues}:recognize:prioritized`);
      await consumer.close();
    });

    it('is what has been waited so far where no worker is at work', async () => {
      await submit(newId('job'));
      await sleep(150);
      const waited = await client.admission.waits.estimate('recognize', keyId);
      expect(waited).toBeGreaterThanOrEqual(100);
      expect(waited).toBeLessThan(5_000);
    });
  });
});
