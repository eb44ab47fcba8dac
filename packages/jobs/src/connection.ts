import { AppError } from '@facehash/contracts';
import { Redis, type RedisOptions } from 'ioredis';
import type { JobLogger } from './logger.js';

/**
 * The two ways to meet an outage. Both reconnect for ever, so neither process has to be restarted.
 * - gateway: somebody waits for an HTTP answer, so a command fails at once and becomes a 503.
 * - worker: nobody waits, so a command waits for Redis; BullMQ demands `null` here.
 * ioredis' `keyPrefix` is never set: BullMQ refuses it, our keys carry a prefix of their own.
 */
const BY_ROLE = {
  // commandTimeout: a peer that swallows packets would otherwise hold requests until TCP gives up, 15 minutes.
  gateway: { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 5_000 },
  worker: { enableOfflineQueue: true, maxRetriesPerRequest: null },
} as const satisfies Record<string, RedisOptions>;

/** Opens the connection in the background; `requireRedis` waits for it. The caller closes it by `quit()`. */
export function connectRedis(url: string, role: keyof typeof BY_ROLE, logger?: JobLogger): Redis {
  const redis = new Redis(url, {
    ...BY_ROLE[role],
    connectTimeout: 5_000,
    // At most a second between tries: an outage should end for us when it ends.
    retryStrategy: (times) => Math.min(100 * times, 1_000),
  });
  let state: 'starting' | 'there' | 'away' = 'starting';
  // Without a listener ioredis prints every failed reconnection; one line per outage is enough, and `requireRedis` has the first.
  redis.on('error', (error: Error) => {
    if (state !== 'there') return;
    logger?.warn({ err: error }, 'Redis is not reachable; reconnecting');
    state = 'away';
  });
  redis.on('ready', () => {
    if (state === 'away') logger?.info({}, 'Redis is reachable again');
    state = 'there';
  });
  return redis;
}

/**
 * For start-up: resolves once Redis answers, and warns when it may throw jobs away.
 * @throws AppError UNAVAILABLE, one line that says where Redis was expected and what to do
 */
export async function requireRedis(redis: Redis, logger: JobLogger, timeoutMs = 5_000): Promise<void> {
  await untilReady(redis, timeoutMs);
  const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
  if (policy !== undefined && policy !== 'noeviction') {
    logger.warn(
      { policy },
      `Redis may evict jobs when its memory is full: set maxmemory-policy noeviction (it is ${policy})`,
    );
  }
}

async function untilReady(redis: Redis, timeoutMs: number): Promise<void> {
  if (redis.status === 'ready') return;
  let last = 'no answer';
  const remember = (error: Error & { code?: string }): void => {
    last = error.code ?? error.message;
  };
  redis.on('error', remember);
  const ready = await new Promise<boolean>((resolve) => {
    const onReady = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    const timer = setTimeout(() => {
      redis.off('ready', onReady);
      resolve(false);
    }, timeoutMs);
    redis.once('ready', onReady);
  });
  redis.off('error', remember);
  if (ready) return;
  const { host, port } = redis.options;
  throw new AppError(
    'UNAVAILABLE',
    `Redis was expected at ${host ?? 'localhost'}:${port ?? 6379} but did not answer within ` +
      `${timeoutMs / 1000} s (${last}): start redis-server there, or correct FACEHASH_REDIS_URL.`,
  );
}
