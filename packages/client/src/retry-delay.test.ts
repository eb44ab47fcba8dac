import { describe, expect, it } from '@jest/globals';
import { ERROR_TABLE, type ErrorCode } from '@facehash/contracts';
import { FaceHashError } from './facehash-error.js';
import { retryDelayMs } from './retry-delay.js';

const refused = (code: ErrorCode, retryAfterS?: number) =>
  new FaceHashError(code, '', { ...ERROR_TABLE[code], retryAfterS });
const noAnswer = new FaceHashError('UNAVAILABLE', '');
const get = { isRepeatable: true, whileTraining: 'fail', failures: 0, maxRetries: 4 } as const;
const post = { ...get, isRepeatable: false };
const delay = (failure: FaceHashError, repetition: Parameters<typeof retryDelayMs>[1]) =>
  retryDelayMs(failure, repetition, () => 0.5);

describe('retryDelayMs', () => {
  it('doubles, up to a bound, when no answer came', () => {
    const delays = [0, 1, 2, 9].map((failures) => delay(noAnswer, { ...get, failures, maxRetries: 10 }));
    expect(delays).toEqual([125, 250, 500, 5000]);
  });

  it('ends', () => {
    expect(delay(noAnswer, { ...get, failures: 4 })).toBeUndefined();
  });

  it('repeats nothing that would be done twice', () => {
    expect(delay(noAnswer, post)).toBeUndefined();
    expect(delay(refused('UNAVAILABLE', 1), post)).toBeUndefined();
  });

  it('comes back when the server said so, and not where it said nothing or long', () => {
    expect(delay(refused('UNAVAILABLE', 2), get)).toBe(2125);
    expect(delay(refused('UNAVAILABLE'), get)).toBeUndefined();
    expect(delay(refused('UNAVAILABLE', 3600), get)).toBeUndefined();
  });

  it('does not repeat what fails again', () => {
    for (const code of ['NOT_FOUND', 'IMAGE_EMPTY', 'MODEL_NOT_TRAINED', 'INTERNAL'] as const)
      expect(delay(refused(code, 1), get)).toBeUndefined();
  });

  it('waits for a training only where it is told to, then for as long as it takes', () => {
    const training = refused('MODEL_TRAINING', 3);
    expect(delay(training, get)).toBeUndefined();
    expect(delay(training, { ...post, whileTraining: 'wait', failures: 99 })).toBe(3000);
  });
});
