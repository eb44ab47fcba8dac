import { startRedis } from '@facehash/testkit';
import { describe, expect, it } from '@jest/globals';
import { connectRedis } from './connection.js';
import { whileConnected } from './while-connected.js';

const never = (): Promise<never> => new Promise(() => undefined);

describe('whileConnected', () => {
  it('waits for the work, and for nothing once Redis is gone', async () => {
    const server = await startRedis();
    const redis = connectRedis(server.url, 'worker');
    await redis.ping();
    let done = false;
    await whileConnected(redis, async () => {
      await redis.ping();
      done = true;
    });
    expect(done).toBe(true);
    await expect(whileConnected(redis, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
    expect(redis.listenerCount('close')).toBe(0);

    const waiting = whileConnected(redis, never);
    await server.stop();
    await waiting;
    await whileConnected(redis, never);
    redis.disconnect();
  });
});
