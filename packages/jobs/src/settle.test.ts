import { describe, expect, it } from '@jest/globals';
import { verdictOn } from './settle.js';

const codeOf = (...args: Parameters<typeof verdictOn>) => verdictOn(...args)?.code;

describe('The verdict on a silent job', () => {
  it('is lost when the queue does not know it', () => {
    expect(codeOf('recognize', 'unknown', 15_000)).toBe('JOB_LOST');
    expect(codeOf('train', 'completed', 15_000)).toBe('JOB_LOST');
  });

  it('is crashed when the queue itself gave it up', () => {
    expect(codeOf('recognize', 'failed', 15_000)).toBe('WORKER_CRASHED');
  });

  it('is timed out only long after its attempt should have ended', () => {
    expect(codeOf('recognize', 'active', 59_000)).toBeUndefined();
    expect(codeOf('recognize', 'active', 61_000)).toBe('JOB_TIMED_OUT');
    expect(codeOf('train', 'active', 61_000)).toBeUndefined();
  });

  it('is patience while it has its turn before it', () => {
    for (const state of ['waiting', 'delayed', 'prioritized', 'waiting-children'] as const) {
      expect(codeOf('train', state, 3_600_000)).toBeUndefined();
    }
  });
});
