import { describe, expect, it } from '@jest/globals';
import { withinTime } from './within-time.js';

const never = new AbortController().signal;

describe('Work within a time', () => {
  it('returns its result', async () => {
    expect(await withinTime(1_000, () => Promise.resolve(7), never)).toBe(7);
  });

  it('keeps its own failure', async () => {
    await expect(withinTime(1_000, () => Promise.reject(new Error('own')), never)).rejects.toThrow('own');
  });

  it('is told to stop, and the timeout is what its caller hears', async () => {
    const obedient = (signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('stopped'));
        });
      });
    await expect(withinTime(20, obedient, never)).rejects.toMatchObject({ code: 'JOB_TIMED_OUT' });
  });

  it('is left alone when it hangs', async () => {
    const hanging = () => new Promise<never>(() => undefined);
    await expect(withinTime(20, hanging, never)).rejects.toMatchObject({ code: 'JOB_TIMED_OUT' });
  });

  it('is waited for when it is told to stop from outside', async () => {
    const stop = new AbortController();
    let landed = false;
    const writes = async (signal: AbortSignal) => {
      stop.abort(new Error('enough'));
      await new Promise((resolve) => setTimeout(resolve, 20));
      landed = true;
      signal.throwIfAborted();
    };
    await expect(withinTime(1_000, writes, stop.signal)).rejects.toThrow('enough');
    expect(landed).toBe(true);
  });
});
