import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createJobClient } from './client.js';
import type { Redis } from './connection.js';
import { newPrefix, recognizePayload, training } from './testing/examples.js';
import { useRedis } from './testing/use-redis.js';

describe('queueDepths', () => {
  let redis: Redis;
  useRedis((connection) => void (redis = connection));

  it('is all zeros where nothing was sent', async () => {
    const client = createJobClient({ redis, prefix: newPrefix() });
    const depths = await client.queueDepths();
    expect(depths.map(({ queue }) => queue)).toEqual(
      expect.arrayContaining(['recognize', 'extract', 'train']),
    );
    for (const depth of depths) {
      expect(depth.jobs).toEqual({ waiting: 0, active: 0, delayed: 0, blocked: 0 });
      expect(depth.oldestWaitingMs).toBe(0);
    }
    await client.close();
  });

  it('counts what waits, what a training is blocked by, and the age of the oldest', async () => {
    const client = createJobClient({ redis, prefix: newPrefix() });
    await client.submit('recognize', recognizePayload());
    await sleep(300);
    await client.submit('recognize', recognizePayload());
    const { train, extracts } = training(['uploads/a', 'uploads/b']);
    await client.trainings.acquire(train.keyId, train.jobId);
    await client.submitTraining(train, extracts);

    const depths = new Map((await client.queueDepths()).map((depth) => [depth.queue, depth]));
    expect(depths.get('recognize')?.jobs.waiting).toBe(2);
    // Of the first, not of the second.
    expect(depths.get('recognize')?.oldestWaitingMs).toBeGreaterThanOrEqual(300);
    expect(depths.get('extract')?.jobs.waiting).toBe(2);
    expect(depths.get('train')?.jobs).toMatchObject({ waiting: 0, blocked: 1 });
    await client.close();
  });
});
