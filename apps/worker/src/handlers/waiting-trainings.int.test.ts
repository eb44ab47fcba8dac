import { describe, expect, it } from '@jest/globals';
import { AppError, newId } from '@facehash/contracts';
import { OutOfTurn } from '@facehash/jobs';
import { models, subjects } from '@facehash/storage';
import { drawScene } from '@facehash/testkit';
import { aloneContext as context } from '../testing/job-context.js';
import { keyForTests, portraits, type Training } from '../testing/key-for-tests.js';
import { useHandlers } from '../testing/use-handlers.js';

const lost = new AppError('JOB_LOST', 'given up');
const world = useHandlers();
const { storage, handlers } = world;
const { keyId, upload, extract, objects } = keyForTests(world);

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
