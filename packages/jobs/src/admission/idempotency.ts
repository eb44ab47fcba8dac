import { createHash } from 'node:crypto';
import type { Redis } from '../connection.js';
import { RECORD_TTL_MS } from '../records.js';
import { redisKeys } from '../redis-keys.js';

/** What an `Idempotency-Key` stands for when a request brings it. */
type IdempotencyFound =
  /** It was free and is this request's now, or still is. */
  | { readonly state: 'mine' }
  /** Another request with it has not got as far as a job. */
  | { readonly state: 'under-way' }
  /** A request with it, of this fingerprint, was accepted as this job. */
  | { readonly state: 'known'; readonly jobId: string; readonly fingerprint: string };

/**
 * Remembers for 24 hours which job a key's request with an `Idempotency-Key` became. While the request is read, the entry
 * lives by a lease; the job's id stands in it before the job is submitted, and a job that never came to be frees it. So
 * whenever a gateway dies, the same request finds its job, or a free entry 30 s later at most.
 */
export interface Idempotency {
  begin(keyId: string, idempotencyKey: string, jobId: string): Promise<IdempotencyFound>;
  /** While the request is read. */
  renew(keyId: string, idempotencyKey: string, jobId: string): Promise<void>;
  /** Right before the job is submitted. → false: the lease was lost, and the entry may be another request's */
  commit(keyId: string, idempotencyKey: string, jobId: string, fingerprint: string): Promise<boolean>;
  /** The request failed: the entry is free. */
  release(keyId: string, idempotencyKey: string, jobId: string): Promise<void>;
}

/** How long a request may be silent. Also from the entry's last word to the job's record: submitting takes milliseconds. */
export const LEASE_MS = 30_000;

const NOW = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
`;

/** KEYS: entry, start of all records' keys. ARGV: job id, lease ms → job id, fingerprint, whether the job has a record */
const BEGIN = `${NOW}
local job, fingerprint, at = unpack(redis.call('HMGET', KEYS[1], 'job', 'fingerprint', 'at'))
local exists = job and redis.call('EXISTS', KEYS[2] .. job) or 0
if not job or (fingerprint and exists == 0 and now - at > tonumber(ARGV[2])) then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'job', ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return { ARGV[1], '', 0 }
end
return { job, fingerprint or '', exists }`;

/** KEYS: entry. ARGV: job id, lease ms */
const RENEW = `
if redis.call('HGET', KEYS[1], 'job') == ARGV[1] and redis.call('HEXISTS', KEYS[1], 'fingerprint') == 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0`;

/** KEYS: entry. ARGV: job id, fingerprint, ttl ms → 1 when it is this job's */
const COMMIT = `${NOW}
if redis.call('HGET', KEYS[1], 'job') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[2], 'at', now)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

/** KEYS: entry. ARGV: job id */
const RELEASE = `
if redis.call('HGET', KEYS[1], 'job') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0`;

export function createIdempotency({ redis, prefix }: { redis: Redis; prefix: string }): Idempotency {
  const keys = redisKeys(prefix);
  // The header may hold anything, also a person's name.
  const entry = (keyId: string, idempotencyKey: string): string =>
    keys.idempotency(keyId, createHash('sha256').update(idempotencyKey).digest('hex'));

  return {
    async begin(keyId, idempotencyKey, jobId) {
      const names = [entry(keyId, idempotencyKey), keys.record('')] as const;
      const reply = await redis.eval(BEGIN, 2, ...names, jobId, LEASE_MS);
      const [holder, fingerprint, exists] = reply as [string, string, number];
      if (holder === jobId) return { state: 'mine' };
      if (fingerprint === '' || exists === 0) return { state: 'under-way' };
      return { state: 'known', jobId: holder, fingerprint };
    },
    async renew(keyId, idempotencyKey, jobId) {
      await redis.eval(RENEW, 1, entry(keyId, idempotencyKey), jobId, LEASE_MS);
    },
    async commit(keyId, idempotencyKey, jobId, fingerprint) {
      const name = entry(keyId, idempotencyKey);
      return (await redis.eval(COMMIT, 1, name, jobId, fingerprint, RECORD_TTL_MS)) === 1;
    },
    async release(keyId, idempotencyKey, jobId) {
      await redis.eval(RELEASE, 1, entry(keyId, idempotencyKey), jobId);
    },
  };
}
