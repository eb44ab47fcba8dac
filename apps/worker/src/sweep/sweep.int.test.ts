import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, STANDARD_RETENTION } from '@facehash/contracts';
import {
  createHousekeeping,
  createJobClient,
  type Housekeeping,
  type JobClient,
  type Redis,
} from '@facehash/jobs';
import { apiKeys, keyErasures, photos, subjects, uploads, type ObjectStorage } from '@facehash/storage';
import { storedKeys } from '../testing/stored-keys.js';
import { useRedis } from '../testing/use-redis.js';
import { useStorage } from '../testing/use-storage.js';
import { eraseKey } from './erase-key.js';
import { sweep } from './sweep.js';

const logger = { info: () => undefined, warn: () => undefined };
const HOUR_MS = 3_600_000;

let redis: Redis;
useRedis((started) => void (redis = started));
const storage = useStorage();
let jobs: JobClient;
let housekeeping: Housekeeping;

beforeEach(async () => {
  await redis.flushall();
  jobs = createJobClient({ redis });
  housekeeping = createHousekeeping({ redis });
});
afterEach(async () => {
  await jobs.close();
});

const stored = (prefix?: string): Promise<string[]> => storedKeys(storage, prefix);

/** An upload whose last byte came so many hours ago. */
async function uploaded(jobId: string, hoursAgo: number, part?: string): Promise<string> {
  const key = uploads(storage).key(jobId, part);
  await storage.put(key, Buffer.from('a photo'));
  const time = new Date(Date.now() - hoursAgo * HOUR_MS);
  await utimes(join(storage.folder, key), time, time);
  return key;
}

const submit = (keyId: string, jobId: string) =>
  jobs.submit('recognize', {
    ...{ jobId, keyId, requestId: 'req_test' },
    ...{ uploadKey: uploads(storage).key(jobId), maxFaces: 1 },
  });

describe('sweep', () => {
  it('takes uploads nobody will fetch: a day old, of a job that is unknown or has ended', async () => {
    const [unknown, ended, running, recent, slow] = Array.from({ length: 5 }, () => newId('job'));
    await submit(newId('key'), ended!);
    await jobs.cancel(ended!, () => Promise.resolve());
    await submit(newId('key'), running!);
    await uploaded(unknown!, 25);
    await uploaded(ended!, 25);
    const kept = [
      await uploaded(running!, 25),
      await uploaded(recent!, 23),
      // A training whose photos come in over days, one after the other.
      await uploaded(slow!, 30, 'pho_1'),
      await uploaded(slow!, 1, 'pho_2'),
    ];
    await sweep({ storage, housekeeping, logger, installation: STANDARD_RETENTION });
    expect(await stored('uploads/')).toEqual(kept.sort());
  });

  it('takes what a crashed gateway was receiving a day ago', async () => {
    const half = join(storage.folder, '.incoming', 'half');
    await writeFile(half, 'half a photo');
    const old = new Date(Date.now() - 25 * HOUR_MS);
    await utimes(half, old, old);
    await sweep({ storage, housekeeping, logger, installation: STANDARD_RETENTION });
    expect(await storage.deleteUnfinished(0)).toBe(0);
  });

  it('takes up the erasure of a key that Redis has forgotten, and what a frozen worker wrote after one', async () => {
    const { key, secret } = await apiKeys(storage).create({ name: 'a', now: new Date() });
    await enrol(key.id);
    await keyErasures(storage).request(key.id, new Date());
    await sweep({ storage, housekeeping, logger, installation: STANDARD_RETENTION });
    expect(await apiKeys(storage).findBySecret(secret)).toBeUndefined();
    expect(await stored()).toEqual([`keys/erased/${key.id}.json`, 'retention/state.json']);
    await enrol(key.id);
    await sweep({ storage, housekeeping, logger, installation: STANDARD_RETENTION });
    expect(await stored()).toEqual([`keys/erased/${key.id}.json`, 'retention/state.json']);
  });
});

async function enrol(keyId: string): Promise<void> {
  const id = newId('subject');
  await subjects(storage, keyId).put({ id, label: 'Zoë', createdAt: new Date().toISOString() });
  await photos(storage, keyId).put(id, newId('photo'), Buffer.from('pixels'), 'jpeg');
}

describe('eraseKey', () => {
  it('does nothing for a key nobody asked to erase', async () => {
    const { key, secret } = await apiKeys(storage).create({ name: 'a', now: new Date() });
    await eraseKey({ storage, housekeeping }, key.id);
    expect(await apiKeys(storage).findBySecret(secret)).toBeDefined();
  });

  it('counts what went, and leaves nothing but that: of storage, of Redis, of jobs that wait', async () => {
    const { key } = await apiKeys(storage).create({ name: 'a', now: new Date() });
    const other = await apiKeys(storage).create({ name: 'b', now: new Date() });
    await enrol(key.id);
    await enrol(other.key.id);
    await storage.put(`tenants/${key.id}/webhooks/a.json`, Buffer.from('{}'));
    const jobId = newId('job');
    await uploaded(jobId, 0);
    await submit(key.id, jobId);
    await keyErasures(storage).request(key.id, new Date());
    await eraseKey({ storage, housekeeping }, key.id);

    const receipt = await keyErasures(storage).get(key.id);
    expect(receipt).toMatchObject({ status: 'done' });
    expect(receipt?.erased).toEqual({
      ...{ subjects: 1, photos: 1, feature_tables: 0, model_versions: 0 },
      ...{ other_objects: 1, uploads: 1, job_records: 1 },
    });
    const left = (await stored()).filter((path) => !path.includes(other.key.id));
    expect(left).toEqual([`keys/by-secret/${other.key.secrets[0]!.hash}.json`, `keys/erased/${key.id}.json`]);
    expect(await jobs.get(jobId)).toBeUndefined();
    expect(await redis.keys(`*${jobId}*`)).toEqual([]);
    await expect(submit(key.id, newId('job'))).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('broken off at whatever deletion is finished by the next try, and its receipt tells all of it', async () => {
    for (let nth = 1; nth <= 6; nth++) {
      const { key } = await apiKeys(storage).create({ name: 'a', now: new Date() });
      await enrol(key.id);
      await keyErasures(storage).request(key.id, new Date());
      const dying = { storage: dyingAtDeletion(storage, nth), housekeeping };
      await eraseKey(dying, key.id).catch(() => undefined);
      await eraseKey({ storage, housekeeping }, key.id);
      expect((await keyErasures(storage).get(key.id))?.erased).toMatchObject({ subjects: 1, photos: 1 });
      expect((await stored()).filter((path) => !path.startsWith('keys/erased/'))).toEqual([]);
    }
  });
});

/** Fails at its nth deletion and at every later one, as a crash would. */
function dyingAtDeletion(real: ObjectStorage, nth: number): ObjectStorage {
  let count = 0;
  const orDie = <T>(run: () => Promise<T>): Promise<T> =>
    ++count >= nth ? Promise.reject(new Error('crashed')) : run();
  return {
    ...real,
    delete: (key) => orDie(() => real.delete(key)),
    deletePrefix: (prefix) => orDie(() => real.deletePrefix(prefix)),
  };
}
