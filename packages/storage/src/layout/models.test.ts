import { describe, expect, it } from '@jest/globals';
import { newModelVersion } from '@facehash/contracts';
import type { ObjectStorage } from '../object-storage.js';
import { crashingAt, temporaryStorage } from '../testing/temporary-storage.js';
import { models, type NewModel } from './models.js';

const keyId = 'key_1';

const model = (weights = 'weights'): NewModel & { card: { version: string } } => ({
  card: {
    ...{ version: newModelVersion(Date.now()), trainedAt: '2026-11-24T10:00:00.000Z', jobId: 'job_1' },
    alongJobs: [],
    ...{
      features: 'ratios' as const,
      featuresReason: '',
      realised: null,
      background: 'bg-1',
      labels: [{ subjectId: 'sub_1', label: 'Zoë', photos: 3 }],
    },
    ...{ threshold: 4.5, targetFpir: 0.01, calibration: 'calibrated', fitMs: 12 },
  },
  modelJson: Buffer.from('{"model":1}'),
  weights: Buffer.from(weights),
});

describe('models', () => {
  let storage: ObjectStorage;
  temporaryStorage((opened) => void (storage = opened));

  it('of a key without training have no current version', async () => {
    expect(await models(storage, keyId).currentVersion()).toBeUndefined();
  });

  it('are read as published, the last one in force and the former still there', async () => {
    const [first, second] = [model('first'), model('second')];
    await models(storage, keyId).publish(first);
    await models(storage, keyId).publish(second);
    expect(await models(storage, keyId).currentVersion()).toBe(second.card.version);
    const read = await models(storage, keyId).read(first.card.version);
    expect(read.card).toMatchObject(first.card);
    expect(read.modelJson.toString()).toBe('{"model":1}');
    expect(read.weights.toString()).toBe('first');
  });

  it('keep what the training found out beside a version, and lose it with that', async () => {
    const [told, silent] = [model(), model()];
    const report = {
      subjects: [],
      lookAlikes: [{ subjectIds: ['sub_1', 'sub_2'] as [string, string], score: 3 }],
    };
    await models(storage, keyId).publish({ ...told, report });
    await models(storage, keyId).publish(silent);
    expect(await models(storage, keyId).report(told.card.version)).toEqual(report);
    expect(await models(storage, keyId).report(silent.card.version)).toBeUndefined();
    await models(storage, keyId).delete(told.card.version);
    expect(await models(storage, keyId).report(told.card.version)).toBeUndefined();
  });

  it('say NOT_FOUND for a version that never was', async () => {
    await expect(models(storage, keyId).read('mdl_0')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('never overwrite a version', async () => {
    const published = model();
    await models(storage, keyId).publish(published);
    const again = { ...published, weights: Buffer.from('others') };
    await expect(models(storage, keyId).publish(again)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect((await models(storage, keyId).read(published.card.version)).weights.toString()).toBe('weights');
  });

  it.each([1, 2, 3, 4])('keep the former in force when publishing crashes at write %d', async (nth) => {
    const [former, next] = [model(), model()];
    await models(storage, keyId).publish(former);
    await expect(models(crashingAt(storage, 'put', nth), keyId).publish(next)).rejects.toThrow('crashed');
    const version = await models(storage, keyId).currentVersion();
    expect(version).toBe(former.card.version);
    await expect(models(storage, keyId).read(version!)).resolves.toBeDefined();
  });

  it('keep the former in force when the publisher may no longer publish', async () => {
    const former = model();
    await models(storage, keyId).publish(former);
    const confirm = (): Promise<void> => Promise.reject(new Error('the lock is lost'));
    await expect(models(storage, keyId).publish({ ...model(), confirm })).rejects.toThrow('the lock is lost');
    expect(await models(storage, keyId).currentVersion()).toBe(former.card.version);
  });

  it('list every version, also one stored only half, and are deleted one by one', async () => {
    const [first, second] = [model(), model()];
    await models(storage, keyId).publish(first);
    await models(storage, keyId).publish(second);
    await storage.put(`tenants/${keyId}/models/mdl_0/weights.bin`, Buffer.from('half'));
    const versions = ['mdl_0', ...[first, second].map(({ card }) => card.version).sort()];
    expect(await models(storage, keyId).versions()).toEqual(versions);
    expect(await models(storage, keyId).card('mdl_0')).toBeUndefined();
    for (const version of ['mdl_0', first.card.version]) await models(storage, keyId).delete(version);
    expect(await models(storage, keyId).versions()).toEqual([second.card.version]);
    await models(storage, keyId).retire();
    expect(await models(storage, keyId).currentVersion()).toBeUndefined();
    expect(await models(storage, keyId).card(second.card.version)).toMatchObject(second.card);
  });

  it('are pruned to the versions wanted, with what crashes left behind', async () => {
    const [first, second, third] = [model(), model(), model()];
    for (const one of [first, second, third]) await models(storage, keyId).publish(one);
    await storage.put(`tenants/${keyId}/models/mdl_0/weights.bin`, Buffer.from('half'));
    const keep = [second, third].map(({ card }) => card.version);
    await models(storage, keyId).prune(keep);
    expect(await models(storage, keyId).versions()).toEqual(keep.sort());
    expect(await models(storage, keyId).currentVersion()).toBe(third.card.version);
  });

  it('say NOT_FOUND, not MODEL_CORRUPT, when they are deleted while they are read', async () => {
    const published = model();
    await models(storage, keyId).publish(published);
    const { version } = published.card;
    const find: ObjectStorage['find'] = async (key) => {
      const bytes = await storage.find(key);
      if (key.endsWith('card.json')) await models(storage, keyId).delete(version);
      return bytes;
    };
    const read = models({ ...storage, find }, keyId).read(version);
    await expect(read).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each(['model.json', 'weights.bin', 'card.json'])('are MODEL_CORRUPT with a changed %s', async (file) => {
    const published = model();
    await models(storage, keyId).publish(published);
    const key = `tenants/${keyId}/models/${published.card.version}/${file}`;
    await storage.put(key, Buffer.from('changed'));
    await expect(models(storage, keyId).read(published.card.version)).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      message: expect.stringContaining(key),
    });
  });

  it('are MODEL_CORRUPT with a missing file or a damaged pointer', async () => {
    const published = model();
    await models(storage, keyId).publish(published);
    await storage.delete(`tenants/${keyId}/models/${published.card.version}/weights.bin`);
    await storage.put(`tenants/${keyId}/models/current`, Buffer.from('mdl'));
    const corrupt = { code: 'MODEL_CORRUPT' };
    await expect(models(storage, keyId).read(published.card.version)).rejects.toMatchObject(corrupt);
    await expect(models(storage, keyId).currentVersion()).rejects.toMatchObject(corrupt);
  });
});
