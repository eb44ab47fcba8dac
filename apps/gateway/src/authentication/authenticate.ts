import { AppError, type ApiKey } from '@facehash/contracts';
import type { Request } from 'express';
import { shortCache } from './short-cache.js';

/** The key a request acts for. @throws AppError UNAUTHORIZED */
export type Authenticate = (req: Request) => Promise<ApiKey>;

/** A revoked key works at most this much longer. */
const CACHE_MS = 5000;
const CACHED_SECRETS = 1000;

/** The form of every secret ever given out; anything else is refused without asking storage. */
const SECRET = /^fh_[\w-]{43}$/;

export function createAuthenticator(keys: {
  findBySecret(secret: string): Promise<ApiKey | undefined>;
}): Authenticate {
  const find = shortCache((secret) => keys.findBySecret(secret), {
    ttlMs: CACHE_MS,
    maxEntries: CACHED_SECRETS,
  });

  return async (req) => {
    const secret = readSecret(req);
    if (secret === undefined) {
      throw new AppError(
        'UNAUTHORIZED',
        'Expected an API key in "Authorization: Bearer KEY" or "X-Api-Key: KEY"; none came.',
      );
    }
    const key = SECRET.test(secret) ? await find(secret) : undefined;
    if (key === undefined) {
      throw new AppError(
        'UNAUTHORIZED',
        'This API key is not known here: it may be mistyped, revoked or of another installation.',
      );
    }
    return key;
  };
}

function readSecret(req: Request): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(req.get('authorization') ?? '')?.[1] ?? req.get('x-api-key');
}
