import { describe, expect, it } from '@jest/globals';
import { AppError } from '@facehash/contracts';
import { subjects } from '@facehash/storage';
import { drawGroup, drawPerson, drawScene } from '@facehash/testkit';
import { aloneContext as context } from '../testing/job-context.js';
import { keyForTests, portraits } from '../testing/key-for-tests.js';
import { useHandlers } from '../testing/use-handlers.js';

const lost = new AppError('JOB_LOST', 'given up');
const world = useHandlers();
const { storage, handlers } = world;
const { keyId, upload, extract, enrol, recognize, objects } = keyForTests(world);

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
