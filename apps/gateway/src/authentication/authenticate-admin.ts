import { AppError, isAppError, matchesHash } from '@facehash/contracts';
import type { Request } from 'express';
import { readBearer, type Authenticate } from './authenticate.js';
import { shortCache } from './short-cache.js';

/** Lets the holder of the admin token pass. @throws AppError UNAUTHORIZED, or FORBIDDEN to the holder of an API key */
export type AuthenticateAdmin = (req: Request) => Promise<void>;

/** Asked again, and not kept for good: several gateways share one token, and one of them has minted it. */
const CACHE_MS = 5000;

export function createAdminAuthenticator({
  findTokenHash,
  authenticate,
}: {
  readonly findTokenHash: () => Promise<string | undefined>;
  readonly authenticate: Authenticate;
}): AuthenticateAdmin {
  const find = shortCache(findTokenHash, { ttlMs: CACHE_MS, maxEntries: 1 });

  return async (req) => {
    const token = readBearer(req);
    const hash = token === undefined ? undefined : await find('admin');
    if (token !== undefined && hash !== undefined && matchesHash(token, hash)) return;
    if (await isApiKey(req, authenticate)) {
      throw new AppError(
        'FORBIDDEN',
        'Keys are managed with the admin token; the secret of an API key came.',
      );
    }
    throw new AppError(
      'UNAUTHORIZED',
      'Expected the admin token in "Authorization: Bearer ADMIN_TOKEN": the one the gateway printed at its first ' +
        'start, or its FACEHASH_ADMIN_TOKEN.',
    );
  };
}

async function isApiKey(req: Request, authenticate: Authenticate): Promise<boolean> {
  try {
    await authenticate(req);
    return true;
  } catch (error) {
    if (isAppError(error) && error.code === 'UNAUTHORIZED') return false;
    throw error;
  }
}
