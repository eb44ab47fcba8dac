import { PRELUDE } from '../record-scripts.js';

/** Changes of a delivery's record, each one script as in `record-scripts.ts`. KEYS: the record, start of all lists' keys. */

/** KEYS: record, its owner's list. ARGV: ttl ms, delivery id, start of all deliveries' keys, then field, value, … Does nothing to one that is there. */
export const CREATE_DELIVERY = `${PRELUDE}
if status then return 0 end
redis.call('HSET', key, 'status', 'pending', 'created_at', now, 'next_attempt_at', now, 'expires_at', now + ARGV[1],
  'tries', 0, 'attempts', 0, unpack(ARGV, 4))
redis.call('PEXPIRE', key, ARGV[1])
enlist(KEYS[2], ARGV[3], ARGV[2], ARGV[1])
return 1`;

/** → all fields */
export const READ_DELIVERY = `return redis.call('HGETALL', KEYS[1])`;

/** ARGV: attempt as JSON or '', status after it, reason or '', ms until the next one or '', ttl ms */
export const NOTE_ATTEMPT = `${PRELUDE}
if status ~= 'pending' then return 0 end
if ARGV[1] ~= '' then
  redis.call('HSET', key, 'attempt:' .. redis.call('HINCRBY', key, 'attempts', 1), ARGV[1])
  redis.call('HINCRBY', key, 'tries', 1)
end
redis.call('HSET', key, 'status', ARGV[2], 'reason', ARGV[3], 'expires_at', now + ARGV[5])
if ARGV[4] == '' then
  redis.call('HDEL', key, 'next_attempt_at')
else
  redis.call('HSET', key, 'next_attempt_at', now + ARGV[4])
end
redis.call('PEXPIRE', key, ARGV[5])
if ARGV[2] == 'pending' then redis.call('PEXPIRE', KEYS[2] .. redis.call('HGET', key, 'key_id'), ARGV[5]) end
return 1`;

/** ARGV: ttl ms. The schedule begins anew; attempts that were made stay in the record. */
export const RESUME_DELIVERY = `${PRELUDE}
if not status then return 0 end
redis.call('HSET', key, 'status', 'pending', 'reason', '', 'tries', 0, 'next_attempt_at', now, 'expires_at', now + ARGV[1])
redis.call('PEXPIRE', key, ARGV[1])
return 1`;
