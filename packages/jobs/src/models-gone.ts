import type { Redis } from './connection.js';
import { prefixOn, redisKeys } from './redis-keys.js';
import { subscribe } from './subscribe.js';

/** Calls `forget` with a key whose models were deleted, and `forgetAll` where that may have been missed. */
export function onModelsGone(o: {
  redis: Redis;
  prefix?: string;
  forget: (keyId: string) => void;
  forgetAll: () => void;
}): { close(): void } {
  const channel = redisKeys(prefixOn(o.redis, o.prefix)).modelsGone;
  return subscribe(o.redis, [channel], {
    heard: (_channel, keyId) => {
      o.forget(keyId);
    },
    mayHaveMissed: o.forgetAll,
  });
}
