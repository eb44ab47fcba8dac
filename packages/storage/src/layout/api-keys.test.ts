import { describe, expect, it } from '@jest/globals';
import type { ObjectStorage } from '../object-storage.js';
import { keysOf, temporaryStorage } from '../testing/temporary-storage.js';
import { apiKeys } from './api-keys.js';

const now = new Date('2026-11-24T10:00:00Z');

describe('apiKeys', () => {
  let storage: ObjectStorage;
  temporaryStorage((opened) => void (storage = opened));

  it('finds a key by its secret and by its id', async () => {
    const { key, secret } = await apiKeys(storage).create({ name: 'front door', now });
    expect(key).toMatchObject({ name: 'front door', createdAt: now.toISOString(), features: 'ratios' });
    expect(await apiKeys(storage).findBySecret(secret)).toEqual(key);
    expect(await apiKeys(storage).get(key.id)).toEqual(key);
  });

  it('knows neither another secret nor another id', async () => {
    const { key, secret } = await apiKeys(storage).create({ name: 'a', now });
    expect(await apiKeys(storage).findBySecret(`${secret}x`)).toBeUndefined();
    expect(
      await apiKeys(storage).get(key.id.replace(/.$/, (last) => (last === '0' ? '1' : '0'))),
    ).toBeUndefined();
  });

  it('stores no secret, neither in a document nor in a key', async () => {
    const { secret } = await apiKeys(storage).create({ name: 'a', now });
    const keys = await keysOf(storage);
    const documents = await Promise.all(keys.map((key) => storage.get(key)));
    expect(keys).toHaveLength(2);
    expect([...keys, ...documents.map(String)].join('\n')).not.toContain(secret);
  });

  it('refuses a secret whose key was removed', async () => {
    const { key, secret } = await apiKeys(storage).create({ name: 'a', now });
    await storage.delete(`keys/${key.id}.json`);
    expect(await apiKeys(storage).findBySecret(secret)).toBeUndefined();
  });

  it.each(['{', '{"id":"key_1"}'])('names the document that is damaged (%s)', async (content) => {
    const { key, secret } = await apiKeys(storage).create({ name: 'a', now });
    await storage.put(`keys/${key.id}.json`, Buffer.from(content));
    const refusal = { code: 'INTERNAL', message: expect.stringContaining(`keys/${key.id}.json" is damaged`) };
    await expect(apiKeys(storage).findBySecret(secret)).rejects.toMatchObject(refusal);
  });
});
