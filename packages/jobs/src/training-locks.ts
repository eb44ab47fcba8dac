import { AppError, isEnded } from '@facehash/contracts';
import type { Redis } from './connection.js';
import type { JobRecord } from './record-fields.js';
import { RECORD_TTL_MS } from './records.js';
import { redisKeys } from './redis-keys.js';

/**
 * One job per API key that changes who is enrolled or what the model knows. Where a second training is refused, the first
 * holds the lock from its upload on; else each job takes it for its last step. During an upload it lives by its expiry,
 * then by its job's record: a lock whose job has ended or vanished is free, so no crash can keep a key locked.
 */
export interface TrainingLocks {
  /** Again by the same job: acquired. */
  acquire(keyId: string, jobId: string): Promise<{ acquired: true } | { acquired: false; jobId: string }>;
  /** While uploading. @throws AppError TRAINING_IN_PROGRESS when the lock has gone to another training */
  renew(keyId: string, jobId: string): Promise<void>;
  /** The job has a record now and holds the lock to its end. @throws as `renew` */
  accept(keyId: string, jobId: string): Promise<void>;
  /** Also by the worker that has cleared up after a cancelled training, whose lock nobody could take until then. */
  release(keyId: string, jobId: string): Promise<void>;
  /** For a worker: takes the lock for a job that has a record, or has it already; false while another job holds it. */
  takeTurn(keyId: string, jobId: string): Promise<boolean>;
  /** For a worker, before it moves `current`: this training is still the key's, and has not ended. */
  holds(keyId: string, jobId: string): Promise<boolean>;
}

/** How long an upload may be silent; the gateway renews while bytes arrive. */
const UPLOAD_TTL_MS = 30_000;

/** KEYS: lock. ARGV: job id, job whose lock is void, ttl → the job that holds the lock now, its phase */
const ACQUIRE = `
local holder = redis.call('HGET', KEYS[1], 'job')
if not holder or holder == ARGV[2] then
  redis.call('HSET', KEYS[1], 'job', ARGV[1], 'phase', 'uploading')
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  holder = ARGV[1]
end
return { holder, redis.call('HGET', KEYS[1], 'phase') }`;

/** KEYS: lock. ARGV: job id, phase, ttl → 1 when the job holds it */
const KEEP = `
if redis.call('HGET', KEYS[1], 'job') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'phase', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

/** KEYS: lock. ARGV: job id. Deletes only its own lock. */
const RELEASE = `
if redis.call('HGET', KEYS[1], 'job') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0`;

export function createTrainingLocks(o: {
  redis: Redis;
  prefix: string;
  read: (jobId: string) => Promise<JobRecord | undefined>;
}): TrainingLocks {
  const { redis, read } = o;
  const lockKey = redisKeys(o.prefix).trainingLock;

  const lives = async (jobId: string): Promise<boolean> => {
    const record = await read(jobId);
    return record !== undefined && !isEnded(record.job.status);
  };
  const tryAcquire = (keyId: string, jobId: string, voidJob: string): Promise<[string, string]> =>
    redis.eval(ACQUIRE, 1, lockKey(keyId), jobId, voidJob, UPLOAD_TTL_MS) as Promise<[string, string]>;
  const keep = async (keyId: string, jobId: string, phase: string, ttlMs: number): Promise<void> => {
    if ((await redis.eval(KEEP, 1, lockKey(keyId), jobId, phase, ttlMs)) === 1) return;
    throw new AppError(
      'TRAINING_IN_PROGRESS',
      'The upload was silent for over 30 s and lost its turn; send the training again.',
    );
  };
  const release = async (keyId: string, jobId: string): Promise<void> => {
    await redis.eval(RELEASE, 1, lockKey(keyId), jobId);
  };

  const acquire: TrainingLocks['acquire'] = async (keyId, jobId) => {
    let [holder, phase] = await tryAcquire(keyId, jobId, '');
    if (holder !== jobId && phase === 'accepted' && !(await lives(holder))) {
      [holder, phase] = await tryAcquire(keyId, jobId, holder);
    }
    return holder === jobId ? { acquired: true } : { acquired: false, jobId: holder };
  };
  const accept: TrainingLocks['accept'] = (keyId, jobId) => keep(keyId, jobId, 'accepted', RECORD_TTL_MS);

  return {
    acquire,
    renew: (keyId, jobId) => keep(keyId, jobId, 'uploading', UPLOAD_TTL_MS),
    accept,
    release,
    async takeTurn(keyId, jobId) {
      const { acquired } = await acquire(keyId, jobId);
      if (acquired) await accept(keyId, jobId);
      return acquired;
    },
    async holds(keyId, jobId) {
      return (await redis.hget(lockKey(keyId), 'job')) === jobId && (await lives(jobId));
    },
  };
}
