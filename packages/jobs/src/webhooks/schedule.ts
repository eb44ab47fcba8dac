const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Standard Webhooks 1.0.0: ms before each attempt, 76 h in all. */
export const RETRY_SCHEDULE_MS: readonly number[] = [
  ...[0, 5 * SECOND, 5 * MINUTE, 30 * MINUTE],
  ...[2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
];

/** Longer than any receiver should ask for; a receiver must not make us keep a delivery for a year. */
const MAX_RETRY_AFTER_MS = 24 * HOUR;

/**
 * Ms until the attempt after `tries` others; undefined after the last one. Up to a fifth later than the schedule says,
 * by chance, so that what failed together is not tried together; and not before the receiver wants it.
 */
export function nextAttemptMs(
  schedule: readonly number[],
  tries: number,
  retryAfterMs = 0,
  random = Math.random,
): number | undefined {
  const delay = schedule[tries];
  if (delay === undefined) return undefined;
  return Math.round(Math.max(delay * (1 + 0.2 * random()), Math.min(retryAfterMs, MAX_RETRY_AFTER_MS)));
}
