import { randomUUID } from 'node:crypto';
import { newId, newModelVersion, type Subject } from '@facehash/contracts';
import { apiKeys } from '../layout/api-keys.js';
import { featureTables } from '../layout/feature-tables.js';
import { models } from '../layout/models.js';
import { photos } from '../layout/photos.js';
import { subjects } from '../layout/subjects.js';
import type { ObjectStorage } from '../object-storage.js';
import { tableOf } from './table-of.js';

/** A key as trainings and deletions leave it, in the order of writes in which the worker does them. */
export async function enrolledKey(storage: ObjectStorage, name = 'front door') {
  const { key, secret } = await apiKeys(storage).create({ name, now: new Date('2026-11-24T10:00:00Z') });
  const keyId = key.id;
  const people = new Map<string, Subject>();

  const addPhotos = async (subjectId: string, count: number): Promise<string[]> => {
    const ids = Array.from({ length: count }, () => newId('photo'));
    for (const id of ids) await photos(storage, keyId).put(subjectId, id, Buffer.from(`of ${id}`), 'jpeg');
    return ids;
  };

  const publish = async (known: Iterable<Subject>, confirm?: () => Promise<void>): Promise<string> => {
    const labels = [...known].map(({ id, label }) => ({ subjectId: id, label, photos: 1 }));
    const version = newModelVersion(Date.now());
    const former = await models(storage, keyId).currentVersion();
    await models(storage, keyId).publish({
      card: {
        ...{ version, trainedAt: '2026-11-24T10:00:00.000Z', jobId: newId('job'), alongJobs: [], labels },
        ...{ features: 'ratios', featuresReason: '', realised: null, background: 'bg-1', threshold: 4.5 },
        ...{ targetFpir: 0.01, calibration: 'calibrated', fitMs: 12 },
      },
      modelJson: Buffer.from('{}'),
      weights: Buffer.from(randomUUID()),
      report: { subjects: [], lookAlikes: [] },
      statistics: { tables: {}, files: { ratios: Buffer.from('of everybody') } },
      ...(confirm === undefined ? {} : { confirm }),
    });
    await models(storage, keyId).prune([version, ...(former === undefined ? [] : [former])]);
    return version;
  };

  return {
    keyId,
    secret,

    async train(label: string, count = 2): Promise<Subject> {
      const person = [...people.values()].find((one) => one.label === label) ?? {
        ...{ id: newId('subject'), label, createdAt: '2026-11-24T10:00:00.000Z' },
      };
      const job = newId('job');
      const photoIds = await addPhotos(person.id, count);
      people.set(person.id, person);
      await publish(people.values(), async () => {
        await featureTables(storage, keyId).write(person.id, `${job}-0`, tableOf(photoIds));
        if ((await subjects(storage, keyId).get(person.id)) === undefined)
          await subjects(storage, keyId).put(person);
      });
      await featureTables(storage, keyId).compact(person.id, job);
      return person;
    },

    /** Its photos, of which no table tells yet. */
    beginTraining: (subjectId: string) => addPhotos(subjectId, 2),

    async rename(person: Subject, label: string): Promise<void> {
      people.set(person.id, { ...person, label });
      await subjects(storage, keyId).put({ ...person, label });
    },

    async erase({ id }: Subject): Promise<void> {
      people.delete(id);
      const version = await publish(people.values());
      for (const old of await models(storage, keyId).versions())
        if (old !== version) await models(storage, keyId).delete(old);
      await featureTables(storage, keyId).deleteAll(id);
      await photos(storage, keyId).deleteAll(id);
      await subjects(storage, keyId).delete(id);
    },
  };
}

export type EnrolledKey = Awaited<ReturnType<typeof enrolledKey>>;
