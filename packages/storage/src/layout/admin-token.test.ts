import { describe, expect, it } from '@jest/globals';
import { hashSecret } from '@facehash/contracts';
import type { ObjectStorage } from '../object-storage.js';
import { temporaryStorage } from '../testing/temporary-storage.js';
import { adminTokens } from './admin-token.js';

const now = new Date('2026-11-24T10:00:00Z');

describe('adminTokens', () => {
  let storage: ObjectStorage;
  temporaryStorage((opened) => void (storage = opened));

  it('mints once and stores only the hash', async () => {
    expect(await adminTokens(storage).findHash()).toBeUndefined();
    const token = await adminTokens(storage).mint(now);
    expect(await adminTokens(storage).findHash()).toBe(hashSecret(token!));
    expect(String(await storage.get('keys/admin.json'))).not.toContain(token);
    expect(await adminTokens(storage).mint(now)).toBeUndefined();
    expect(await adminTokens(storage).findHash()).toBe(hashSecret(token!));
  });
});
