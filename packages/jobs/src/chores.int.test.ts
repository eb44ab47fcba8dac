import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { openChoreQueue, startChores, type Chores } from './chores.js';
import type { Redis } from './connection.js';
import type { Consumer } from './consumer.js';
import { useRedis } from './testing/use-redis.js';

let redis: Redis;
useRedis((connection) => void (redis = connection));

let consumers: Consumer[];

beforeEach(async () => {
  await redis.flushall();
  consumers = [];
});
afterEach(() => Promise.all(consumers.map((consumer) => consumer.close())));

const start = async (chores: Partial<Chores>, everyMs: number): Promise<void> => {
  const nothing = () => Promise.resolve();
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const all = { sweep: nothing, eraseKey: nothing, ...chores };
  consumers.push(await startChores({ redis, chores: all, everyMs, logger }));
};

const eventually = async (condition: () => boolean): Promise<void> => {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not in time: ${condition.toString()}`);
    await sleep(20);
  }
};

describe('Chores', () => {
  it('of two workers are done by one of them at a time', async () => {
    let [running, most, sweeps] = [0, 0, 0];
    const sweep = async () => {
      most = Math.max(most, ++running);
      sweeps++;
      await sleep(300);
      running--;
    };
    await start({ sweep }, 200);
    await start({ sweep }, 200);
    await eventually(() => sweeps >= 4);
    expect(most).toBe(1);
  });

  it('go on after Redis has lost its memory', async () => {
    let sweeps = 0;
    const sweep = () => {
      sweeps++;
      return Promise.resolve();
    };
    await start({ sweep }, 200);
    await eventually(() => sweeps >= 2);
    await redis.flushall();
    const before = sweeps;
    await eventually(() => sweeps >= before + 2);
  });

  it('have the erasure of a key tried again after a failure, and leave nothing of it in the queue', async () => {
    const seen: string[] = [];
    const eraseKey = (keyId: string) => {
      seen.push(keyId);
      return seen.length === 1 ? Promise.reject(new Error('storage is away')) : Promise.resolve();
    };
    await start({ eraseKey }, 600_000);
    const queue = openChoreQueue(redis, 'facehash');
    await queue.eraseKey('key_1');
    await queue.eraseKey('key_1');
    await eventually(() => seen.length === 2);
    await eventually(() => consumers.length > 0);
    await sleep(200);
    expect(seen).toEqual(['key_1', 'key_1']);
    expect(await redis.keys('*erase-key_1*')).toEqual([]);
    await queue.close();
  });
});
