import { AS_THE_INSTALLATION, type KeyResource } from '@facehash/contracts';
import { describe, expect, it } from '@jest/globals';
import { keysTable } from './keys-table.js';

const now = new Date('2026-11-24T10:00:00Z');

const keyOf = (changes: Partial<KeyResource>): KeyResource => ({
  id: `key_${'0'.repeat(32)}`,
  object: 'key',
  name: 'front door',
  scopes: ['recognize', 'read'],
  features: 'ratios',
  fit: 'closed_form',
  on_training: 'reject',
  threshold: 'strict',
  limits: { requests_per_minute: null, open_jobs: null },
  retention: AS_THE_INSTALLATION,
  require_consent: false,
  audit: false,
  created_at: '2026-01-02T03:04:05.000Z',
  expires_at: null,
  revoked_at: null,
  secrets: [{ created_at: '2026-01-02T03:04:05.000Z', expires_at: null }],
  ...changes,
});

const stateOf = (changes: Partial<KeyResource>): string | undefined =>
  keysTable([keyOf(changes)], now)
    .split('\n')
    .find((line) => line.includes('front door'))
    ?.split('│')[5]
    ?.trim();

const secretUntil = (expires_at: string | null) => ({ created_at: '2026-01-02T03:04:05.000Z', expires_at });

describe('keysTable', () => {
  it.each<[string, Partial<KeyResource>]>([
    ['live', {}],
    ['live, until 2027-01-01', { expires_at: '2027-01-01T00:00:00.000Z' }],
    ['live, two secrets', { secrets: [secretUntil(null), secretUntil('2026-11-25T00:00:00.000Z')] }],
    ['live', { secrets: [secretUntil(null), secretUntil('2026-11-23T00:00:00.000Z')] }],
    ['expired 2026-11-23', { expires_at: '2026-11-23T00:00:00.000Z' }],
    ['revoked 2026-11-22', { revoked_at: '2026-11-22T00:00:00.000Z', secrets: [] }],
  ])('says %s', (state, changes) => {
    expect(stateOf(changes)).toBe(state);
  });

  it('shows what a key may do and what it is for', () => {
    expect(keysTable([keyOf({})], now)).toMatch(/key_0{32} │ front door │ recognize, read │ 2026-01-02 │/);
  });
});
