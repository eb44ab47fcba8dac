import { randomUUID } from 'node:crypto';
import { apiKeys, models, type ObjectStorage } from '@facehash/storage';
import { fail, ok, warn, type Check } from './check.js';

const PHOTO = /^tenants\/[^/]+\/photos\//;
const SUBJECT = /^tenants\/[^/]+\/subjects\/[^/]+$/;

export const STORAGE_CHECKS: readonly Check<ObjectStorage>[] = [
  {
    name: 'Storage can be written',
    advice: 'Look whether the disk is full, and whether this user may write there.',
    async run(storage) {
      const key = `doctor/${randomUUID()}`;
      const probe = Buffer.from('written by facehash doctor');
      try {
        await storage.put(key, probe);
        if (!(await storage.get(key)).equals(probe)) {
          return fail('other bytes came back than were stored', 'Look at what lies between here and it.');
        }
      } finally {
        await storage.delete(key);
      }
      return ok('an object was stored, read and deleted');
    },
  },
  {
    name: 'Keys, people and photos',
    advice: 'Restore the object the message names from a backup.',
    async run(storage) {
      const keys = await apiKeys(storage).list();
      const live = keys.filter(({ revokedAt }) => revokedAt === null).length;
      let [subjects, photos] = [0, 0];
      for await (const path of storage.list('tenants/')) {
        if (SUBJECT.test(path)) subjects++;
        if (PHOTO.test(path)) photos++;
      }
      const found = `${live} live key(s) of ${keys.length}, ${subjects} subject(s), ${photos} photo(s)`;
      return live > 0 ? ok(found) : warn(found, 'Make a key: facehash keys create');
    },
  },
  {
    name: 'Models in force are whole',
    advice: 'Retrain that key: POST /v1/train without photos, or facehash retrain.',
    async run(storage) {
      let whole = 0;
      for (const { id } of await apiKeys(storage).list()) {
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
