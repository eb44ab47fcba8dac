import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, type EraseResult, type Job, type RecognizeResult } from '@facehash/contracts';
import { createJobClient, startConsumer, type Consumer, type JobClient, type Redis } from '@facehash/jobs';
import { selectBackend } from '@facehash/keras-models';
import { auditLog, models } from '@facehash/storage';
import { shippedBackgrounds, type Backgrounds } from '../backgrounds.js';
import { enrolByNumbers, everything, tracesOf, type Person } from '../testing/person-without-photos.js';
import { storedKeys } from '../testing/stored-keys.js';
import { useRedis } from '../testing/use-redis.js';
import { useStorage } from '../testing/use-storage.js';
import { enrolHandler } from './enrol.js';
import { eraseHandler } from './erase.js';
import { trainHandler } from './train.js';

let backgrounds: Backgrounds;
const storage = useStorage();
let keyId: string;

beforeAll(async () => {
  await selectBackend('cpu');
  backgrounds = await shippedBackgrounds();
});
beforeEach(() => {
  keyId = newId('key');
});

const enrol = (label: string, count: number) =>
  enrolByNumbers({ storage, keyId, background: backgrounds.ratios }, label, count);
const envelope = () => ({ jobId: newId('job'), keyId, requestId: 'req_test' });

async function current() {
  const version = await models(storage, keyId).currentVersion();
  return version === undefined ? undefined : models(storage, keyId).card(version);
}

describe('erase, through the queue', () => {
  let redis: Redis;
  let jobs: JobClient;
  let consumer: Consumer;
  let seen: RecognizeResult;

  useRedis((started) => void (redis = started));
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
        erase: eraseHandler({ storage, backgrounds, tellModelsGone: () => Promise.resolve() }),
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
      const text = await everything(storage, redis);
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
    for (const trace of tracesOf(zoe)) expect(await everything(storage, redis)).toContain(trace);
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
    expect(await everything(storage, redis)).not.toContain('Zoe-before');
    expect([await jobs.get(ofZoe), await jobs.get(former)]).toEqual([undefined, undefined]);
    expect((await jobs.get(ofBob))?.job.status).toBe('succeeded');
    expect((await jobs.list(keyId, { limit: 100 })).jobs.map(({ id }) => id)).toContain(ofBob);
    for (const trace of tracesOf(bob)) expect(await everything(storage, redis)).toContain(trace);
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
    for (const trace of tracesOf(same)) expect(await everything(storage, redis)).toContain(trace);
  });

  it('of the last person leaves no model', async () => {
    const ann = await enrol('Ann', 2);
    await trained();
    expect((await erased(ann.id)).model).toBeNull();
    await untilForgotten(ann);
    expect(await storedKeys(storage, `tenants/${keyId}/`)).toEqual([]);
  });
});
