import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, newId, type ExtractPayload, type TrainPayload } from '@facehash/contracts';
import { selectBackend, shippedBackground, type Background } from '@facehash/keras-models';
import { featureTables, models, openStorage, subjects, uploads, type ObjectStorage } from '@facehash/storage';
import { drawGroup, drawPerson, drawPortrait, drawScene } from '@facehash/testkit';
import { createFaceAnalyzer, type FaceAnalyzer } from '@facehash/vision';
import { loadStoredModel } from '../load-stored-model.js';
import { createModelCache } from '../model-cache.js';
import { createHandlers } from './index.js';

const inRepository = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const context = {
  attempt: 1,
  signal: new AbortController().signal,
  progress: () => Promise.resolve(),
  mayPublish: () => Promise.resolve(true),
  forget: () => Promise.resolve(0),
};
const lost = new AppError('JOB_LOST', 'given up');

let folder: string;
let storage: ObjectStorage;
let analyzer: FaceAnalyzer;
let background: Background;
let handlers: ReturnType<typeof createHandlers>;
let keyId: string;

beforeAll(async () => {
  await selectBackend('cpu');
  background = await shippedBackground('ratios');
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
    background,
    modelCache: createModelCache({ load: loadStoredModel(storage), maxModels: 4 }),
    logger: { warn: () => undefined },
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
  return { ...training, answer: await handlers.train.run(training.train, context) };
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

    const { run, payload } = await recognize((await portraits(2, 20, 1))[0]!);
    const { result, model } = await run();
    expect(model).toEqual({ version: answer.result.model.version, stale: false });
    expect(result.faces).toHaveLength(1);
    expect(result.faces[0]).toMatchObject({ label: 'bob', candidates: [{ label: 'bob' }, {}, {}] });
    expect(result.faces[0]!.confidence).toBeGreaterThan(0.5);
    expect(result.faces[0]!.quality.eye_distance_px).toBeGreaterThan(20);
    await handlers.recognize.afterSuccess?.(payload);
    expect(await objects('uploads/')).toEqual([]);
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

  it('gives its answer again when the worker died after clearing up, and clears up what is in force as a success', async () => {
    const { train, answer } = await enrol('ann', await portraits(1, 0, 2));
    const again = await handlers.train.run(train, context);
    expect(again.model).toEqual(answer.model);
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
});
