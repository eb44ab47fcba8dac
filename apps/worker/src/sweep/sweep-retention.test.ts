import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { AS_THE_INSTALLATION, newId, STANDARD_RETENTION, type KeyRetention } from '@facehash/contracts';
import { apiKeys, auditLog, photos, type ObjectStorage } from '@facehash/storage';
import { storedKeys } from '../testing/stored-keys.js';
import { useStorage } from '../testing/use-storage.js';
import { sweepRetention, type RetentionSweep } from './sweep-retention.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const start = new Date('2026-11-24T10:00:00Z');
const inDays = (days: number): Date => new Date(start.getTime() + days * DAY_MS);

const storage = useStorage();

const warnings: unknown[] = [];
const run = (now: Date, changes: Partial<RetentionSweep> = {}): Promise<void> =>
  sweepRetention({
    ...{ storage, now, installation: STANDARD_RETENTION, mayGoOn: () => true },
    logger: { info: () => undefined, warn: (about) => warnings.push(about) },
    ...changes,
  });

const newKey = async (retention: Partial<KeyRetention> = {}): Promise<string> => {
  const own = { ...AS_THE_INSTALLATION, ...retention };
  return (await apiKeys(storage).create({ name: 'a', now: start, retention: own })).key.id;
};

const subjectId = newId('subject');

async function enrol(keyId: string, at: Date): Promise<void> {
  const photoId = newId('photo');
  await photos(storage, keyId).put(subjectId, photoId, Buffer.from('pixels'), 'jpeg');
  await utimes(join(storage.folder, `tenants/${keyId}/photos/${subjectId}/${photoId}.jpg`), at, at);
}

/** Of each photo, in no order. */
async function kept(keyId: string): Promise<boolean[]> {
  const listed = await photos(storage, keyId).list(subjectId);
  return listed.map((photo) => photo.kept).sort();
}

async function agenda(): Promise<string[]> {
  const keys = await storedKeys(storage, 'retention/due/');
  return keys.map((key) => key.slice('retention/due/'.length));
}

/** The same storage, which says what it was asked to list or to read. */
function watched(asked: string[]): ObjectStorage {
  return {
    ...storage,
    list: (prefix, options) => (asked.push(prefix), storage.list(prefix, options)),
    listWithTimes: (prefix) => (asked.push(prefix), storage.listWithTimes(prefix)),
    find: (key) => (asked.push(key), storage.find(key)),
  };
}

describe('enrolment photos', () => {
  it('are let go when their days are over, and not before; those of other keys stay', async () => {
    const [short, forever] = [await newKey({ photos_days: 3 }), await newKey()];
    for (const keyId of [short, forever]) {
      await enrol(keyId, start);
      await enrol(keyId, inDays(1));
    }
    for (const [days, left] of [
      [0, [true, true]],
      [2.9, [true, true]],
      [4.0, [false, false]],
    ] as const) {
      await run(inDays(days));
      expect(await kept(short)).toEqual(left);
    }
    expect(await kept(forever)).toEqual([true, true]);
  });

  it('are let go within a day of their time, also where the sweep was out for a month', async () => {
    const keyId = await newKey({ photos_days: 3 });
    await enrol(keyId, start);
    await run(start);
    await run(inDays(33));
    expect(await kept(keyId)).toEqual([false]);
    await enrol(keyId, inDays(34));
    for (let day = 34; day <= 38; day++) await run(inDays(day));
    expect(await kept(keyId)).toEqual([false, false]);
  });

  it('of a job that may still be under way stay, though the key keeps none', async () => {
    const keyId = await newKey({ photos_days: 0 });
    await enrol(keyId, inDays(-0.9));
    await enrol(keyId, inDays(-1));
    await run(start);
    expect(await kept(keyId)).toEqual([false, true]);
  });

  it('go at the next sweep when the key is told to keep them for less', async () => {
    const keyId = await newKey();
    await enrol(keyId, inDays(-10));
    await run(start);
    expect(await kept(keyId)).toEqual([true]);
    await apiKeys(storage).change(keyId, { retention: { photos_days: 7 } });
    await run(start);
    expect(await kept(keyId)).toEqual([false]);
  });
});

describe('a sweep of lifetimes', () => {
  it('does not come back to a key whose photos stay for ever', async () => {
    await newKey();
    await run(start);
    expect(await agenda()).toEqual([]);
  });

  it('comes back when the oldest photo is due, and asks about no key before', async () => {
    const keyId = await newKey({ photos_days: 30 });
    await enrol(keyId, inDays(-20));
    await run(start);
    expect(await agenda()).toEqual([`2026-12-05/${keyId}`]);
    const asked: string[] = [];
    await run(inDays(5), { storage: watched(asked) });
    expect(asked.filter((what) => what.includes(keyId))).toEqual([]);
    // The days since it was last here, the keys to look at at once, and its own state: nothing that grows with the keys.
    expect(asked.length).toBeLessThan(12);
  });

  it('reaches keys that say nothing when the installation says something else, and goes on where it broke off', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => newKey()));
    for (const id of ids) await enrol(id, inDays(-10));
    await run(start);
    const installation = { ...STANDARD_RETENTION, photos_days: 7 };
    let steps = 0;
    await run(start, { installation, mayGoOn: () => ++steps <= 4 });
    const gone = async () => (await Promise.all(ids.map(kept))).filter(([is]) => is === false).length;
    expect(await gone()).toBeGreaterThan(0);
    expect(await gone()).toBeLessThan(5);
    await run(start, { installation });
    expect(await gone()).toBe(5);
  });

  it('does as much as there is time for, and the rest at the next run', async () => {
    const keyId = await newKey({ photos_days: 1 });
    for (let photo = 0; photo < 4; photo++) await enrol(keyId, inDays(-3));
    let steps = 0;
    await run(start, { mayGoOn: () => ++steps <= 3 });
    expect(await kept(keyId)).toEqual([false, false, true, true]);
    await run(start);
    expect(await kept(keyId)).toEqual([false, false, false, false]);
  });

  it('forgets a key that was erased, and leaves one that it cannot read for tomorrow', async () => {
    const [erased, damaged, good] = [await newKey(), await newKey(), await newKey({ photos_days: 1 })];
    await storage.delete(`keys/${erased}.json`);
    await storage.put(`keys/${damaged}.json`, Buffer.from('{'));
    await enrol(good, inDays(-3));
    await run(start);
    expect(warnings).toHaveLength(1);
    expect(await kept(good)).toEqual([false]);
    expect((await agenda()).filter((entry) => entry.includes(erased))).toEqual([]);
    expect(await agenda()).toContain(`2026-11-25/${damaged}`);
  });

  it('broken off at any write or deletion is made good by the next', async () => {
    for (let nth = 1; nth <= 8; nth++) {
      const keyId = await newKey({ photos_days: 1 });
      await enrol(keyId, inDays(-3));
      let count = 0;
      const orDie = <T>(work: () => Promise<T>): Promise<T> =>
        ++count >= nth ? Promise.reject(new Error('crashed')) : work();
      const dying = {
        ...storage,
        put: (...args: Parameters<ObjectStorage['put']>) => orDie(() => storage.put(...args)),
        delete: (key: string) => orDie(() => storage.delete(key)),
      };
      await run(start, { storage: dying }).catch(() => undefined);
      await run(inDays(1));
      expect([nth, await kept(keyId)]).toEqual([nth, [false]]);
    }
  });
});

describe('the audit log of a key', () => {
  const logged = async (keyId: string): Promise<string[]> => {
    const keys = await storedKeys(storage, `tenants/${keyId}/audit/`);
    return keys.map((key) => key.split('/')[3]!);
  };
  const log = (keyId: string, days: number): Promise<void> =>
    auditLog(storage, keyId).append({
      ...{ id: newId('job'), object: 'audit_entry', type: 'recognize', at: inDays(days).toISOString() },
      ...{ request_id: 'req_1', address: null, secret_created_at: null, model: 'mdl_1', answers: [] },
    });

  it('loses each day when its time is up, also after it is kept no more', async () => {
    const keyId = await newKey({ audit_days: 2 });
    await apiKeys(storage).change(keyId, { audit: true });
    for (const days of [0, 1, 2, 3]) {
      await log(keyId, days);
      await run(inDays(days));
    }
    expect(await logged(keyId)).toEqual(['2026-11-25', '2026-11-26', '2026-11-27']);
    await apiKeys(storage).change(keyId, { audit: false });
    for (const days of [4, 5, 9]) await run(inDays(days));
    expect(await logged(keyId)).toEqual([]);
    // One visit more finds nothing, and is the last.
    await run(inDays(10));
    expect(await agenda()).toEqual([]);
  });

  it('loses at once what the key is told to keep for less', async () => {
    const keyId = await newKey({ audit_days: 300 });
    await apiKeys(storage).change(keyId, { audit: true });
    for (const days of [0, 50, 99]) {
      await log(keyId, days);
      await run(inDays(days));
    }
    await apiKeys(storage).change(keyId, { retention: { audit_days: 10 } });
    await run(inDays(100));
    expect(await logged(keyId)).toEqual(['2027-03-03']);
  });

  it('costs a key without one nothing', async () => {
    await newKey({ audit_days: 1 });
    await run(start);
    expect(await agenda()).toEqual([]);
  });
});
