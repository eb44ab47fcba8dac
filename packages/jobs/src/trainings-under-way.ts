import type { Redis } from './connection.js';
import { isEnded } from '@facehash/contracts';
import type { JobRecord } from './record-fields.js';
import { RECORD_TTL_MS } from './records.js';
import { redisKeys } from './redis-keys.js';

/**
 * The accepted jobs that will change a key's model, trainings and deletions, until they end. One that has ended or vanished
 * is under way no longer, whoever forgot to say so.
 */
export interface TrainingsUnderWay {
  /** For a job whose record stands, before it is queued. */
  announce(keyId: string, jobId: string): Promise<void>;
  /** In the order they were accepted. */
  underWay(keyId: string): Promise<string[]>;
  /** Which of these jobs have not ended. */
  stillRunning(jobIds: readonly string[]): Promise<string[]>;
}

export function createTrainingsUnderWay(o: {
  redis: Redis;
  prefix: string;
  read: (jobId: string) => Promise<JobRecord | undefined>;
}): TrainingsUnderWay {
  const { redis } = o;
  const listKey = redisKeys(o.prefix).trainingsOf;

  const stillRunning = async (jobIds: readonly string[]): Promise<string[]> => {
    const records = await Promise.all(jobIds.map(o.read));
    return jobIds.filter((_, at) => {
      const record = records[at];
      return record !== undefined && !isEnded(record.job.status);
    });
  };

  return {
    stillRunning,
    async announce(keyId, jobId) {
      const list = listKey(keyId);
      await redis.multi().rpush(list, jobId).pexpire(list, RECORD_TTL_MS).exec();
    },
    async underWay(keyId) {
      const announced = await redis.lrange(listKey(keyId), 0, -1);
      if (announced.length === 0) return [];
      const running = await stillRunning(announced);
      // So that the next one who asks reads only records that matter.
      const over = announced.filter((jobId) => !running.includes(jobId));
      await Promise.all(over.map((jobId) => redis.lrem(listKey(keyId), 0, jobId)));
      return running;
    },
  };
}
