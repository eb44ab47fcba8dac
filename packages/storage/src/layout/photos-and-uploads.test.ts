import { describe, expect, it } from '@jest/globals';
import type { ObjectStorage } from '../object-storage.js';
import { crashingAt, keysOf, temporaryStorage } from '../testing/temporary-storage.js';
import { photos } from './photos.js';
import { uploads } from './uploads.js';

let storage: ObjectStorage;
temporaryStorage((opened) => void (storage = opened));

describe('photos', () => {
  it('lie under their subject with the extension of their type', async () => {
    const store = photos(storage, 'key_1');
    await store.put('sub_1', 'pho_1', Buffer.from('a'), 'jpeg');
    await store.put('sub_1', 'pho_2', Buffer.from('b'), 'webp');
    const folder = 'tenants/key_1/photos/sub_1/';
    expect(await keysOf(storage)).toEqual([`${folder}pho_1.jpg`, `${folder}pho_2.webp`]);
  });

  it('are deleted whatever their type, twice if need be', async () => {
    const store = photos(storage, 'key_1');
    await store.put('sub_1', 'pho_1', Buffer.from('a'), 'png');
    await store.delete('sub_1', 'pho_1');
    await store.delete('sub_1', 'pho_1');
    expect(await keysOf(storage)).toEqual([]);
  });

  it('of a subject are listed with their types, and deleted without anybody else’s', async () => {
    const store = photos(storage, 'key_1');
    await store.put('sub_1', 'pho_2', Buffer.from('a'), 'png');
    await store.put('sub_1', 'pho_1', Buffer.from('b'), 'jpeg');
    await store.put('sub_2', 'pho_3', Buffer.from('c'), 'webp');
    expect(await store.list('sub_1')).toEqual([
      { id: 'pho_1', type: 'jpeg', kept: true },
      { id: 'pho_2', type: 'png', kept: true },
    ]);
    await store.deleteAll('sub_1');
    expect(await store.list('sub_1')).toEqual([]);
    expect(await store.list('sub_2')).toHaveLength(1);
  });

  it('are counted by subject', async () => {
    const store = photos(storage, 'key_1');
    expect(await store.counts()).toEqual(new Map());
    await store.put('sub_1', 'pho_1', Buffer.from('a'), 'png');
    await store.put('sub_1', 'pho_2', Buffer.from('b'), 'jpeg');
    await store.put('sub_2', 'pho_3', Buffer.from('c'), 'webp');
    await photos(storage, 'key_2').put('sub_3', 'pho_4', Buffer.from('d'), 'jpeg');
    expect(await store.counts()).toEqual(new Map(Object.entries({ sub_1: 2, sub_2: 1 })));
  });
});

describe('photos that are let go', () => {
  const folder = 'tenants/key_1/photos/sub_1/';

  it('leave a note, by which they are still listed, counted and deleted', async () => {
    const store = photos(storage, 'key_1');
    await store.put('sub_1', 'pho_1', Buffer.from('a'), 'png');
    await store.put('sub_1', 'pho_2', Buffer.from('b'), 'jpeg');
    await store.note('sub_1', 'pho_3', 'webp');
    await store.letGo({ subjectId: 'sub_1', photoId: 'pho_1', type: 'png' });
    await store.letGo({ subjectId: 'sub_1', photoId: 'pho_1', type: 'png' });
    expect(await keysOf(storage)).toEqual([
      `${folder}pho_1.png.gone`,
      `${folder}pho_2.jpg`,
      `${folder}pho_3.webp.gone`,
    ]);
    expect(await store.list('sub_1')).toEqual([
      { id: 'pho_1', type: 'png', kept: false },
      { id: 'pho_2', type: 'jpeg', kept: true },
      { id: 'pho_3', type: 'webp', kept: false },
    ]);
    expect(await store.counts()).toEqual(new Map([['sub_1', 3]]));
    for (const id of ['pho_1', 'pho_2', 'pho_3']) await store.delete('sub_1', id);
    expect(await keysOf(storage)).toEqual([]);
  });

  it('are counted once, and still kept, where a crash came between note and deletion', async () => {
    const store = photos(storage, 'key_1');
    await store.put('sub_1', 'pho_1', Buffer.from('a'), 'png');
    const dying = photos(crashingAt(storage, 'delete', 1), 'key_1');
    await expect(dying.letGo({ subjectId: 'sub_1', photoId: 'pho_1', type: 'png' })).rejects.toThrow(
      'crashed',
    );
    expect(await store.list('sub_1')).toEqual([{ id: 'pho_1', type: 'png', kept: true }]);
    expect(await store.counts()).toEqual(new Map([['sub_1', 1]]));
  });
});

describe('uploads', () => {
  it('of a job are told apart by part and deleted one by one or all', async () => {
    const store = uploads(storage);
    const parts = [['job_1'], ['job_1', 'pho_1'], ['job_1', 'pho_2'], ['job_10']] as const;
    const keys = parts.map(([jobId, part]) => store.key(jobId, part));
    expect(new Set(keys).size).toBe(4);
    for (const upload of keys) await storage.put(upload, Buffer.from('a'));
    await store.delete(keys[1]!);
    expect(await store.deleteAll('job_1')).toBe(2);
    expect(await keysOf(storage)).toEqual([keys[3]]);
  });

  it('are listed by job, with the time of the latest', async () => {
    const store = uploads(storage);
    const before = Date.now() - 1000;
    for (const key of [store.key('job_1', 'pho_1'), store.key('job_1', 'pho_2'), store.key('job_2')]) {
      await storage.put(key, Buffer.from('a'));
    }
    const byJob = await store.byJob();
    expect([...byJob.keys()].sort()).toEqual(['job_1', 'job_2']);
    for (const latest of byJob.values()) expect(latest.getTime()).toBeGreaterThan(before);
  });

  it('refuse to delete what is no upload', async () => {
    await storage.put('tenants/key_1/models/current', Buffer.from('a'));
    const refusal = { code: 'INTERNAL' };
    await expect(uploads(storage).delete('tenants/key_1/models/current')).rejects.toMatchObject(refusal);
    await expect(uploads(storage).delete('uploads/../keys/a')).rejects.toMatchObject(refusal);
    expect(await keysOf(storage)).toEqual(['tenants/key_1/models/current']);
  });
});
