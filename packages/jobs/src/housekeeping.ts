import { isEnded } from '@facehash/contracts';
import { Queue } from 'bullmq';
import type { Redis } from './connection.js';
import { JOB_NAMES } from './catalogue.js';
import { findKeyTraces } from './key-traces.js';
import { createJobRecords, RECORD_TTL_MS } from './records.js';
import { prefixOn, redisKeys } from './redis-keys.js';

/** What clearing up has to know of Redis, and to take away from it. Everything here may be done again after a crash. */
export interface Housekeeping {
  /** Whether a job is accepted and has not ended. */
  isRunning(jobId: string): Promise<boolean>;
  /** From here on the key gets no new job, for as long as one of its records lives; those that have not ended are cancelled. */
  closeKey(keyId: string): Promise<void>;
  /** Ids of a key's jobs that have a record or wait in a queue. */
  jobsOf(keyId: string): Promise<string[]>;
  /** Takes what a key has in any queue out of it. Returns how much workers still have in hand. */
  leaveQueues(keyId: string): Promise<number>;
  /** Deletes all a key has in Redis, and wakes who waits for its jobs; only the mark that it is closed stays, for a day. */
  forgetKey(keyId: string): Promise<void>;
  /** Every worker lets go of the key's models (`onModelsGone`). To be said once their objects are deleted. */
  tellModelsGone(keyId: string): Promise<void>;
}

export function createHousekeeping(o: { redis: Redis; prefix?: string }): Housekeeping {
  const { redis } = o;
  const prefix = prefixOn(redis, o.prefix);
  const keys = redisKeys(prefix);
  const records = createJobRecords(redis, prefix);

  /** Any queue, also of a kind this version does not know: it is named by what lies in it. */
  const take = async (queue: string, id: string): Promise<void> => {
    const opened = new Queue(queue, { connection: redis, prefix: keys.queues, skipVersionCheck: true });
    // Without a listener an outage would end the process; the call that met it tells of it.
    opened.on('error', () => undefined);
    try {
      // Fails while a worker has it, or one of its batches, in hand.
      await opened.remove(id, { removeChildren: true }).catch(() => undefined);
    } finally {
      await opened.close();
    }
  };

  return {
    async isRunning(jobId) {
      const record = await records.read(jobId);
      return record !== undefined && !isEnded(record.job.status);
    },

    async closeKey(keyId) {
      await redis.set(keys.closed(keyId), 1, 'PX', RECORD_TTL_MS);
      // After the mark: what is created before it is on the list.
      for (const jobId of await redis.zrange(keys.jobsOf(keyId), 0, '-1')) await records.cancel(jobId);
    },

    async jobsOf(keyId) {
      const { records: recorded, queued } = await findKeyTraces(redis, prefix, keyId);
      const inQueues = queued.flatMap(({ jobId }) => (jobId === undefined ? [] : [jobId]));
      return [...new Set([...recorded, ...inQueues])];
    },

    async leaveQueues(keyId) {
      const { queued } = await findKeyTraces(redis, prefix, keyId);
      for (const { queue, id } of queued) await take(queue, id);
      return queued.length === 0 ? 0 : (await findKeyTraces(redis, prefix, keyId)).queued.length;
    },

    async forgetKey(keyId) {
      const traces = await findKeyTraces(redis, prefix, keyId);
      for (const jobId of traces.records) await records.remove(jobId);
      const named = traces.named.filter((name) => name !== keys.closed(keyId));
      if (named.length > 0) await redis.unlink(...named);
      for (const queue of JOB_NAMES) await redis.zrem(keys.order(queue), keyId);
    },

    async tellModelsGone(keyId) {
      await redis.publish(keys.modelsGone, keyId);
    },
  };
}
