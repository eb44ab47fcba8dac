import { AppError, type ApiKey } from '@facehash/contracts';
import { prefixOn, type Redis } from '@facehash/jobs';
import type { Request } from 'express';
import type { Logger } from 'pino';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { addressBlock } from './address-block.js';

export interface RateLimits {
  /** Counts a request of a key and tells it in the answer's headers. @throws AppError RATE_LIMITED */
  countRequest(req: Request, key: ApiKey): Promise<void>;
  /** Counts a request of an address (of IPv6: of its /64) that had no valid credentials. @throws AppError RATE_LIMITED */
  countFailure(req: Pick<Request, 'ip'>): Promise<void>;
}

const WINDOW_S = 60;

/** Keys have limits of their own, so the library counts and we compare. */
const COUNT_ONLY = Number.MAX_SAFE_INTEGER;

/**
 * Windows of a minute, counted in Redis for all gateways. While Redis is away nobody is refused: what needs Redis says so
 * itself, and the rest should work.
 * @param o.requestsPerMinute of one key that has no limit of its own; 0 = any number
 * @param o.failuresPerMinute of one address block; 0 = any number
 */
export function createRateLimits(o: {
  redis: Redis;
  prefix?: string;
  requestsPerMinute: number;
  failuresPerMinute: number;
  logger: Pick<Logger, 'warn'>;
}): RateLimits {
  const counterOf = (name: string) =>
    new RateLimiterRedis({
      storeClient: o.redis,
      keyPrefix: `${prefixOn(o.redis, o.prefix)}:rate:${name}`,
      points: COUNT_ONLY,
      duration: WINDOW_S,
      rejectIfRedisNotReady: true,
    });
  const requests = counterOf('key');
  const failures = counterOf('address');

  /** undefined: Redis is away. */
  const count = async (counter: RateLimiterRedis, who: string) => {
    try {
      const { consumedPoints, msBeforeNext } = await counter.consume(who);
      return { used: consumedPoints, resetS: Math.max(1, Math.ceil(msBeforeNext / 1000)) };
    } catch (error) {
      o.logger.warn({ err: error }, 'requests could not be counted, so nobody is refused');
      return undefined;
    }
  };
  const refuse = (limit: number, used: number, resetS: number, whose: string): void => {
    if (used <= limit) return;
    throw new AppError(
      'RATE_LIMITED',
      `Expected at most ${limit} ${whose} within ${WINDOW_S} s; wait ${resetS} s.`,
      { retryAfterS: resetS },
    );
  };

  return {
    async countRequest(req, { id, limits }) {
      const limit = limits.requestsPerMinute ?? o.requestsPerMinute;
      const counted = limit === 0 ? undefined : await count(requests, id);
      if (counted === undefined) return;
      const { used, resetS } = counted;
      // draft-ietf-httpapi-ratelimit-headers, since -08 in this form.
      req.res?.set('RateLimit-Policy', `"key";q=${limit};w=${WINDOW_S}`);
      req.res?.set('RateLimit', `"key";r=${Math.max(0, limit - used)};t=${resetS}`);
      refuse(limit, used, resetS, 'requests of this key');
    },
    async countFailure(req) {
      const limit = o.failuresPerMinute;
      const counted = limit === 0 ? undefined : await count(failures, addressBlock(req.ip ?? 'unknown'));
      if (counted === undefined) return;
      refuse(limit, counted.used, counted.resetS, 'requests without valid credentials from this address');
    },
  };
}
