import { describe, expect, it } from '@jest/globals';
import { withinTime } from './within-time.js';

describe('Work within a time', () => {
  it('returns its result', async () => {
    expect(await withinTime(1_000, () => Promise.resolve(7))).toBe(7);
  });

  it('keeps its own failure', async () => {
    await expect(withinTime(1_000, () => Promise.reject(new Error('own')))).rejects.toThrow('own');
  });

  it('is told to stop, and the timeout is what its caller hears', async () => {
    const obedient = (signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('stopped'));
        });
      });
    await expect(withinTime(20, obedient)).rejects.toMatchObject({ code: 'JOB_TIMED_OUT' });
  });

  it('is left alone when it hangs', async () => {
    const hanging = () => new Promise<never>(() => undefined);
    await expect(withinTime(20, hanging)).rejects.toMatchObject({ code: 'JOB_TIMED_OUT' });
  });
});
