import {
  AppError,
  endOf,
  hashSecret,
  retentionOf,
  type ApiKey,
  type KeyScope,
  type Retention,
} from '@facehash/contracts';
import type { Request } from 'express';
import { shortCache } from './short-cache.js';

/** A key with the lifetimes that are in force for it, and with which of its secrets it was opened. */
export type CallerKey = Omit<ApiKey, 'retention'> & {
  readonly retention: Retention;
  /** Of the secret that was sent; by it the key's secrets are told apart. */
  readonly secretCreatedAt: string | null;
};

/**
 * The key a request acts for, which must have the scope where one is named.
 * @throws AppError UNAUTHORIZED, FORBIDDEN
 */
export type Authenticate = (req: Request, scope?: KeyScope) => Promise<CallerKey>;

/** A revoked key, or a secret that another has replaced, works at most this much longer. */
const CACHE_MS = 5000;
const CACHED_SECRETS = 1000;

/** The form of every secret ever given out; anything else is refused without asking storage. */
const SECRET = /^fh_[\w-]{43}$/;

/** @param installation in force for keys that say nothing else */
export function createAuthenticator(
  keys: { findBySecret(secret: string): Promise<ApiKey | undefined> },
  installation: Retention,
): Authenticate {
  const find = shortCache((secret) => keys.findBySecret(secret), {
    ttlMs: CACHE_MS,
    maxEntries: CACHED_SECRETS,
  });

  return async (req, scope) => {
    const secret = readBearer(req) ?? req.get('x-api-key');
    if (secret === undefined) {
      throw new AppError(
        'UNAUTHORIZED',
        'Expected an API key in "Authorization: Bearer KEY" or "X-Api-Key: KEY"; none came.',
      );
    }
    const key = SECRET.test(secret) ? await find(secret) : undefined;
    // The end is looked at here too: what is remembered may have come to it meanwhile.
    if (key === undefined || endOf(key, new Date()) !== undefined) {
      throw new AppError(
        'UNAUTHORIZED',
        'This API key opens nothing here: it may be mistyped, expired, revoked or of another installation.',
      );
    }
    if (scope !== undefined) requireScope(key, scope);
    const used = key.secrets.find(({ hash }) => hash === hashSecret(secret));
    return {
      ...key,
      retention: retentionOf(key.retention, installation),
      secretCreatedAt: used?.createdAt ?? null,
    };
  };
}

/** The token of `Authorization: Bearer TOKEN`. */
export function readBearer(req: Request): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(req.get('authorization') ?? '')?.[1];
}

/** For a scope that only what was asked for tells. @throws AppError FORBIDDEN */
export function requireScope({ scopes }: Pick<ApiKey, 'scopes'>, scope: KeyScope): void {
  if (scopes.includes(scope)) return;
  const message = `Expected a key with the scope "${scope}"; this one has ${scopes.join(', ')}.`;
  throw new AppError('FORBIDDEN', message, { details: { required_scope: scope } });
}
