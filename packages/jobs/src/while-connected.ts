import type { Redis } from './connection.js';

/**
 * Waits for `work`, but no longer than the connection lasts. For the end of a process: without Redis a queue cannot be left in
 * good order, and need not be, as what was under way is found again by others.
 */
export async function whileConnected(redis: Redis, work: () => Promise<unknown>): Promise<void> {
  if (redis.status !== 'ready') return;
  let lost = (): void => undefined;
  const gone = new Promise<void>((resolve) => {
    lost = resolve;
  });
  redis.once('close', lost);
  try {
    await Promise.race([work(), gone]);
  } finally {
    redis.off('close', lost);
  }
}
