import { describe, expect, it } from '@jest/globals';
import { AppError } from '@facehash/contracts';
import { isRedisOutage, reportOutages } from './redis-outage.js';

const replyError = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' });

describe('An error of Redis', () => {
  it('is an outage when the network or the server says "not now"', () => {
    for (const error of [
      Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
      new Error("Stream isn't writeable and enableOfflineQueue options is false"),
      new Error('Connection is closed.'),
      new Error('Command timed out'),
      replyError('LOADING Redis is loading the dataset in memory'),
      replyError('OOM command not allowed'),
      replyError('CLUSTERDOWN The cluster is down'),
      new Error('Too many Cluster redirections. Last error: Error: Connection is closed.'),
      new Error('All sentinels are unreachable. Retrying from scratch after 100ms.'),
    ]) {
      expect([error.message, isRedisOutage(error)]).toEqual([error.message, true]);
    }
  });

  it('is a mistake of ours when the command was wrong', () => {
    expect(isRedisOutage(replyError('WRONGTYPE Operation against a key'))).toBe(false);
    expect(isRedisOutage(new TypeError('x is undefined'))).toBe(false);
    expect(isRedisOutage('text')).toBe(false);
  });

  it('leaves the package as UNAVAILABLE, others as they are', async () => {
    const cause = new Error('Connection is closed.');
    const api = reportOutages({
      outage: () => Promise.reject(cause),
      mistake: () => Promise.reject(new TypeError('ours')),
      known: () => Promise.reject(new AppError('NOT_FOUND', 'nothing here')),
      fine: (n: number) => Promise.resolve(n + 1),
    });
    await expect(api.outage()).rejects.toMatchObject({ code: 'UNAVAILABLE', cause });
    await expect(api.mistake()).rejects.toThrow('ours');
    await expect(api.known()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await api.fine(1)).toBe(2);
  });
});
