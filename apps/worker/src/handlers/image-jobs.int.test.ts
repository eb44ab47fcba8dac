import { beforeAll, describe, expect, it } from '@jest/globals';
import { AppError, newId, type RecognizePayload, type VerifyPayload } from '@facehash/contracts';
import { PAIR_THRESHOLD } from '@facehash/keras-models';
import { subjects, uploads } from '@facehash/storage';
import { drawGroup, drawPerson, drawPortrait, drawScene } from '@facehash/testkit';
import { aloneContext as context } from '../testing/job-context.js';
import { keyForTests, portraits } from '../testing/key-for-tests.js';
import { useHandlers } from '../testing/use-handlers.js';

const [ANN, BOB, CEM] = [1, 2, 3];

/** Drawn people resemble each other as real ones do not: pairs of two reach 20, pairs of one person 65. */
const THRESHOLD_OF_DRAWN_PAIRS = 40;

const world = useHandlers({ per: 'file' });
const { storage, handlers } = world;
const { keyId, enrol, objects } = keyForTests(world);
/** Subjects, by the person drawn. */
const enrolled = new Map<number, string>();

beforeAll(async () => {
  for (const person of [ANN, BOB, CEM]) {
    const { train } = await enrol(`person ${person}`, await portraits(person, 0, 6));
    enrolled.set(person, train.subject!.subjectId);
  }
});

const portrait = (person: number, photo: number) => drawPortrait(drawPerson(person), photo);

async function upload(file: Buffer, jobId: string, part?: string): Promise<string> {
  const uploadKey = uploads(storage).key(jobId, part);
  await storage.put(uploadKey, file);
  return uploadKey;
}

async function recognize(file: Buffer, asked: Partial<RecognizePayload> = {}) {
  const jobId = newId('job');
  const uploadKey = await upload(file, jobId);
  const payload = { jobId, keyId, requestId: 'req_test', uploadKey, maxFaces: 1, ...asked };
  try {
    return (await handlers.recognize.run(payload, context)).result.faces;
  } finally {
    await handlers.recognize.afterSuccess?.(payload);
  }
}

async function detect(file: Buffer, maxFaces = 1) {
  const jobId = newId('job');
  const uploadKey = await upload(file, jobId);
  const payload = { jobId, keyId: newId('key'), requestId: 'req_test', uploadKey, maxFaces };
  const answer = await handlers.detect.run(payload, context);
  await handlers.detect.afterSuccess?.(payload);
  return answer;
}

/** @param reference another image, or a subject's id */
async function verify(file: Buffer, reference: Buffer | string, asked: Partial<VerifyPayload> = {}) {
  const jobId = newId('job');
  const payload: VerifyPayload = {
    ...{ jobId, keyId, requestId: 'req_test' },
    uploadKey: await upload(file, jobId),
    reference:
      typeof reference === 'string'
        ? { subjectId: reference }
        : { uploadKey: await upload(reference, jobId, 'reference') },
    ...asked,
  };
  return { payload, run: () => handlers.verify.run(payload, context) };
}

describe('recognize', () => {
  it('gives a name from the threshold of the request on, and says which one it was', async () => {
    const photo = await portrait(BOB, 20);
    const [face] = await recognize(photo);
    expect(face).toMatchObject({ label: 'person 2' });
    const strict = await recognize(photo, { threshold: face!.candidates[0]!.score + 0.1 });
    expect(strict[0]).toMatchObject({ label: null, threshold: face!.candidates[0]!.score + 0.1 });
    const lax = await recognize(photo, { threshold: face!.candidates[0]!.score - 0.1 });
    expect(lax[0]).toMatchObject({ label: 'person 2' });
    expect(lax[0]!.confidence).toBeCloseTo(1 / (1 + Math.exp(-0.1)), 5);
  });

  it('finds the face with either profile', async () => {
    const photo = await portrait(BOB, 20);
    for (const profile of ['balanced', 'thorough'] as const) {
      expect(await recognize(photo, { profile })).toMatchObject([{ label: 'person 2' }]);
    }
  });

  it('says of each face whether it is the person claimed, also where another one fits better', async () => {
    const photo = await portrait(BOB, 20);
    const [right] = await recognize(photo, { claimedSubjectId: enrolled.get(BOB)! });
    expect(right!.claimed).toEqual({
      ...{ label: 'person 2', match: true },
      score: right!.candidates[0]!.score,
      confidence: right!.confidence,
    });
    const [wrong] = await recognize(photo, { claimedSubjectId: enrolled.get(ANN)! });
    expect(wrong).toMatchObject({ label: 'person 2', claimed: { label: 'person 1', match: false } });
    expect(wrong!.claimed!.score).toBeLessThan(wrong!.threshold);
    expect((await recognize(photo))[0]).not.toHaveProperty('claimed');

    const group = await drawGroup([BOB, CEM].map(drawPerson), 1);
    const faces = await recognize(group, { maxFaces: 5, claimedSubjectId: enrolled.get(BOB)! });
    expect(faces.map(({ claimed }) => claimed?.label)).toEqual(['person 2', 'person 2']);
  });

  it('fails where the person claimed is not in the model, or was deleted since', async () => {
    const photo = await portrait(BOB, 20);
    const stranger = recognize(photo, { claimedSubjectId: newId('subject') });
    await expect(stranger).rejects.toMatchObject({ code: 'LABEL_UNKNOWN' });
    const cem = (await subjects(storage, keyId).get(enrolled.get(CEM)!))!;
    await subjects(storage, keyId).delete(cem.id);
    const deleted = recognize(photo, { claimedSubjectId: cem.id });
    await expect(deleted).rejects.toMatchObject({ code: 'LABEL_UNKNOWN' });
    await subjects(storage, keyId).put(cem);
  });
});

describe('detect', () => {
  it('finds the faces of a key that knows nobody, with landmarks and quality and no name', async () => {
    const group = await drawGroup([ANN, BOB, CEM].map(drawPerson), 1);
    const { result, model } = await detect(group, 10);
    expect(model).toBeNull();
    expect(result.faces).toHaveLength(3);
    for (const face of result.faces) {
      expect(Object.keys(face).sort()).toEqual(['box', 'landmarks', 'quality']);
      expect(face.landmarks).toHaveLength(68);
      expect(face.quality.eye_distance_px).toBeGreaterThan(10);
    }
    const widths = result.faces.map(({ box }) => box.width);
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
    expect((await detect(group)).result.faces).toHaveLength(1);
  });

  it('answers a photo without a face by an empty list, and keeps no upload', async () => {
    expect((await detect(await drawScene(1))).result.faces).toEqual([]);
    expect(await objects('uploads/')).toEqual([]);
  });
});

describe('verify', () => {
  it('tells two photos of one person from photos of two, without a model, and keeps neither', async () => {
    const same = await verify(await portrait(ANN, 20), await portrait(ANN, 21), { keyId: newId('key') });
    const { result, model } = await same.run();
    expect(model).toBeNull();
    expect(result).toMatchObject({
      match: true,
      label: null,
      threshold: PAIR_THRESHOLD,
    });
    expect(result.score).toBeGreaterThan(THRESHOLD_OF_DRAWN_PAIRS);
    expect(result.images.map(({ field, faces }) => [field, faces])).toEqual([
      ['image', 1],
      ['reference', 1],
    ]);
    expect(result.images[1]!.face.landmarks).toHaveLength(68);
    expect(Object.keys(result.timings).sort()).toEqual([...['classify', 'decode', 'detect', 'quality']]);
    await handlers.verify.afterSuccess?.(same.payload);

    const other = await verify(await portrait(ANN, 20), await portrait(BOB, 21), {
      threshold: THRESHOLD_OF_DRAWN_PAIRS,
    });
    expect((await other.run()).result).toMatchObject({ match: false });
    await handlers.verify.cleanUp?.(other.payload, new AppError('JOB_LOST', 'given up'));
    expect(await objects('uploads/')).toEqual([]);
  });

  it('compares with somebody enrolled exactly as a recognition does', async () => {
    const photo = await portrait(BOB, 20);
    const [face] = await recognize(photo, { profile: 'thorough', claimedSubjectId: enrolled.get(BOB)! });
    const right = await (await verify(photo, enrolled.get(BOB)!)).run();
    const { label, match, score, confidence, threshold } = right.result;
    expect({ label, match, score, confidence }).toEqual(face!.claimed);
    expect(threshold).toBe(face!.threshold);
    expect(right.result.images).toHaveLength(1);
    expect(right.model).toMatchObject({ stale: false });
    const wrong = await (await verify(photo, enrolled.get(ANN)!)).run();
    expect(wrong.result).toMatchObject({ label: 'person 1', match: false });
  });

  it('takes the threshold of the request', async () => {
    const [one, other] = [await portrait(ANN, 20), await portrait(ANN, 21)];
    const { result } = await (await verify(one, other)).run();
    const strict = await verify(one, other, { threshold: result.score + 0.1 });
    expect((await strict.run()).result).toMatchObject({ match: false, threshold: result.score + 0.1 });
    const lax = await verify(one, await portrait(BOB, 21), { threshold: -100 });
    expect((await lax.run()).result).toMatchObject({ match: true });
  });

  it('takes the largest face and says how many there were', async () => {
    const group = await drawGroup([ANN, BOB].map(drawPerson), 1);
    const { result } = await (await verify(await portrait(ANN, 20), group)).run();
    expect(result.images.map(({ faces }) => faces)).toEqual([1, 2]);
  });

  it.each(['image', 'reference'] as const)('fails where the %s shows no face, and says so', async (field) => {
    const [face, scene] = [await portrait(ANN, 20), await drawScene(1)];
    const { run } = field === 'image' ? await verify(scene, face) : await verify(face, scene);
    await expect(run()).rejects.toMatchObject({ code: 'NO_FACE', details: { field } });
  });

  it('fails where nobody is enrolled under the key, and where the person is not', async () => {
    const photo = await portrait(ANN, 20);
    const ann = enrolled.get(ANN)!;
    await expect((await verify(photo, ann, { keyId: newId('key') })).run()).rejects.toMatchObject({
      code: 'MODEL_NOT_TRAINED',
    });
    await expect((await verify(photo, newId('subject'))).run()).rejects.toMatchObject({
      code: 'LABEL_UNKNOWN',
    });
  });
});
