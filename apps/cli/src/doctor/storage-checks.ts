import { randomUUID } from 'node:crypto';
import { apiKeys, models, uploads, type ObjectStorage } from '@facehash/storage';
import { fail, ok, warn, type Check } from './check.js';

const PHOTO = /^tenants\/[^/]+\/photos\//;
const LOOK = 'Look at what lies between here and it.';
/** S3 tells times in whole seconds. */
const MOST_SKEW_MS = 3_000;
/** What a sweep takes after a day, and an hour for it to come by. */
const LEFT_AFTER_MS = 25 * 3_600_000;
/** Enough to see what they have in common. */
const MOST_NAMED = 10;
const SUBJECT = /^tenants\/[^/]+\/subjects\/[^/]+$/;

export const STORAGE_CHECKS: readonly Check<ObjectStorage>[] = [
  {
    name: 'Storage can be written',
    advice: 'Look whether the disk is full, and whether this user may write there.',
    async run(storage) {
      const key = `doctor/${randomUUID()}`;
      const probe = Buffer.from('written by facehash doctor');
      const later = Buffer.from('written again');
      try {
        await storage.put(key, probe);
        if (!(await storage.get(key)).equals(probe))
          return fail('other bytes came back than were stored', LOOK);
        // A model in force is a small object that is overwritten.
        await storage.put(key, later);
        if (!(await storage.get(key)).equals(later))
          return fail('the old bytes came back after an overwrite', LOOK);
      } finally {
        await storage.delete(key);
      }
      if ((await storage.find(key)) !== undefined) return fail('a deleted object is still there', LOOK);
      return ok('an object was stored, read, overwritten and deleted');
    },
  },
  {
    name: 'Clock of the storage',
    advice: 'Look whether this user may write and list there.',
    async run(storage) {
      const key = `doctor/${randomUUID()}`;
      const before = Date.now();
      try {
        await storage.put(key, Buffer.from('what time is it'));
        const after = Date.now();
        for await (const object of storage.listWithTimes('doctor/')) {
          if (object.key !== key) continue;
          const writtenAt = object.writtenAt.getTime();
          const skewMs = Math.max(0, before - writtenAt, writtenAt - after);
          if (skewMs <= MOST_SKEW_MS) return ok('as here');
          return warn(
            `${skewMs} ms from this machine's`,
            'Let both follow an NTP server: what is old is swept by it.',
          );
        }
      } finally {
        await storage.delete(key);
      }
      return fail('what was stored is not listed', LOOK);
    },
  },
  {
    name: 'Keys, people and photos',
    advice: 'Restore the object the message names from a backup.',
    async run(storage) {
      let [keys, live, subjects, photos, orphans] = [0, 0, 0, 0, 0];
      for await (const { revokedAt } of apiKeys(storage).list()) {
        keys++;
        if (revokedAt === null) live++;
      }
      const named: string[] = [];
      let latest: string | undefined;
      for await (const path of storage.list('tenants/')) {
        if (SUBJECT.test(path)) subjects++;
        if (PHOTO.test(path)) photos++;
        const keyId = path.split('/')[1] ?? '';
        if (keyId === latest) continue;
        latest = keyId;
        if ((await apiKeys(storage).get(keyId)) !== undefined) continue;
        orphans++;
        if (named.length < MOST_NAMED) named.push(keyId);
      }
      const found = `${live} live key(s) of ${keys}, ${subjects} subject(s), ${photos} photo(s)`;
      if (orphans > 0) {
        const more = orphans > named.length ? ` and ${orphans - named.length} more` : '';
        return warn(
          `${found}; and data of ${named.join(', ')}${more}, which is no key`,
          'Restore its key from a backup, or delete its folder under tenants/.',
        );
      }
      return live > 0 ? ok(found) : warn(found, 'Make a key: facehash keys create');
    },
  },
  {
    name: 'Nothing is left lying',
    advice: 'Look whether this user may list there.',
    async run(storage) {
      const old = Date.now() - LEFT_AFTER_MS;
      const left = [...(await uploads(storage).byJob()).values()].filter((latest) => latest.getTime() < old);
      if (left.length === 0) return ok('no upload is older than a day');
      return warn(
        `uploads of ${left.length} job(s) are older than a day`,
        'A worker deletes them every 15 minutes, unless their jobs still wait: look at its log for "sweep".',
      );
    },
  },
  {
    name: 'Models in force are whole',
    advice: 'Retrain that key: POST /v1/train without photos, or facehash retrain.',
    async run(storage) {
      let whole = 0;
      for await (const id of apiKeys(storage).ids()) {
        const version = await models(storage, id).currentVersion();
        if (version === undefined) continue;
        // Reads it all and compares its checksums with its card.
        await models(storage, id).read(version);
        whole++;
      }
      return ok(`${whole} model(s), their checksums right`);
    },
  },
];
