import { beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@facehash/contracts';
import type { Redis } from './connection.js';
import { createJobRecords, type JobRecords } from './records.js';
import { redisKeys } from './redis-keys.js';
import { newPrefix, trained } from './testing/examples.js';
import { useRedis } from './testing/use-redis.js';
import { createTrainings, type Trainings } from './trainings.js';

let redis: Redis;
useRedis((connection) => void (redis = connection));

let prefix: string;
let records: JobRecords;
let trainings: Trainings;
const keyId = newId('key');

beforeEach(() => {
  prefix = newPrefix();
  records = createJobRecords(redis, prefix);
  trainings = createTrainings({ redis, prefix, read: records.read });
});

describe("A key's trainings under way", () => {
  const accepted = async (): Promise<string> => {
    const jobId = newId('job');
    await records.create({ jobId, type: 'train', keyId, requestId: 'req' });
    await trainings.announce(keyId, jobId);
    return jobId;
  };

  it('are those accepted and not ended, in their order', async () => {
    const [first, second, third] = [await accepted(), await accepted(), await accepted()];
    expect(await trainings.underWay(keyId)).toEqual([first, second, third]);
    await records.finish(second, trained);
    expect(await trainings.underWay(keyId)).toEqual([first, third]);
    expect(await trainings.stillRunning([second, third])).toEqual([third]);
    expect(await trainings.underWay(newId('key'))).toEqual([]);
  });

  it('are gone with their records, and leave nothing in Redis', async () => {
    const jobId = await accepted();
    await records.remove(jobId);
    expect(await trainings.underWay(keyId)).toEqual([]);
    expect(await redis.exists(redisKeys(prefix).trainingsOf(keyId))).toBe(0);
  });
});

describe("A key's newcomers", () => {
  it('have one id for everybody who asks at once, another one under another label or key', async () => {
    const ids = await Promise.all([1, 2, 3, 4].map(() => trainings.newcomerId(keyId, 'Ada')));
    expect(new Set(ids).size).toBe(1);
    expect(await trainings.newcomerId(keyId, 'Bob')).not.toBe(ids[0]);
    expect(await trainings.newcomerId(newId('key'), 'Ada')).not.toBe(ids[0]);
  });

  it('are forgotten once they are enrolled', async () => {
    const [ada, bob] = [await trainings.newcomerId(keyId, 'Ada'), await trainings.newcomerId(keyId, 'Bob')];
    await trainings.forgetNewcomers(keyId, [ada]);
    expect(await trainings.newcomerId(keyId, 'Bob')).toBe(bob);
    await trainings.forgetNewcomers(keyId, [bob]);
    expect(await redis.exists(redisKeys(prefix).newcomersOf(keyId))).toBe(0);
    expect(await trainings.newcomerId(keyId, 'Ada')).not.toBe(ada);
  });
});
