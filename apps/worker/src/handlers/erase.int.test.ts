import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, type EraseResult, type Job, type RecognizeResult } from '@facehash/contracts';
import { connectRedis, createJobClient, startConsumer, type Consumer, type JobClient } from '@facehash/jobs';
import { selectBackend } from '@facehash/keras-models';
import {
  auditLog,
  featureTables,
  models,
  openStorage,
  photos,
  subjects,
  type ObjectStorage,
} from '@facehash/storage';
import { startRedis, type RedisForTests } from '@facehash/testkit';
import { shippedBackgrounds, type Backgrounds } from '../backgrounds.js';
import { aloneContext as context } from '../testing/job-context.js';
import { enrolHandler } from './enrol.js';
import { eraseHandler } from './erase.js';
import { trainHandler } from './train.js';

type Redis = ReturnType<typeof connectRedis>;

interface Person {
  readonly id: string;
  readonly label: string;
  readonly photoIds: readonly string[];
}

let backgrounds: Backgrounds;
let folder: string;
let storage: ObjectStorage;
let keyId: string;

beforeAll(async () => {
  await selectBackend('cpu');
  backgrounds = await shippedBackgrounds();
});

beforeEach(async () => {
  keyId = newId('key');
  folder = await mkdtemp(join(tmpdir(), 'facehash-erase-'));
  storage = await openStorage(pathToFileURL(folder).href);
});

afterEach(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

/** Somebody enrolled, with numbers no photo gave. */
async function enrol(label: string, count: number): Promise<Person> {
  const id = newId('subject');
  await subjects(storage, keyId).put({ id, label, createdAt: new Date().toISOString() });
  const photoIds = Array.from({ length: count }, () => newId('photo'));
  for (const photo of photoIds)
    await photos(storage, keyId).put(id, photo, Buffer.from(`of ${label}`), 'jpeg');
  await featureTables(storage, keyId).write(id, newId('job'), {
    ...{ extractor: 'test', background: backgrounds.ratios.id, photoIds },
    columns: {
      landmarks: new Float32Array(count * 136),
      projection: Float32Array.from({ length: count * backgrounds.ratios.rank }, (_, n) =>
        Math.sin(n * id.length),
      ),
      embedding: Float32Array.from({ length: count * 128 }, (_, n) => Math.cos(n * id.length)),
    },
  });
  return { id, label, photoIds };
}

const envelope = () => ({ jobId: newId('job'), keyId, requestId: 'req_test' });
const train = () =>
  trainHandler({ storage, backgrounds, logger: { warn: () => undefined } }).run(
    { ...envelope(), subject: null },
    context,
  );

const erasing = (through = storage) =>
  eraseHandler({ storage: through, backgrounds, tellModelsGone: () => Promise.resolve() });

async function current() {
  const version = await models(storage, keyId).currentVersion();
  return version === undefined ? undefined : models(storage, keyId).card(version);
}

async function stored(prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.list(prefix)) keys.push(key);
  return keys;
}

/** Every byte in storage and Redis, names included, as text. */
async function everything(redis?: Redis): Promise<string> {
  const found: string[] = [];
  for (const key of await stored()) {
    const bytes = await storage.find(key);
    if (bytes !== undefined) found.push(key, bytes.toString());
  }
  for (const key of (await redis?.keys('*')) ?? []) found.push(key, await redisText(redis!, key));
  return found.join('\n');
}

async function redisText(redis: Redis, key: string): Promise<string> {
  switch (await redis.type(key)) {
    case 'hash':
      return JSON.stringify(await redis.hgetall(key));
    case 'zset':
      return JSON.stringify(await redis.zrange(key, 0, '-1'));
    case 'list':
      return JSON.stringify(await redis.lrange(key, 0, -1));
    case 'set':
      return JSON.stringify(await redis.smembers(key));
    case 'stream':
      return JSON.stringify(await redis.xrange(key, '-', '+'));
    default:
      return (await redis.get(key)) ?? '';
  }
}

const tracesOf = ({ id, label, photoIds }: Person): string[] => [
  ...[id, label, ...photoIds],
  createHash('sha256').update(label).digest('hex'),
];

describe('erase, through the queue', () => {
  let server: RedisForTests;
  let redis: Redis;
  let jobs: JobClient;
  let consumer: Consumer;
  let seen: RecognizeResult;

  beforeAll(async () => {
    server = await startRedis();
    redis = connectRedis(server.url, 'worker');
  });
  afterAll(async () => {
    await redis.quit();
    await server.stop();
  });
  beforeEach(async () => {
    await redis.flushall();
    jobs = createJobClient({ redis });
    consumer = await startConsumer({
      redis,
      concurrency: 1,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      handlers: {
        recognize: { run: () => Promise.resolve({ result: seen, model: null }) },
        detect: { run: () => Promise.reject(new Error('not sent')) },
        verify: { run: () => Promise.reject(new Error('not sent')) },
        extract: { run: () => Promise.resolve({ accepted: 0, refused: 0 }) },
        train: trainHandler({ storage, backgrounds, logger: { warn: () => undefined } }),
        enrol: enrolHandler({ storage }),
        erase: erasing(),
        import: { run: () => Promise.reject(new Error('not sent')) },
      },
    });
  });
  afterEach(async () => {
    await consumer.close();
    await jobs.close();
  });

  async function ended({ id }: Job): Promise<Job> {
    const record = await jobs.wait(id, 30_000);
    expect(record?.job).toMatchObject({ status: 'succeeded' });
    return record!.job;
  }

  async function trained(): Promise<void> {
    const payload = { ...envelope(), subject: null };
    await jobs.trainings.acquire(keyId, payload.jobId);
    await ended(await jobs.submitTraining(payload, []));
  }

  /** A recognition whose result names this person. */
  async function recognized(person: Person): Promise<string> {
    const candidate = { subject_id: person.id, label: person.label, score: 9, confidence: 1 };
    seen = {
      image: { width: 1, height: 1 },
      faces: [
        {
          box: { left: 0, top: 0, width: 1, height: 1 },
          landmarks: Array.from({ length: 68 }, (): [number, number] => [0, 0]),
          ...{ label: person.label, ambiguous: false, confidence: 1, candidates: [candidate], threshold: 1 },
          quality: {
            eye_distance_px: 1,
            roll_deg: 0,
            turn: 0,
            nod: 0.5,
            sharpness: 0.1,
            brightness: 0.5,
            clipped: 0,
          },
        },
      ],
      timings: {},
    };
    const job = await jobs.submit('recognize', { ...envelope(), uploadKey: 'uploads/x', maxFaces: 1 });
    return (await ended(job)).id;
  }

  async function erased(subjectId: string): Promise<Job> {
    const payload = { ...envelope(), subjectId, photoId: null };
    await jobs.trainings.acquire(keyId, payload.jobId);
    return ended(await jobs.submitErasure(payload));
  }

  /** BullMQ forgets an ended job a moment after its record has ended. */
  async function untilForgotten(person: Person): Promise<void> {
    const deadline = Date.now() + 5_000;
    const traces = tracesOf(person);
    for (;;) {
      const text = await everything(redis);
      const left = traces.filter((trace) => text.includes(trace));
      if (left.length === 0) return;
      if (Date.now() > deadline) throw new Error(`still there: ${left.join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('leaves nothing of a person in storage and Redis, and everything of the others', async () => {
    const bob = await enrol('Bob', 3);
    await trained();
    const zoe = await enrol('Zoë-東京', 4);
    await trained();
    await trained();
    const [ofBob, ofZoe] = [await recognized(bob), await recognized(zoe)];
    // Under the name she had before, in the words of the results that were given then.
    const former = await recognized({ ...zoe, label: 'Zoe-before' });
    for (const trace of tracesOf(zoe)) expect(await everything(redis)).toContain(trace);
    for (const [day, ...ids] of [['22', zoe.id, bob.id] as const, ['24', zoe.id] as const]) {
      await auditLog(storage, keyId).append({
        ...{ id: newId('job'), object: 'audit_entry', type: 'recognize', model: 'mdl_1' },
        ...{
          at: `2026-11-${day}T10:00:00.000Z`,
          request_id: 'req_1',
          address: null,
          secret_created_at: null,
        },
        answers: ids.map((subject_id) => ({ outcome: 'named', subject_id, score: 3, threshold: 2 })),
      });
    }

    const { result, model } = await erased(zoe.id);
    expect((result as EraseResult).erased).toEqual({
      ...{ subjects: 1, photos: 4, feature_rows: 4, model_versions: 2 },
      // Two recognitions, and the two trainings that could hardly tell her from Bob and said so.
      job_records: 4,
      audit_entries: 2,
    });
    const said: (string | null)[] = [];
    for await (const { entry } of auditLog(storage, keyId).read('2026-11-22', '2026-11-24')) {
      said.push(...entry.answers.map(({ subject_id }) => subject_id));
    }
    expect(said).toEqual([null, bob.id, null]);
    await untilForgotten(zoe);
    expect(await everything(redis)).not.toContain('Zoe-before');
    expect([await jobs.get(ofZoe), await jobs.get(former)]).toEqual([undefined, undefined]);
    expect((await jobs.get(ofBob))?.job.status).toBe('succeeded');
    expect((await jobs.list(keyId, { limit: 100 })).jobs.map(({ id }) => id)).toContain(ofBob);
    for (const trace of tracesOf(bob)) expect(await everything(redis)).toContain(trace);
    const card = await current();
    expect(model).toEqual({ version: card!.version, stale: false });
    expect(card!.labels).toEqual([{ subjectId: bob.id, label: 'Bob', photos: 3 }]);
    expect(await models(storage, keyId).versions()).toEqual([card!.version]);
  });

  it('leaves the people of other keys alone, also those of the same name', async () => {
    const ann = await enrol('Ann', 2);
    await trained();
    const others = keyId;
    keyId = newId('key');
    const same = await enrol('Ann', 2);
    await trained();
    const theirs = await recognized(same);
    keyId = others;
    await erased(ann.id);
    expect((await jobs.get(theirs))?.job.status).toBe('succeeded');
    for (const trace of tracesOf(same)) expect(await everything(redis)).toContain(trace);
  });

  it('of the last person leaves no model', async () => {
    const ann = await enrol('Ann', 2);
    await trained();
    expect((await erased(ann.id)).model).toBeNull();
    await untilForgotten(ann);
    expect(await stored(`tenants/${keyId}/`)).toEqual([]);
  });
});

describe('erase', () => {
  const payloadFor = ({ id }: Person, photoId: string | null = null) => ({
    ...envelope(),
    ...{ subjectId: id, photoId },
  });

  it('of a photo takes its numbers out of the model, and keeps the person', async () => {
    const [ann, bob] = [await enrol('Ann', 3), await enrol('Bob', 2)];
    await train();
    const before = (await current())!.version;
    const photo = ann.photoIds[1]!;
    const { result } = await erasing().run(payloadFor(ann, photo), context);
    expect(result.erased).toEqual({
      ...{ subjects: 0, photos: 1, feature_rows: 1, model_versions: 1, job_records: 0, audit_entries: 0 },
    });
    expect(await everything()).not.toContain(photo);
    expect(await models(storage, keyId).versions()).not.toContain(before);
    expect((await current())!.labels.map(({ label, photos: n }) => [label, n]).sort()).toEqual([
      ['Ann', 2],
      ['Bob', 2],
    ]);
    expect(await subjects(storage, keyId).findByLabel('Ann')).toBeDefined();
    for (const trace of tracesOf(bob)) expect(await everything()).toContain(trace);
  });

  it('of the last photo of all leaves a person without a model', async () => {
    const ann = await enrol('Ann', 1);
    await train();
    const photo = ann.photoIds[0]!;
    expect((await erasing().run(payloadFor(ann, photo), context)).model).toBeNull();
    expect(await current()).toBeUndefined();
    expect(await models(storage, keyId).versions()).toEqual([]);
    expect(await subjects(storage, keyId).findByLabel('Ann')).toBeDefined();
  });

  it('of somebody whom no model knows makes no new one', async () => {
    await enrol('Bob', 2);
    await train();
    const before = (await current())!.version;
    const ann = await enrol('Ann', 2);
    const { model } = await erasing().run(payloadFor(ann), context);
    expect(model?.version).toBe(before);
    for (const trace of tracesOf(ann)) expect(await everything()).not.toContain(trace);
  });

  it('changes nothing when it has lost its turn', async () => {
    const ann = await enrol('Ann', 2);
    await enrol('Bob', 2);
    await train();
    const before = (await current())!.version;
    const outrun = { ...context, mayPublish: () => Promise.resolve(false) };
    await expect(erasing().run(payloadFor(ann), outrun)).rejects.toMatchObject({
      code: 'JOB_LOST',
    });
    expect((await current())!.version).toBe(before);
    for (const trace of tracesOf(ann)) expect(await everything()).toContain(trace);
  });

  it('that cannot delete the job records leaves the subject, so that it can be asked for again', async () => {
    const ann = await enrol('Ann', 2);
    const failing = { ...context, forget: () => Promise.reject(new Error('Redis is read-only')) };
    await expect(erasing().run(payloadFor(ann), failing)).rejects.toThrow('read-only');
    expect(await subjects(storage, keyId).findByLabel('Ann')).toBeDefined();
    const asked: (readonly string[])[] = [];
    const forget = (texts: readonly string[]) => Promise.resolve(asked.push(texts));
    await erasing().run(payloadFor(ann), { ...context, forget });
    // Before the subject goes, and once more for recognitions that were naming it at that moment.
    expect(asked).toEqual([
      [ann.id, '"Ann"'],
      [ann.id, '"Ann"'],
    ]);
    expect(await subjects(storage, keyId).findByLabel('Ann')).toBeUndefined();
  });

  it('broken off at whatever deletion is finished by the next try, and its receipt tells all of it', async () => {
    // The model, the numbers, the photos, the label and the subject.
    for (let nth = 1; nth <= 5; nth++) {
      const [ann] = [await enrol(`Ann ${nth}`, 2), await enrol(`Bob ${nth}`, 2)];
      await train();
      const payload = payloadFor(ann);
      const dying = erasing(dyingAtDeletion(storage, nth));
      await expect(dying.run(payload, context)).rejects.toThrow('crashed');
      expect(await subjects(storage, keyId).get(ann.id)).toBeDefined();
      const { result } = await erasing().run(payload, context);
      expect(result.erased).toMatchObject({ subjects: 1, photos: 2, feature_rows: 2 });
      const text = await everything();
      for (const trace of tracesOf(ann)) expect(text).not.toContain(trace);
      expect((await current())!.labels.some(({ subjectId }) => subjectId === ann.id)).toBe(false);
    }
  });
});

/** Fails at its nth deletion and at every later one, as a crash would. */
function dyingAtDeletion(storage: ObjectStorage, nth: number): ObjectStorage {
  let count = 0;
  const orDie = <T>(run: () => Promise<T>): Promise<T> =>
    ++count >= nth ? Promise.reject(new Error('crashed')) : run();
  return {
    ...storage,
    delete: (key) => orDie(() => storage.delete(key)),
    deletePrefix: (prefix) => orDie(() => storage.deletePrefix(prefix)),
  };
}
