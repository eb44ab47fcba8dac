import { describe, expect, it } from '@jest/globals';
import { apiKeySchema, hashSecret, matchesHash, newAdminToken, newSecret, opens } from './api-key.js';
import { newId } from './ids.js';
import { AS_THE_INSTALLATION } from './retention.js';

const now = new Date('2026-11-24T10:00:00Z');
const later = new Date('2026-11-24T11:00:00Z');

const keyOf = (changes: object = {}) =>
  apiKeySchema.parse({
    id: newId('key'),
    name: 'front door',
    createdAt: now.toISOString(),
    features: 'ratios',
    secrets: [{ hash: hashSecret('s'), createdAt: now.toISOString(), expiresAt: null }],
    ...changes,
  });

describe('apiKeySchema', () => {
  it('reads a key of the first form as one that may do everything and never expires', () => {
    const { secrets, ...rest } = keyOf();
    const first = { id: rest.id, name: rest.name, createdAt: rest.createdAt, features: 'ratios' };
    expect(apiKeySchema.parse({ ...first, secretHash: secrets[0]!.hash })).toEqual({
      ...first,
      scopes: ['recognize', 'train', 'read', 'webhooks'],
      onTraining: 'reject',
      retention: AS_THE_INSTALLATION,
      requireConsent: false,
      audit: false,
      fit: 'closed_form',
      threshold: 'strict',
      limits: { requestsPerMinute: null, openJobs: null },
      expiresAt: null,
      revokedAt: null,
      secrets,
    });
  });

  it('refuses a scope nobody knows, and a third secret', () => {
    const [secret] = keyOf().secrets;
    expect(() => keyOf({ scopes: ['everything'] })).toThrow();
    expect(() => keyOf({ secrets: [secret, secret, secret] })).toThrow();
  });
});

describe('opens', () => {
  const hash = hashSecret('s');

  it('holds until the moment a key or its secret expires', () => {
    const expiring = { hash, createdAt: now.toISOString(), expiresAt: later.toISOString() };
    for (const key of [keyOf({ expiresAt: later.toISOString() }), keyOf({ secrets: [expiring] })]) {
      expect(opens(key, hash, new Date(later.getTime() - 1))).toBe(true);
      expect(opens(key, hash, later)).toBe(false);
    }
  });

  it('does not hold for another secret, nor for a revoked key', () => {
    expect(opens(keyOf(), hashSecret('t'), now)).toBe(false);
    expect(opens(keyOf({ revokedAt: now.toISOString() }), hash, now)).toBe(false);
  });
});

describe('a secret', () => {
  it('matches its own hash only', () => {
    const token = newAdminToken();
    expect(matchesHash(token, hashSecret(token))).toBe(true);
    expect(matchesHash(`${token}x`, hashSecret(token))).toBe(false);
  });

  it('is never an admin token', () => {
    expect(newSecret()).toMatch(/^fh_[\w-]{43}$/);
    expect(newAdminToken()).not.toMatch(/^fh_[\w-]{43}$/);
  });
});
