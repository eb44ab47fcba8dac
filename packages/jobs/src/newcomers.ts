import { newId } from '@facehash/contracts';
import type { Redis } from './connection.js';
import { createHash } from 'node:crypto';
import { RECORD_TTL_MS } from './records.js';
import { redisKeys } from './redis-keys.js';

/**
 * The ids of people who are not enrolled yet. Several jobs may be about to enrol somebody of the same new label; they agree
 * here on who that is, and so make one person.
 */
export interface Newcomers {
  /**
   * The same for everybody who asks, until they are enrolled. Whoever asks looks for the label among the enrolled
   * afterwards, once more: they may have been enrolled since the first look.
   */
  newcomerId(keyId: string, label: string): Promise<string>;
  /** They are enrolled by now, or deleted: nothing is left of them here. */
  forgetNewcomers(keyId: string, subjectIds: readonly string[]): Promise<void>;
}

/** KEYS: a key's newcomers. ARGV: subject ids */
const FORGET = `
local pairs = redis.call('HGETALL', KEYS[1])
for i = 1, #pairs, 2 do
  for _, id in ipairs(ARGV) do
    if pairs[i + 1] == id then redis.call('HDEL', KEYS[1], pairs[i]) end
  end
end
return 0`;

export function createNewcomers({ redis, prefix }: { redis: Redis; prefix: string }): Newcomers {
  const hashKey = redisKeys(prefix).newcomersOf;
  return {
    async newcomerId(keyId, label) {
      const hash = hashKey(keyId);
      // Hashed: the label of somebody who is refused in the end should not stay here for a day.
      const field = createHash('sha256').update(label).digest('hex');
      await redis.hsetnx(hash, field, newId('subject'));
      await redis.pexpire(hash, RECORD_TTL_MS);
      return (await redis.hget(hash, field)) ?? newId('subject');
    },
    async forgetNewcomers(keyId, subjectIds) {
      await redis.eval(FORGET, 1, hashKey(keyId), ...subjectIds);
    },
  };
}
