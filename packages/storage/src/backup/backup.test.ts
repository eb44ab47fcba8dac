import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { newId, type ApiKey, type Subject } from '@facehash/contracts';
import { apiKeys, keyOfPath } from '../layout/api-keys.js';
import { adminTokens } from '../layout/admin-token.js';
import { featureTables } from '../layout/feature-tables.js';
import { keyErasures } from '../layout/key-erasures.js';
import { models } from '../layout/models.js';
import { photos } from '../layout/photos.js';
import { subjects } from '../layout/subjects.js';
import { webhooks } from '../layout/webhooks.js';
import type { KeptObject, ObjectStorage } from '../object-storage.js';
import { enrolledKey, type EnrolledKey } from '../testing/enrolled-key.js';
import { crashingAt, FAST_FOLDER, keysOf, temporaryStorage } from '../testing/temporary-storage.js';
import { lastingObjects } from './lasting-objects.js';
import type { LeftOut } from './left-out.js';
import { openRestoration } from './restoration.js';

const now = new Date('2026-11-24T10:00:00Z');

let storage: ObjectStorage;
let target: ObjectStorage;
let door: EnrolledKey;
temporaryStorage((opened) => void (storage = opened), FAST_FOLDER);
temporaryStorage((opened) => void (target = opened), FAST_FOLDER);
beforeEach(async () => void (door = await enrolledKey(storage)));

async function backup(
  from = storage,
  options: Parameters<typeof lastingObjects>[1] = {},
): Promise<KeptObject[]> {
  const objects: KeptObject[] = [];
  for await (const object of lastingObjects(from, options)) objects.push(object);
  return objects;
}

const keyIdsOf = (objects: readonly KeptObject[]): Set<string> =>
  new Set(objects.flatMap(({ key }) => keyOfPath(key) ?? []));

async function restore(
  objects: readonly KeptObject[],
  { to = target, beside = false } = {},
): Promise<readonly string[]> {
  const restoration = await openRestoration(to, { keyIds: keyIdsOf(objects), beside });
  await restoration.write(Readable.from(objects));
  return restoration.erased;
}

const keyIds = async (at: ObjectStorage) => (await Readable.from(apiKeys(at).ids()).toArray()) as string[];
const keyDocuments = async (at: ObjectStorage) =>
  (await Readable.from(apiKeys(at).list()).toArray()) as ApiKey[];

/** Who is enrolled, with the photos that are kept, and what would be wrong for the service. */
async function look({ keyId }: { keyId: string }, at = target) {
  const enrolled: Subject[] = [];
  for await (const person of subjects(at, keyId).list()) enrolled.push(person);
  const faults: string[] = [];
  const kept: Record<string, number> = {};
  for (const person of enrolled) {
    const found = await subjects(at, keyId).findByLabel(person.label);
    if (found?.id !== person.id) faults.push(`${person.label} is not found`);
    const tables = await featureTables(at, keyId).read(person.id);
    const rows = tables.flatMap(({ photoIds }) => photoIds);
    const files = await photos(at, keyId).list(person.id);
    for (const { id } of files) if (!rows.includes(id)) faults.push(`a photo of ${person.label} has no row`);
    kept[person.label] = files.length;
  }
  const ids = enrolled.map(({ id }) => id);
  for (const key of await keysOf(at, `tenants/${keyId}/`)) {
    const owner = /\/(?:photos|features)\/([^/]+)/.exec(key)?.[1];
    if (owner !== undefined && !ids.includes(owner)) faults.push(`${key} is nobody's`);
  }
  const version = await models(at, keyId).currentVersion();
  const known = version === undefined ? [] : (await models(at, keyId).read(version)).card.labels;
  for (const { subjectId, label } of known)
    if (!ids.includes(subjectId)) faults.push(`the model knows ${label}, whom nobody can delete`);
  return { kept, known: known.map(({ label }) => label).sort(), faults };
}

/**
 * The same storage, in which something happens right before the nth time that anything is asked of it. Lists begin with what
 * is of `first`, so that every time the same is asked as the nth.
 */
function interrupted(
  nth: number,
  happen: () => Promise<unknown>,
  first = '',
): ObjectStorage & { isPast: () => boolean } {
  let count = 0;
  const pause = async (): Promise<void> => {
    if (++count === nth) await happen();
  };
  const rank = (key: string): string => `${key.includes(first) ? 0 : 1}${key}`;
  return {
    ...storage,
    isPast: () => count < nth,
    find: (key) => pause().then(() => storage.find(key)),
    get: (key) => pause().then(() => storage.get(key)),
    async *list(prefix, { after = '' } = {}) {
      await pause();
      const found = (await keysOf(storage, prefix)).filter((key) => key > after);
      yield* found.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
    },
  };
}

describe('a backup that is restored', () => {
  it('has everything of every key, and their secrets open what they did', async () => {
    await door.train('Ada', 3);
    await door.train('Ben');
    await webhooks(storage, door.keyId).signingSecrets(now);
    const other = await enrolledKey(storage, 'back door');
    await other.train('Cleo');
    const token = await adminTokens(storage).mint(now);
    await restore(await backup());
    expect(await look(door)).toEqual({ kept: { Ada: 3, Ben: 2 }, known: ['Ada', 'Ben'], faults: [] });
    expect(await look(other)).toEqual({ kept: { Cleo: 2 }, known: ['Cleo'], faults: [] });
    expect((await apiKeys(target).findBySecret(door.secret))?.id).toBe(door.keyId);
    expect(await keyDocuments(target)).toEqual(await keyDocuments(storage));
    expect(await webhooks(target, door.keyId).signingSecrets(now)).toEqual(
      await webhooks(storage, door.keyId).signingSecrets(now),
    );
    expect(token).toBeDefined();
    expect(await adminTokens(target).findHash()).toBe(await adminTokens(storage).findHash());
  });

  it('has the bytes that were stored, and no more than lasts: neither uploads nor what a training goes on from', async () => {
    await door.train('Ada');
    await storage.put('uploads/job_1/photo', Buffer.from('on its way'));
    await restore(await backup());
    const version = (await models(storage, door.keyId).currentVersion())!;
    const lasts = (key: string) => !/^(uploads|retention)\/|\/statistics\//.test(key);
    const [before, after] = [(await keysOf(storage)).filter(lasts), (await keysOf(target)).filter(lasts)];
    expect(after).toEqual(before);
    for (const key of after) expect(await target.get(key)).toEqual(await storage.get(key));
    expect(await keysOf(target, 'uploads/')).toEqual([]);
    expect(await models(target, door.keyId).statistics(version, ['ratios'])).toBeUndefined();
    expect(await keysOf(target, 'retention/due/at-once/')).toEqual([`retention/due/at-once/${door.keyId}`]);
  });

  it('leaves out photos of a training that has not ended', async () => {
    const ada = await door.train('Ada');
    await door.beginTraining(ada.id);
    await door.beginTraining(newId('subject'));
    const leftOut: LeftOut[] = [];
    await restore(await backup(storage, { leftOut: (what) => leftOut.push(what) }));
    expect(await look(door)).toEqual({ kept: { Ada: 2 }, known: ['Ada'], faults: [] });
    // Those of nobody who is enrolled are not even looked for.
    expect(leftOut).toEqual(['unfinished', 'unfinished']);
  });

  it('keeps the note of a photo that is not kept', async () => {
    const ada = await door.train('Ada');
    const [first] = await photos(storage, door.keyId).list(ada.id);
    await photos(storage, door.keyId).letGo({ subjectId: ada.id, photoId: first!.id, type: 'jpeg' });
    await restore(await backup());
    expect(await photos(target, door.keyId).list(ada.id)).toEqual(
      await photos(storage, door.keyId).list(ada.id),
    );
  });

  it('can be of one key, without anything of the installation', async () => {
    await door.train('Ada');
    await (await enrolledKey(storage, 'back door')).train('Cleo');
    await adminTokens(storage).mint(now);
    await restore(await backup(storage, { keyId: door.keyId }));
    expect(await keyIds(target)).toEqual([door.keyId]);
    expect(await look(door)).toMatchObject({ known: ['Ada'], faults: [] });
    expect(await adminTokens(target).findHash()).toBeUndefined();
  });

  it('says that there is nothing to back up, rather than writing an empty backup', async () => {
    await expect(backup(target)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(backup(storage, { keyId: newId('key') })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('of something damaged is refused by its name', async () => {
    await door.train('Ada');
    const [table] = await keysOf(storage, `tenants/${door.keyId}/features/`);
    await storage.put(table!, Buffer.from('rotten'));
    await expect(backup()).rejects.toThrow(table!);
  });
});

describe('while the service goes on, a backup is whole', () => {
  const events: Record<string, (ada: Subject) => Promise<unknown>> = {
    'somebody new is trained': () => door.train('Cleo'),
    'somebody is trained with more photos': () => door.train('Ada'),
    'three trainings end, so that the first model is gone': async () => {
      for (const label of ['Cleo', 'Dan', 'Cleo']) await door.train(label);
    },
    'somebody is deleted': (ada) => door.erase(ada),
    'somebody is deleted and somebody else is trained': async (ada) => {
      await door.erase(ada);
      await door.train('Cleo');
    },
    'somebody is renamed': (ada) => door.rename(ada, 'Adele'),
    'a photo is let go': async (ada) => {
      for await (const photo of photos(storage, door.keyId).kept())
        if (photo.subjectId === ada.id) await photos(storage, door.keyId).letGo(photo);
    },
  };
  it.each(Object.keys(events))('whenever %s', async (name) => {
    for (let nth = 1; ; nth++) {
      for (const key of await keysOf(storage)) await storage.delete(key);
      door = await enrolledKey(storage);
      const ada = await door.train('Ada', 3);
      await door.train('Ben');
      const during = interrupted(nth, () => events[name]!(ada), ada.id);
      const objects = await backup(during);
      if (during.isPast()) {
        // More moments than there are photos, or too little was tried.
        expect(nth).toBeGreaterThan(15);
        return;
      }
      for (const key of await keysOf(target)) await target.delete(key);
      await restore(objects);
      const { kept, faults } = await look(door);
      expect([nth, faults]).toEqual([nth, []]);
      expect(kept.Ben).toBe(2);
      if (!name.includes('deleted')) expect(kept.Ada ?? kept.Adele).toBeGreaterThanOrEqual(3);
      expect(await models(target, door.keyId).currentVersion()).toBeDefined();
    }
  });

  it('and a secret that is replaced meanwhile opens nothing after the restore', async () => {
    await door.train('Ada');
    let secret = '';
    const during = interrupted(5, async () => {
      ({ secret } = await apiKeys(storage).rotate(door.keyId, { now, graceSeconds: 0 }));
    });
    await restore(await backup(during));
    expect(await apiKeys(target).findBySecret(door.secret)).toBeUndefined();
    expect(await apiKeys(target).findBySecret(secret)).toBeDefined();
  });

  it('and a key that is erased meanwhile does not come back', async () => {
    const other = await enrolledKey(storage, 'back door');
    await other.train('Cleo');
    await door.train('Ada');
    // What the worker does: request, data, the key itself.
    const objects: KeptObject[] = [];
    for await (const object of lastingObjects(storage, {})) {
      const isFirst = objects.push(object) === 1;
      if (!isFirst) continue;
      for (const { keyId } of [door, other].filter((one) => object.key.includes(one.keyId))) {
        await keyErasures(storage).request(keyId, now);
        await keyErasures(storage).deleteData(keyId);
        await apiKeys(storage).forget(keyId);
      }
    }
    await restore(objects);
    const left = await keyIds(target);
    expect(left).toHaveLength(1);
    const gone = [door, other].find(({ keyId }) => !left.includes(keyId))!;
    expect((await keysOf(target)).filter((key) => key.includes(gone.keyId))).toEqual([
      `keys/erased/${gone.keyId}.json`,
    ]);
  });
});

describe('a restore', () => {
  it('is refused where something is, and changes nothing', async () => {
    await door.train('Ada');
    const objects = await backup();
    const other = await enrolledKey(target, 'somebody else');
    const before = await keysOf(target);
    await expect(restore(objects)).rejects.toThrow('is not empty');
    await expect(restore(objects, { to: storage, beside: true })).rejects.toThrow(`${door.keyId} is in`);
    expect(await keysOf(target)).toEqual(before);
    await restore(objects, { beside: true });
    expect(await keyIds(target)).toEqual([door.keyId, other.keyId].sort());
  });

  it('goes where a service was only started, whose admin token stays', async () => {
    await adminTokens(storage).mint(now);
    await adminTokens(target).mint(now);
    const hash = await adminTokens(target).findHash();
    await restore(await backup());
    expect(await adminTokens(target).findHash()).toBe(hash);
  });

  it('brings back no key that was erased there since', async () => {
    const other = await enrolledKey(storage, 'back door');
    await other.train('Cleo');
    await door.train('Ada');
    const objects = await backup();
    await keyErasures(target).request(door.keyId, now);
    expect(await restore(objects)).toEqual([door.keyId]);
    expect(await keyIds(target)).toEqual([other.keyId]);
    expect(await keysOf(target, `tenants/${door.keyId}/`)).toEqual([]);
    expect(await keysOf(target, 'keys/by-secret/')).toHaveLength(1);
  });

  it('brings no receipt of another installation to the keys of this one', async () => {
    const moved = await enrolledKey(storage, 'moved away');
    await moved.train('Cleo');
    await restore(await backup(storage, { keyId: moved.keyId }));
    await keyErasures(storage).request(moved.keyId, now);
    await restore(await backup(), { beside: true });
    expect(await keyErasures(target).get(moved.keyId)).toBeUndefined();
    expect(await keysOf(target, 'keys/by-secret/')).toHaveLength(2);
  });

  it('that breaks off has let no key open anything before all of its data is there, and can be undone', async () => {
    await door.train('Ada');
    const objects = await backup();
    for (let nth = 1; nth <= objects.length; nth++) {
      const broken = await openRestoration(crashingAt(target, 'put', nth), {
        keyIds: keyIdsOf(objects),
        beside: false,
      });
      await expect(broken.write(Readable.from(objects))).rejects.toThrow('crashed');
      if ((await apiKeys(target).findBySecret(door.secret)) !== undefined)
        expect(await look(door)).toEqual({ kept: { Ada: 2 }, known: ['Ada'], faults: [] });
      await broken.undo();
      expect(await keysOf(target)).toEqual([]);
    }
  });

  it('says what a restore that was killed has left, and what to do', async () => {
    await door.train('Ada');
    const objects = await backup();
    await target.put(objects[0]!.key, objects[0]!.bytes);
    await expect(restore(objects)).rejects.toThrow('is not empty');
    await expect(restore(objects, { beside: true })).rejects.toThrow(
      `Delete everything below tenants/${door.keyId}/`,
    );
  });
});
