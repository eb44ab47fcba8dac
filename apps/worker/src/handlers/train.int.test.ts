import { describe, expect, it } from '@jest/globals';
import { AppError, newId } from '@facehash/contracts';
import { featureTables, models, subjects } from '@facehash/storage';
import { drawGroup, drawPerson, drawPortrait, drawScene } from '@facehash/testkit';
import { aloneContext as context } from '../testing/job-context.js';
import { keyForTests, portraits } from '../testing/key-for-tests.js';
import { useHandlers } from '../testing/use-handlers.js';

const lost = new AppError('JOB_LOST', 'given up');
const world = useHandlers();
const { storage, handlers } = world;
const { keyId, upload, extract, enrol, objects } = keyForTests(world);

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
