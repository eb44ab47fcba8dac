import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  newAdminToken,
  type EraseResult,
  type KeyErasure,
  type PhotoList,
  type RecognizeResult,
  type SubjectResource,
} from '@facehash/contracts';
import { documentedFetch, drawPerson, drawPortrait, startMinio, type MinioForTests } from '@facehash/testkit';
import { asBytes, everythingKept } from './everything.js';
import { startService, type Caller, type Service } from './start-service.js';

const NAME = 'Zoë Unmentionable';
const adminToken = newAdminToken();

const portraits = (person: number, from: number, count: number): Promise<Buffer[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => drawPortrait(drawPerson(person), from + at)));

/** A whole life of a key and of the people under it, on a storage that `open` gives (undefined: a folder). */
function describeDeletion(open: () => Promise<MinioForTests | undefined>): void {
  let minio: MinioForTests | undefined;
  let service: Service;
  let caller: Caller;
  let other: Caller;
  /** What would show that she had been there. */
  const traces = new Map<string, string>();

  beforeAll(async () => {
    minio = await open();
    service = await startService({
      ...{ workers: 2, storageUrl: minio?.url },
      settings: {
        gateway: { FACEHASH_ADMIN_TOKEN: adminToken },
        worker: { FACEHASH_METRICS_PORT: '0' },
      },
    });
    caller = await service.newKey();
    other = await service.newKey();
  }, 90_000);
  afterAll(async () => {
    await service.stop();
    await minio?.stop();
  });

  const kept = () => everythingKept(service.storage, service.redis.url);
  /** What is left of these traces once nothing is under way: an ended job leaves the queue a moment after its record ended. */
  async function left(of: ReadonlyMap<string, string>): Promise<string[]> {
    for (let attempt = 0; ; attempt++) {
      const all = await kept();
      const found = [...of].filter(([, trace]) => all.includes(trace)).map(([what]) => what);
      if (found.length === 0 || attempt === 40) return found;
      await sleep(100);
    }
  }
  const json = async <T>(target: string, init?: RequestInit): Promise<T> =>
    (await (await caller.request(target, init)).json()) as T;
  const labels = async (who: Caller, image: Uint8Array) => {
    const job = await who.ended(await who.recognize(image));
    return (job.result as RecognizeResult).faces.map(({ label }) => label);
  };
  const subject = `/v1/subjects/${encodeURIComponent(NAME)}`;
  const admin = (target: string, body?: object) =>
    documentedFetch(new URL(target, service.url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  /** Models in the memory of each worker. */
  const cachedModels = (): Promise<string[]> =>
    Promise.all(
      service
        .logged()
        .filter(({ app, msg }) => app === 'worker' && msg === 'ready')
        .map(async ({ metrics }) => {
          const text = await (await fetch(String(metrics))).text();
          return /^facehash_worker_model_cache_models (\d+)$/m.exec(text)?.[1] ?? 'none told';
        }),
    );

  it('begins with two people under one key, and one under another', async () => {
    for (const [who, label, person] of [
      [caller, NAME, 1],
      [caller, 'Bob', 2],
      [other, 'Cleo', 3],
    ] as const) {
      const job = await who.ended(await who.train(label, await portraits(person, 0, 6)));
      expect(job).toMatchObject({ status: 'succeeded', error: null });
    }
    const photos = await portraits(1, 50, 6);
    // At the same time, so that both workers load the model.
    expect(await Promise.all(photos.map((photo) => labels(caller, photo)))).toEqual(photos.map(() => [NAME]));
    expect(await labels(caller, (await portraits(2, 50, 1))[0]!)).toEqual(['Bob']);

    const { id } = await json<SubjectResource>(subject);
    const { data } = await json<PhotoList>(`${subject}/photos`);
    expect(data).toHaveLength(6);
    traces.set('label', asBytes(NAME)).set('subject id', id);
    for (const [at, photo] of data.entries()) {
      traces.set(`photo id ${at}`, photo.id);
      const bytes = await service.storage.get(`tenants/${caller.keyId}/photos/${id}/${photo.id}.jpg`);
      // From the middle, where a JPEG holds nothing but its picture.
      traces.set(`pixels ${at}`, asBytes(bytes.subarray(bytes.length >> 1, (bytes.length >> 1) + 48)));
    }
    const all = await kept();
    for (const trace of traces.values()) expect(all).toContain(trace);
  }, 120_000);

  it('deletes a photo: its id and its pixels are gone, and she is still recognised', async () => {
    const gone = new Map([...traces].filter(([what]) => what.endsWith(' 0')));
    expect(gone.size).toBe(2);
    const job = await caller.ended(
      await caller.request(`${subject}/photos/${traces.get('photo id 0')!}`, { method: 'DELETE' }),
    );
    expect((job.result as EraseResult).erased).toMatchObject({ subjects: 0, photos: 1, feature_rows: 1 });
    expect(await left(gone)).toEqual([]);
    expect(await labels(caller, (await portraits(1, 60, 1))[0]!)).toEqual([NAME]);
  }, 60_000);

  it('deletes a subject: nothing is left of her anywhere, and the other is still recognised', async () => {
    const photos = await portraits(1, 70, 6);
    await Promise.all(photos.map((photo) => labels(caller, photo)));
    expect(await cachedModels()).toEqual(['1', '1']);
    const job = await caller.ended(await caller.request(subject, { method: 'DELETE' }));
    expect((job.result as EraseResult).erased).toMatchObject({ subjects: 1, photos: 5, feature_rows: 5 });
    // Not in the memory of the worker that had no part in it either.
    for (let attempt = 0; attempt < 20 && (await cachedModels()).join() !== '0,0'; attempt++)
      await sleep(100);
    expect(await cachedModels()).toEqual(['0', '0']);
    expect(await left(traces)).toEqual([]);
    expect(await labels(caller, photos[0]!)).not.toContain(NAME);
    expect(await labels(caller, (await portraits(2, 60, 1))[0]!)).toEqual(['Bob']);
    expect(await left(traces)).toEqual([]);
  }, 90_000);

  it('erases the key while jobs of it are under way: only the receipt is left, and the other key works', async () => {
    const bob = new Map(Object.entries({ label: asBytes('"Bob"'), secret: caller.secret }));
    const under = Array.from({ length: 4 }, async () => caller.recognize((await portraits(2, 80, 1))[0]!));
    const training = caller.train('Late', await portraits(4, 0, 20));
    await sleep(300);
    const response = await admin(`/v1/keys/${caller.keyId}/erase`, { confirm: caller.keyId });
    expect(response.status).toBe(202);
    // Each gets an answer: its result, that it was cancelled, or that the key opens nothing any more.
    const answers = await Promise.all([...under, training]);
    for (const { status } of answers) expect([200, 202, 401, 404]).toContain(status);

    const receipt = `/v1/keys/${caller.keyId}/erasure`;
    let erasure = (await response.json()) as KeyErasure;
    for (let attempt = 0; attempt < 300 && erasure.status !== 'done'; attempt++) {
      await sleep(200);
      erasure = (await (await admin(receipt)).json()) as KeyErasure;
    }
    expect(erasure).toMatchObject({ status: 'done' });
    expect(erasure.erased?.photos).toBeGreaterThanOrEqual(6);
    expect(await left(new Map([...traces, ...bob]))).toEqual([]);
    const objects: string[] = [];
    for await (const key of service.storage.list('')) if (!key.includes(other.keyId)) objects.push(key);
    // How far the sweep of lifetimes is; names no key.
    const ofKeys = objects.filter((key) => key !== 'retention/state.json');
    // Of the other key there is its secret's pointer besides.
    expect(ofKeys.filter((key) => !key.startsWith('keys/by-secret/'))).toEqual([
      `keys/erased/${caller.keyId}.json`,
    ]);
    expect((await caller.request('/v1/subjects')).status).toBe(401);
    expect(await labels(other, (await portraits(3, 50, 1))[0]!)).toEqual(['Cleo']);
  }, 120_000);
}

describe('deletion, on a folder', () => {
  describeDeletion(() => Promise.resolve(undefined));
});

// Looked for here, because a suite decides what it skips before it starts anything.
const found = await startMinio();
if (found === undefined) console.warn('Deletion on S3 is not tested: there is no minio on this machine.');
(found === undefined ? describe.skip : describe)('deletion, on MinIO', () => {
  describeDeletion(() => Promise.resolve(found));
});
