import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@facehash/contracts';
import type { ObjectStorage } from '../object-storage.js';
import { keysOf, temporaryStorage } from '../testing/temporary-storage.js';
import { apiKeys } from './api-keys.js';
import { keyErasures } from './key-erasures.js';

const noon = new Date('2026-01-01T12:00:00Z');
const later = (ms: number): Date => new Date(noon.getTime() + ms);
const NOTHING = {
  ...{ subjects: 0, photos: 0, feature_tables: 0, model_versions: 0 },
  ...{ other_objects: 0, uploads: 0, job_records: 0 },
};

describe('the erasure of a key', () => {
  let storage: ObjectStorage;
  let keyId: string;
  temporaryStorage((opened) => void (storage = opened));
  beforeEach(() => void (keyId = newId('key')));

  it('is requested once, counted, completed once, and kept', async () => {
    const erasures = keyErasures(storage);
    const requested = await erasures.request(keyId, noon);
    expect(requested).toMatchObject({ key_id: keyId, status: 'pending', completed_at: null, erased: null });
    expect(await erasures.request(keyId, later(5))).toEqual(requested);
    await erasures.counted(keyId, { ...NOTHING, photos: 3 });
    const done = await erasures.completed(keyId, later(10));
    expect(done).toMatchObject({ status: 'done', completed_at: later(10).toISOString() });
    expect(done.erased?.photos).toBe(3);
    expect(await erasures.completed(keyId, later(20))).toEqual(done);
    expect(await erasures.request(keyId, later(30))).toEqual(done);
    expect(await erasures.get(keyId)).toEqual(done);
  });

  it('is recent while it is pending, however old, and for a time after its end', async () => {
    const erasures = keyErasures(storage);
    const pending = newId('key');
    await erasures.request(pending, later(-1e9));
    await erasures.request(keyId, noon);
    await erasures.completed(keyId, noon);
    const recent = async (since: Date) => (await erasures.recent(since)).map(({ key_id }) => key_id).sort();
    expect(await recent(later(-1))).toEqual([keyId, pending].sort());
    expect(await recent(noon)).toEqual([pending]);
  });

  it('deletes whatever lies below the key, and is no key itself', async () => {
    await storage.put(`tenants/${keyId}/webhooks/a.json`, Buffer.from('a'));
    await storage.put(`tenants/${keyId}/photos/sub/b.jpg`, Buffer.from('b'));
    await storage.put(`tenants/${newId('key')}/photos/sub/b.jpg`, Buffer.from('c'));
    await keyErasures(storage).request(keyId, noon);
    await keyErasures(storage).deleteData(keyId);
    expect(await keysOf(storage, `tenants/${keyId}/`)).toEqual([]);
    expect(await keysOf(storage, 'tenants/')).toHaveLength(1);
    expect(await Readable.from(apiKeys(storage).list()).toArray()).toEqual([]);
  });

  it('of what is no id of a key is unknown', async () => {
    expect(await keyErasures(storage).get('../keys')).toBeUndefined();
  });
});
