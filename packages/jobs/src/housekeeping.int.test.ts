import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@facehash/contracts';
import { createJobClient, type JobClient } from './client.js';
import type { Redis } from './connection.js';
import { createHousekeeping, type Housekeeping } from './housekeeping.js';
import { onModelsGone } from './models-gone.js';
import { redisKeys } from './redis-keys.js';
import { recognizePayload } from './testing/examples.js';
import { useRedis } from './testing/use-redis.js';

let redis: Redis;
useRedis((connection) => void (redis = connection));

let client: JobClient;
let housekeeping: Housekeeping;
let prefix: string;

beforeEach(async () => {
  await redis.flushall();
  prefix = newId('request');
  client = createJobClient({ redis, prefix });
  housekeeping = createHousekeeping({ redis, prefix });
});
afterEach(() => client.close());

const submit = async (keyId: string) =>
  (await client.submit('recognize', { ...recognizePayload(), keyId })).id;

/** Names that are of some key, BullMQ's own left out. */
const namesOf = async (keyId: string): Promise<string[]> => {
  const names: string[] = [];
  for (const name of await redis.keys('*')) {
    const text = (await redis.type(name)) === 'hash' ? JSON.stringify(await redis.hgetall(name)) : '';
    if (name.includes(keyId) || text.includes(keyId)) names.push(name);
  }
  return names;
};

describe('A key that is closed', () => {
  it('gets no new job, and those it had are cancelled', async () => {
    const [keyId, other] = [newId('key'), newId('key')];
    const [before, theirs] = [await submit(keyId), await submit(other)];
    await housekeeping.closeKey(keyId);
    await expect(submit(keyId)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect((await client.get(before))?.job.status).toBe('canceled');
    expect(await housekeeping.isRunning(before)).toBe(false);
    expect(await housekeeping.isRunning(theirs)).toBe(true);
    await submit(other);
  });

  it('whose jobs have left the queues is forgotten, whatever was kept under its id, and no other', async () => {
    const [keyId, other] = [newId('key'), newId('key')];
    const [id, theirs] = [await submit(keyId), await submit(other)];
    await redis.set(`${prefix}:limit:${keyId}`, 5);
    await redis.hset(`${prefix}:delivery:1`, { key_id: keyId, url: 'https://example.org' });
    await housekeeping.closeKey(keyId);
    expect(await housekeeping.jobsOf(keyId)).toEqual([id]);
    expect(await housekeeping.leaveQueues(keyId)).toBe(0);
    const waited = client.wait(theirs, 30_000);
    await housekeeping.forgetKey(keyId);
    expect(await namesOf(keyId)).toEqual([`${prefix}:jobs:${keyId}:closed`]);
    expect(await client.get(id)).toBeUndefined();
    await expect(submit(keyId)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await client.cancel(theirs, () => Promise.resolve());
    expect((await waited)?.job.status).toBe('canceled');
  });

  it('is forgotten by a chore that forgets all but itself, since its queue has still to end it', async () => {
    const keyId = newId('key');
    await client.eraseKey(keyId);
    await housekeeping.forgetKey(keyId);
    const { eraseChore, closed } = redisKeys(prefix);
    expect((await namesOf(keyId)).sort()).toEqual([closed(keyId), eraseChore(keyId)].sort());
  });

  it('whose job was sent at the same moment is found with it, or the job was refused', async () => {
    for (let round = 0; round < 20; round++) {
      const keyId = newId('key');
      const [sent] = await Promise.allSettled([submit(keyId), housekeeping.closeKey(keyId)]);
      while ((await housekeeping.leaveQueues(keyId)) > 0);
      await housekeeping.forgetKey(keyId);
      expect(await namesOf(keyId)).toEqual([`${prefix}:jobs:${keyId}:closed`]);
      if (sent.status === 'rejected') {
        expect((sent.reason as { code: string }).code).toMatch(/UNAUTHORIZED|JOB_LOST/);
      }
    }
  });
});

describe('Models that are gone', () => {
  it('are told to every listener, and after a silence everything is', async () => {
    const heard: string[] = [];
    await new Promise<void>((resolve) => {
      const listening = onModelsGone({
        ...{ redis, prefix },
        forget: (keyId) => {
          heard.push(keyId);
          listening.close();
          resolve();
        },
        // The connection is new, so something may have been missed before it.
        forgetAll: () => {
          heard.push('all');
          void housekeeping.tellModelsGone('key_1');
        },
      });
    });
    expect(heard).toEqual(['all', 'key_1']);
  });
});
