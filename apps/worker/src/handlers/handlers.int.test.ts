import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, newId, type ExtractPayload, type TrainPayload } from '@facehash/contracts';
import { OutOfTurn } from '@facehash/jobs';
import { selectBackend } from '@facehash/keras-models';
import { featureTables, models, openStorage, subjects, uploads, type ObjectStorage } from '@facehash/storage';
import { drawGroup, drawPerson, drawPortrait, drawScene } from '@facehash/testkit';
import { createFaceAnalyzer, type FaceAnalyzer } from '@facehash/vision';
import { shippedBackgrounds, type Backgrounds } from '../backgrounds.js';
import { loadStoredModel } from '../load-stored-model.js';
import { createModelCache } from '../model-cache.js';
import { aloneContext as context } from '../testing/job-context.js';
import { createHandlers } from './index.js';

const inRepository = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const lost = new AppError('JOB_LOST', 'given up');

let folder: string;
let storage: ObjectStorage;
let analyzer: FaceAnalyzer;
let backgrounds: Backgrounds;
let handlers: ReturnType<typeof createHandlers>;
let keyId: string;

beforeAll(async () => {
  await selectBackend('cpu');
  backgrounds = await shippedBackgrounds();
  analyzer = await createFaceAnalyzer({
    cascadesDir: inRepository('haarcascades'),
    landmarkModelPath: inRepository('.facehash/models/landmarks-68.flat'),
    slots: 2,
    maxPixels: 50_000_000,
  });
});

afterAll(() => {
  analyzer.close();
});

beforeEach(async () => {
  keyId = newId('key');
  folder = await mkdtemp(join(tmpdir(), 'facehash-worker-'));
  storage = await openStorage(pathToFileURL(folder).href);
  handlers = createHandlers({
    storage,
    analyzer,
    backgrounds,
    modelCache: createModelCache({ load: loadStoredModel(storage), maxModels: 4 }),
    logger: { warn: () => undefined },
    tellModelsGone: () => Promise.resolve(),
  });
});

afterEach(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

interface Training {
  readonly train: TrainPayload;
  readonly batches: readonly ExtractPayload[];
}

/** What the gateway does: files into uploads, payloads of at most four photos a batch. */
async function upload(
  label: string,
  files: readonly Buffer[],
  subjectId = newId('subject'),
): Promise<Training> {
  const envelope = { jobId: newId('job'), keyId, requestId: 'req_test' };
  const photos = await Promise.all(
    files.map(async (file, at) => {
      const uploadKey = uploads(storage).key(envelope.jobId, String(at));
      await storage.put(uploadKey, file);
      return { photoId: newId('photo'), uploadKey, fileName: `${at}.jpg` };
    }),
  );
  const batches: ExtractPayload[] = [];
  for (let from = 0; from < photos.length; from += 4) {
    batches.push({ ...envelope, subjectId, batch: batches.length, photos: photos.slice(from, from + 4) });
  }
  return { train: { ...envelope, subject: { subjectId, label, batches: batches.length, photos } }, batches };
}

async function extract({ batches }: Training): Promise<void> {
  for (const batch of batches) await handlers.extract.run(batch, context);
}

async function enrol(label: string, files: readonly Buffer[]) {
  const training = await upload(label, files);
  await extract(training);
  const answer = await handlers.train.run(training.train, context);
  await handlers.train.afterSuccess?.(training.train);
  return { ...training, answer };
}

const portraits = (seed: number, from: number, count: number) =>
  Promise.all(Array.from({ length: count }, (_, photo) => drawPortrait(drawPerson(seed), from + photo)));

async function recognize(file: Buffer, maxFaces = 1) {
  const jobId = newId('job');
  const uploadKey = uploads(storage).key(jobId);
  await storage.put(uploadKey, file);
  const payload = { jobId, keyId, requestId: 'req_test', uploadKey, maxFaces };
  return { payload, run: () => handlers.recognize.run(payload, context) };
}

async function objects(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.list(prefix)) keys.push(key);
  return keys;
}

describe('the handlers', () => {
  it('enrol people, recognise them on photos not seen before, and keep no upload afterwards', async () => {
    await enrol('ann', await portraits(1, 0, 6));
    await enrol('bob', await portraits(2, 0, 6));
    const { answer } = await enrol('cem', await portraits(3, 0, 6));
    expect(answer.result.model).toMatchObject({ labels: 3, photos: 18, features: 'ratios' });

    const { payload } = await recognize((await portraits(2, 20, 1))[0]!);
    const askedBy = { address: '192.0.2.1', secretCreatedAt: null };
    const { result, model } = await handlers.recognize.run({ ...payload, askedBy }, context);
    const [logged] = await objects(`tenants/${keyId}/audit/`);
    expect(JSON.parse((await storage.get(logged!)).toString())).toMatchObject({
      ...{ id: payload.jobId, type: 'recognize', model: model?.version, address: '192.0.2.1' },
      answers: [{ outcome: 'named', subject_id: result.faces[0]!.candidates[0]!.subject_id }],
    });
    expect(model).toEqual({ version: answer.result.model.version, stale: false });
    expect(result.faces).toHaveLength(1);
    expect(result.faces[0]).toMatchObject({ label: 'bob', candidates: [{ label: 'bob' }, {}, {}] });
    expect(result.faces[0]!.confidence).toBeGreaterThan(0.5);
    expect(result.faces[0]!.quality.eye_distance_px).toBeGreaterThan(20);
    await handlers.recognize.afterSuccess?.(payload);
    expect(await objects('uploads/')).toEqual([]);
  });

  it('recognise people of whom no photo is kept, and train them again', async () => {
    const training = await upload('ann', await portraits(1, 0, 6));
    const batches = training.batches.map((batch) => ({ ...batch, keepPhotos: false }));
    await extract({ ...training, batches });
    await handlers.train.run(training.train, context);
    await handlers.train.afterSuccess?.(training.train);
    const stored = await objects(`tenants/${keyId}/photos/`);
    expect([stored.length, stored.filter((key) => !key.endsWith('.gone'))]).toEqual([6, []]);

    const { answer } = await enrol('bob', await portraits(2, 0, 6));
    expect(answer.result.model).toMatchObject({ labels: 2, photos: 12 });
    const { run } = await recognize((await portraits(1, 20, 1))[0]!);
    expect((await run()).result.faces[0]).toMatchObject({ label: 'ann' });
  });

  it('find everybody on a group picture when asked for more than one face', async () => {
    await enrol('ann', await portraits(1, 0, 4));
    const group = await drawGroup([1, 2, 3].map(drawPerson), 1);
    expect((await (await recognize(group, 10)).run()).result.faces).toHaveLength(3);
    expect((await (await recognize(group)).run()).result.faces).toHaveLength(1);
  });

  it('name a person as it is called by now, and nobody who was deleted', async () => {
    const { train } = await enrol('ann', await portraits(1, 0, 6));
    const photo = (await portraits(1, 20, 1))[0]!;
    const ann = (await subjects(storage, keyId).get(train.subject!.subjectId))!;
    await subjects(storage, keyId).put({ ...ann, label: 'Anna' });
    const face = (await (await recognize(photo)).run()).result.faces[0];
    expect(face).toMatchObject({ label: 'Anna', candidates: [{ subject_id: ann.id, label: 'Anna' }] });
    await subjects(storage, keyId).delete(ann.id);
    expect((await (await recognize(photo)).run()).result.faces[0]).toMatchObject({
      label: null,
      candidates: [],
    });
  });

  it('answer a photo without a face by an empty list', async () => {
    await enrol('ann', await portraits(1, 0, 2));
    expect((await (await recognize(await drawScene(1))).run()).result.faces).toEqual([]);
  });
});

describe('recognize', () => {
  it('says that the key knows nobody yet', async () => {
    const { run } = await recognize(Buffer.from('never looked at'));
    await expect(run()).rejects.toMatchObject({ code: 'MODEL_NOT_TRAINED' });
  });

  it('deletes the photo of a job that failed', async () => {
    await enrol('ann', await portraits(1, 0, 2));
    const { payload, run } = await recognize(Buffer.from('this is no image at all'));
    await expect(run()).rejects.toMatchObject({ code: 'IMAGE_TYPE_UNSUPPORTED' });
    await handlers.recognize.cleanUp?.(payload, lost);
    expect(await objects('uploads/')).toEqual([]);
  });
});

describe('train', () => {
  it('uses the good photos and says why it refused each of the others', async () => {
    const [good] = await portraits(1, 0, 1);
    const tiny = await drawPortrait(drawPerson(1), 1, { width: 64, height: 48 });
    const files = [
      good!,
      await drawScene(1),
      Buffer.from('no image'),
      await drawGroup([1, 2].map(drawPerson), 1),
      tiny,
    ];
    const { answer } = await enrol('ann', [...files, good!.subarray(0, 400)]);
    expect(answer.result.photos.accepted).toBe(1);
    expect(answer.result.photos.refused.map(({ file_name, reason }) => [file_name, reason])).toEqual([
      ['1.jpg', 'NO_FACE'],
      ['2.jpg', 'UNREADABLE'],
      ['3.jpg', 'SEVERAL_FACES'],
      ['4.jpg', 'FACE_TOO_SMALL'],
      ['5.jpg', 'UNREADABLE'],
    ]);
  });

  it('has one row per photo although a batch ran twice', async () => {
    const training = await upload('ann', await portraits(1, 0, 5));
    await extract(training);
    await handlers.extract.run(training.batches[0]!, context);
    const { result } = await handlers.train.run(training.train, context);
    expect(result.model.photos).toBe(5);
    expect(await objects(`tenants/${keyId}/features/`)).toHaveLength(1);
    expect(await objects(`tenants/${keyId}/photos/`)).toHaveLength(5);
  });

  it('adds photos to a person who is known', async () => {
    const first = await enrol('ann', await portraits(1, 0, 2));
    const more = await upload('ann', await portraits(1, 2, 3), first.train.subject!.subjectId);
    await extract(more);
    const { result } = await handlers.train.run(more.train, context);
    expect(result).toMatchObject({ photos: { accepted: 3 }, model: { labels: 1, photos: 5 } });
  });

  it('fails when nobody can be learnt from the photos, and then leaves nothing behind', async () => {
    const training = await upload('ann', [await drawScene(1), await drawScene(2)]);
    await extract(training);
    const failure = (await handlers.train
      .run(training.train, context)
      .catch((error: unknown) => error)) as AppError;
    expect(failure.code).toBe('NO_USABLE_PHOTOS');
    expect(failure.details.refused).toHaveLength(2);
    await handlers.train.cleanUp?.(training.train, lost);
    expect(await objects('uploads/')).toEqual([]);
    expect(await objects(`tenants/${keyId}/`)).toEqual([]);
  });

  it('leaves the model in force, and nobody enrolled, when a batch is missing', async () => {
    const { answer } = await enrol('ann', await portraits(1, 0, 2));
    const training = await upload('bob', await portraits(2, 0, 5));
    await handlers.extract.run(training.batches[0]!, context);
    await expect(handlers.train.run(training.train, context)).rejects.toMatchObject({ code: 'JOB_LOST' });
    await handlers.train.cleanUp?.(training.train, lost);
    expect(await models(storage, keyId).currentVersion()).toBe(answer.result.model.version);
    expect(await subjects(storage, keyId).findByLabel('bob')).toBeUndefined();
    expect(await featureTables(storage, keyId).read(training.train.subject!.subjectId)).toEqual([]);
    expect(await objects(`tenants/${keyId}/photos/`)).toHaveLength(2);
  });

  it('publishes nothing after it has lost its turn', async () => {
    const training = await upload('ann', await portraits(1, 0, 2));
    await extract(training);
    const outrun = { ...context, mayPublish: () => Promise.resolve(false) };
    await expect(handlers.train.run(training.train, outrun)).rejects.toMatchObject({ code: 'JOB_LOST' });
    expect(await models(storage, keyId).currentVersion()).toBeUndefined();
    expect(await subjects(storage, keyId).findByLabel('ann')).toBeUndefined();
  });

  it('gives its answer again when the worker died after publishing, and clears up what is in force as a success', async () => {
    const training = await upload('ann', await portraits(1, 0, 2));
    await extract(training);
    const { train } = training;
    const answer = await handlers.train.run(train, context);
    const again = await handlers.train.run(train, context);
    expect(again).toEqual({ ...answer, result: { ...answer.result, timings: {} } });
    await handlers.train.cleanUp?.(train, lost);
    expect(await objects(`tenants/${keyId}/photos/`)).toHaveLength(2);
    expect(await featureTables(storage, keyId).read(train.subject!.subjectId)).toHaveLength(1);
  });

  it('retrains on what is there, and fails where nobody is', async () => {
    const train = { jobId: newId('job'), keyId, requestId: 'req_test', subject: null };
    await expect(handlers.train.run(train, context)).rejects.toMatchObject({ code: 'NO_USABLE_PHOTOS' });
    await enrol('ann', await portraits(1, 0, 2));
    const { result } = await handlers.train.run({ ...train, jobId: newId('job') }, context);
    expect(result).toMatchObject({ label: null, model: { labels: 1, photos: 2 } });
  });

  it('keeps the model before it for workers about to load it, and no older one', async () => {
    const versions: string[] = [];
    for (const seed of [1, 2, 3]) {
      const { answer } = await enrol(`person ${seed}`, await portraits(seed, 0, 2));
      versions.push(answer.result.model.version);
    }
    expect(await models(storage, keyId).versions()).toEqual(versions.slice(1));
  });
});

describe('trainings that wait for the same turn', () => {
  /** The context of one of them, while the others wait. */
  function beside(waiting: readonly Training[], canceled: readonly Training[] = []) {
    const ended = new Map<string, object>();
    const others = {
      list: () => Promise.resolve(waiting.map(({ train }) => train.jobId).filter((id) => !ended.has(id))),
      mayPublish: (jobId: string) => Promise.resolve(canceled.every(({ train }) => train.jobId !== jobId)),
      end: (jobId: string, answer: object) => Promise.resolve(void ended.set(jobId, answer)),
    };
    return { ended, context: { ...context, others } };
  }
  /** As far as a training comes before it is its turn. */
  async function waits(training: Training): Promise<Training> {
    await extract(training);
    const turn = () => Promise.reject(new OutOfTurn());
    await expect(handlers.train.run(training.train, { ...context, turn })).rejects.toBeInstanceOf(OutOfTurn);
    return training;
  }

  it('end with one model, each with its own report, two of one newcomer as one person', async () => {
    const sub = newId('subject');
    const own = await upload('ann', await portraits(1, 0, 3), sub);
    await extract(own);
    const more = await waits(await upload('ann', [...(await portraits(1, 3, 2)), await drawScene(1)], sub));
    const bob = await waits(await upload('bob', await portraits(2, 0, 2)));
    const { ended, context: turn } = beside([more, bob]);
    const { result, model } = await handlers.train.run(own.train, turn);
    expect(result).toMatchObject({ label: 'ann', photos: { accepted: 3 }, model: { labels: 2, photos: 7 } });
    expect(ended.get(more.train.jobId)).toMatchObject({
      ...{ model, result: { label: 'ann', photos: { accepted: 2, refused: [{ file_name: '2.jpg' }] } } },
    });
    expect(ended.get(bob.train.jobId)).toMatchObject({
      model,
      result: { label: 'bob', photos: { accepted: 2 } },
    });
    expect(await models(storage, keyId).versions()).toEqual([model?.version]);
    expect((await subjects(storage, keyId).findByLabel('ann'))?.id).toBe(sub);
    for (const { train } of [own, more, bob]) await handlers.train.afterSuccess?.(train);
    expect(await objects('uploads/')).toEqual([]);
    expect(await objects(`tenants/${keyId}/features/`)).toHaveLength(2);
  });

  it('are ended by the second try of one that died after publishing, and by themselves', async () => {
    const own = await upload('ann', await portraits(1, 0, 2));
    await extract(own);
    const [bob, cem] = [
      await waits(await upload('bob', await portraits(2, 0, 2))),
      await waits(await upload('cem', await portraits(3, 0, 2))),
    ];
    const dying = beside([bob, cem]);
    const end = () => Promise.reject(new Error('killed'));
    const killed = { ...dying.context, others: { ...dying.context.others, end } };
    await expect(handlers.train.run(own.train, killed)).rejects.toThrow('killed');
    const version = await models(storage, keyId).currentVersion();

    const itself = await handlers.train.run(cem.train, context);
    expect(itself).toMatchObject({ model: { version }, result: { label: 'cem', photos: { accepted: 2 } } });
    const { ended, context: again } = beside([bob]);
    expect((await handlers.train.run(own.train, again)).model).toEqual({ version, stale: false });
    expect(ended.get(bob.train.jobId)).toMatchObject({ model: { version }, result: { label: 'bob' } });
    expect(await models(storage, keyId).versions()).toEqual([version]);
  });

  it('are fitted without one that was cancelled while the fit ran', async () => {
    const own = await upload('ann', await portraits(1, 0, 2));
    await extract(own);
    const bob = await waits(await upload('bob', await portraits(2, 0, 2)));
    const { ended, context: turn } = beside([bob], [bob]);
    const { result } = await handlers.train.run(own.train, turn);
    await handlers.train.cleanUp?.(bob.train, lost);
    expect([ended.size, result.model.labels, result.model.photos]).toEqual([0, 1, 2]);
    expect(await subjects(storage, keyId).findByLabel('bob')).toBeUndefined();
    expect(await objects(`tenants/${keyId}/photos/${bob.train.subject!.subjectId}/`)).toEqual([]);
    expect(await models(storage, keyId).versions()).toContain(result.model.version);
  });

  it('fail alone: without a usable photo, or by a label that somebody else was given', async () => {
    const own = await upload('ann', await portraits(1, 0, 2));
    await extract(own);
    const nothing = await upload('bob', [await drawScene(1)]);
    await extract(nothing);
    await expect(handlers.train.run(nothing.train, context)).rejects.toMatchObject({
      code: 'NO_USABLE_PHOTOS',
    });
    const renamed = await waits(await upload('cem', await portraits(3, 0, 2)));
    const other = { id: newId('subject'), label: 'cem', createdAt: new Date().toISOString() };
    await subjects(storage, keyId).put(other);

    const { ended, context: turn } = beside([nothing, renamed]);
    const { result } = await handlers.train.run(own.train, turn);
    expect([ended.size, result.model.labels]).toEqual([0, 1]);
    await expect(handlers.train.run(renamed.train, context)).rejects.toMatchObject({ code: 'LABEL_TAKEN' });
  });
});

describe('enrol', () => {
  async function add(label: string, files: readonly Buffer[], subjectId?: string) {
    const training = await upload(label, files, subjectId);
    await extract(training);
    const payload = { ...training.train, subject: training.train.subject! };
    const answer = await handlers.enrol.run(payload, context);
    await handlers.enrol.afterSuccess?.(payload);
    return { payload, answer };
  }

  it('keeps photos and rows of somebody new, and leaves the model to a training that takes them in', async () => {
    const { answer: before } = await enrol('ann', await portraits(1, 0, 2));
    const { answer, payload } = await add('bob', [...(await portraits(2, 0, 3)), await drawScene(1)]);
    expect(answer).toMatchObject({
      model: null,
      result: { label: 'bob', photos: { accepted: 3, refused: [{ reason: 'NO_FACE' }] } },
    });
    expect((await subjects(storage, keyId).findByLabel('bob'))?.id).toBe(payload.subject.subjectId);
    expect(await models(storage, keyId).currentVersion()).toBe(before.model?.version);
    expect(await objects('uploads/')).toEqual([]);
    const retrain = { jobId: newId('job'), keyId, requestId: 'req_test', subject: null };
    const { result } = await handlers.train.run(retrain, context);
    expect(result.model).toMatchObject({ labels: 2, photos: 5 });
  });

  it('adds to somebody who is known, and takes back what it added when it is given up', async () => {
    const { train } = await enrol('ann', await portraits(1, 0, 2));
    const { payload } = await add('ann', await portraits(1, 2, 2), train.subject!.subjectId);
    expect(await objects(`tenants/${keyId}/photos/`)).toHaveLength(4);
    await handlers.enrol.cleanUp?.(payload, lost);
    expect(await objects(`tenants/${keyId}/photos/`)).toHaveLength(2);
    const rows = await featureTables(storage, keyId).read(train.subject!.subjectId);
    expect(rows.map(({ photoIds }) => photoIds.length)).toEqual([2]);
  });
});
