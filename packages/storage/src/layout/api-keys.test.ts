import { Readable } from 'node:stream';
import type { ApiKey } from '@facehash/contracts';
import { describe, expect, it } from '@jest/globals';
import type { ObjectStorage } from '../object-storage.js';
import { crashingAt, keysOf, temporaryStorage } from '../testing/temporary-storage.js';
import { retentionAgenda } from './retention-agenda.js';
import { apiKeys } from './api-keys.js';

const now = new Date('2026-11-24T10:00:00Z');
const seconds = (s: number) => new Date(now.getTime() + s * 1000);

describe('apiKeys', () => {
  let storage: ObjectStorage;
  temporaryStorage((opened) => void (storage = opened));

  /** By id. */
  const threeKeys = async (): Promise<ApiKey[]> => {
    const made = [1, 2, 3].map((n) => apiKeys(storage).create({ name: `key ${n}`, now }));
    return (await Promise.all(made)).map(({ key }) => key).sort((a, b) => (a.id < b.id ? -1 : 1));
  };

  it('finds a key by its secret and by its id', async () => {
    const { key, secret } = await apiKeys(storage).create({ name: 'front door', now });
    expect(key).toMatchObject({ name: 'front door', createdAt: now.toISOString(), features: 'auto' });
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
    expect(keys).toHaveLength(3);
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

  it('accepts a key until it expires', async () => {
    const { secret } = await apiKeys(storage).create({ name: 'a', now, expiresAt: seconds(60) });
    expect(await apiKeys(storage).findBySecret(secret, seconds(59))).toBeDefined();
    expect(await apiKeys(storage).findBySecret(secret, seconds(60))).toBeUndefined();
  });

  it('still accepts a key written before keys had scopes', async () => {
    const { key, secret } = await apiKeys(storage).create({ name: 'a', now });
    const { id, name, createdAt, features, secrets } = key;
    const first = { id, name, createdAt, features, secretHash: secrets[0]!.hash };
    await storage.put(`keys/${id}.json`, Buffer.from(JSON.stringify(first)));
    expect(await apiKeys(storage).findBySecret(secret)).toEqual(key);
  });

  it('lists the keys by id, and nothing else that lies among them', async () => {
    const keys = await threeKeys();
    for (const name of ['admin', 'key_1', `erased/${keys[0]!.id}`]) {
      await storage.put(`keys/${name}.json`, Buffer.from('{}'));
    }
    expect(await Readable.from(apiKeys(storage).list()).toArray()).toEqual(keys);
  });

  it('gives a page of them without a look at the others, or at their secrets', async () => {
    const keys = await threeKeys();
    const read: string[] = [];
    const watched = apiKeys({
      ...storage,
      find: (path) => (read.push(path), storage.find(path)),
      async *list(prefix, options) {
        for await (const path of storage.list(prefix, options)) yield (read.push(path), path);
      },
    });
    const page = await watched.page({ after: keys[0]!.id, limit: 1 });
    expect(page).toEqual({ items: [keys[1]], next: keys[1]!.id });
    const [, second, third] = keys.map(({ id }) => `keys/${id}.json`);
    expect(read).toEqual([second, third, second]);
    expect(await watched.page({ after: page.next, limit: 1 })).toEqual({ items: [keys[2]], next: undefined });
  });

  it('looks for no key under what is no id', async () => {
    await storage.put('keys/admin.json', Buffer.from('{}'));
    expect(await apiKeys(storage).get('admin')).toBeUndefined();
  });
});

describe('rotate', () => {
  let storage: ObjectStorage;
  temporaryStorage((opened) => void (storage = opened));

  const opensAt = async (secret: string, at: Date) =>
    (await apiKeys(storage).findBySecret(secret, at)) !== undefined;

  it('gives a new secret and lets the old one live for the grace time', async () => {
    const { key, secret: old } = await apiKeys(storage).create({ name: 'a', now });
    const rotated = await apiKeys(storage).rotate(key.id, { now: seconds(10), graceSeconds: 60 });
    expect(rotated.key).toMatchObject({ id: key.id, name: 'a', createdAt: key.createdAt });
    expect(await opensAt(rotated.secret, seconds(10))).toBe(true);
    expect(await opensAt(old, seconds(69))).toBe(true);
    expect(await opensAt(old, seconds(70))).toBe(false);
    expect(await opensAt(rotated.secret, seconds(70))).toBe(true);
  });

  it('leaves one secret alive without a grace time, and nothing of the other', async () => {
    const { key, secret: old } = await apiKeys(storage).create({ name: 'a', now });
    const { secret } = await apiKeys(storage).rotate(key.id, { now, graceSeconds: 0 });
    expect([await opensAt(old, now), await opensAt(secret, now)]).toEqual([false, true]);
    expect(await keysOf(storage, 'keys/by-secret/')).toHaveLength(1);
  });

  it('ends the oldest of three secrets at once', async () => {
    const { key, secret: first } = await apiKeys(storage).create({ name: 'a', now });
    const second = await apiKeys(storage).rotate(key.id, { now, graceSeconds: 600 });
    const third = await apiKeys(storage).rotate(key.id, { now, graceSeconds: 600 });
    const live = await Promise.all([first, second.secret, third.secret].map((s) => opensAt(s, now)));
    expect(live).toEqual([false, true, true]);
    expect(await keysOf(storage, 'keys/by-secret/')).toHaveLength(2);
  });

  it('leaves the old secret as it was when it breaks off', async () => {
    const { key, secret } = await apiKeys(storage).create({ name: 'a', now });
    for (const nth of [1, 2]) {
      const crashing = apiKeys(crashingAt(storage, 'put', nth));
      await expect(crashing.rotate(key.id, { now, graceSeconds: 0 })).rejects.toThrow('crashed');
    }
    expect(await opensAt(secret, seconds(3600))).toBe(true);
  });

  it('refuses a key that is unknown, expired or revoked', async () => {
    const expired = await apiKeys(storage).create({ name: 'a', now, expiresAt: now });
    const revoked = await apiKeys(storage).create({ name: 'b', now });
    await apiKeys(storage).revoke(revoked.key.id, now);
    for (const id of [expired.key.id, revoked.key.id, `key_${'0'.repeat(32)}`, '../subjects']) {
      await expect(apiKeys(storage).rotate(id, { now, graceSeconds: 0 })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    }
  });
});

describe('revoke', () => {
  let storage: ObjectStorage;
  temporaryStorage((opened) => void (storage = opened));

  it('ends every secret, keeps the id, and says the same when asked again', async () => {
    const { key, secret: old } = await apiKeys(storage).create({ name: 'a', now });
    const { secret } = await apiKeys(storage).rotate(key.id, { now, graceSeconds: 600 });
    const revoked = await apiKeys(storage).revoke(key.id, now);
    expect(revoked).toEqual({ ...key, revokedAt: now.toISOString(), secrets: [] });
    expect(await apiKeys(storage).get(key.id)).toEqual(revoked);
    expect(await apiKeys(storage).revoke(key.id, seconds(9))).toEqual(revoked);
    for (const each of [old, secret]) expect(await apiKeys(storage).findBySecret(each, now)).toBeUndefined();
    expect(await keysOf(storage, 'keys/')).toEqual([`keys/${key.id}.json`]);
  });

  it('has ended the key even when it breaks off before the secrets are gone', async () => {
    const { key, secret } = await apiKeys(storage).create({ name: 'a', now });
    await expect(apiKeys(crashingAt(storage, 'delete', 1)).revoke(key.id, now)).rejects.toThrow('crashed');
    expect(await apiKeys(storage).findBySecret(secret, now)).toBeUndefined();
  });

  it('does not know another id', async () => {
    const unknown = apiKeys(storage).revoke(`key_${'0'.repeat(32)}`, now);
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('forget', () => {
  let storage: ObjectStorage;
  temporaryStorage((opened) => void (storage = opened));

  it('leaves nothing of a key, not even a pointer that a crash has left, and all of the others', async () => {
    const { key } = await apiKeys(storage).create({ name: 'a', now });
    const other = await apiKeys(storage).create({ name: 'b', now });
    await expect(apiKeys(crashingAt(storage, 'delete', 1)).revoke(key.id, now)).rejects.toThrow('crashed');
    await apiKeys(storage).forget(key.id);
    await apiKeys(storage).forget(key.id);
    expect(await apiKeys(storage).get(key.id)).toBeUndefined();
    expect((await apiKeys(storage).findBySecret(other.secret, now))?.id).toBe(other.key.id);
    expect(await keysOf(storage, 'keys/by-secret/')).toHaveLength(1);
  });
});

describe('lifetimes of a key', () => {
  let storage: ObjectStorage;
  temporaryStorage((opened) => void (storage = opened));
  const enlisted = () => keysOf(storage, 'retention/');

  it('are changed one by one, and a sweep is told', async () => {
    const { key } = await apiKeys(storage).create({ name: 'a', now });
    expect(Object.values(key.retention)).toEqual(Object.values(key.retention).map(() => null));
    const agenda = retentionAgenda(storage);
    await agenda.unlist(key.id);
    await apiKeys(storage).change(key.id, { retention: { photos_days: 0, results_hours: 2 } });
    expect(await enlisted()).toEqual([`retention/due/at-once/${key.id}`]);
    const change = { photos_days: undefined, results_hours: null };
    const changed = await apiKeys(storage).change(key.id, { retention: change });
    expect(changed.retention).toEqual({ ...key.retention, photos_days: 0 });
    expect(await apiKeys(storage).get(key.id)).toEqual(changed);
  });

  it('of a key that was erased concern no sweep', async () => {
    const { key } = await apiKeys(storage).create({ name: 'a', now });
    await apiKeys(storage).forget(key.id);
    expect(await enlisted()).toEqual([]);
  });
});
