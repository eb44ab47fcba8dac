import type { Worker } from 'bullmq';
import type { Redis } from './connection.js';
import { whileConnected } from './while-connected.js';

/**
 * Waits for what they have in work. Without Redis they are ended at once: no end could be written down, other workers take
 * such a job up, and asked to close in good order they would wait for ever, even when Redis is back.
 */
export async function closeWorkers(redis: Redis, workers: readonly Worker[]): Promise<void> {
  if (redis.status === 'ready') await whileConnected(redis, () => Promise.all(workers.map(closeInOrder)));
  else await Promise.all(workers.map((worker) => worker.close(true)));
}

/** The connection a worker waits for jobs on comes back by itself, perhaps later than ours, and closing it before never ends. */
async function closeInOrder(worker: Worker): Promise<void> {
  await worker.backend.reconnectBlocking();
  await worker.close();
}
