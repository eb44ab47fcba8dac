import { describe, expect, it } from '@jest/globals';
import { nextAttemptMs, RETRY_SCHEDULE_MS } from './schedule.js';

const at = (tries: number, random: number, retryAfterMs?: number) =>
  nextAttemptMs(RETRY_SCHEDULE_MS, tries, retryAfterMs, () => random);

describe('The schedule of attempts', () => {
  it("is the standard's, ten attempts over three days", () => {
    const seconds = Array.from({ length: 11 }, (_, tries) => at(tries, 0)).map((ms) => ms && ms / 1000);
    expect(seconds).toEqual([0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400, undefined]);
  });

  it('is stretched by chance, never shortened', () => {
    expect(at(1, 1)).toBe(6_000);
  });

  it('waits as long as the receiver says, for a day at most', () => {
    expect(at(1, 0, 60_000)).toBe(60_000);
    expect(at(2, 0, 1_000)).toBe(300_000);
    expect(at(1, 0, 1e12)).toBe(24 * 3600 * 1000);
  });
});
