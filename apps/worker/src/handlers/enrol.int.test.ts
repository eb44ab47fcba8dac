import { describe, expect, it } from '@jest/globals';
import { AppError, newId } from '@facehash/contracts';
import { featureTables, models, subjects } from '@facehash/storage';
import { drawScene } from '@facehash/testkit';
import { aloneContext as context } from '../testing/job-context.js';
import { keyForTests, portraits } from '../testing/key-for-tests.js';
import { useHandlers } from '../testing/use-handlers.js';

const lost = new AppError('JOB_LOST', 'given up');
const world = useHandlers();
const { storage, handlers } = world;
const { keyId, upload, extract, enrol, objects } = keyForTests(world);

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
