import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type ImportPayload } from '@facehash/contracts';
import { writeModelFile, writeTfjs, type Network } from '@facehash/keras-files';
import { selectBackend } from '@facehash/keras-models';
import { models, subjects, uploads } from '@facehash/storage';
import { shippedBackgrounds, type Backgrounds } from '../backgrounds.js';
import { loadStoredModel } from '../load-stored-model.js';
import { aloneContext as context } from '../testing/job-context.js';
import { useStorage } from '../testing/use-storage.js';
import { importHandler } from './import.js';

const storage = useStorage();
let backgrounds: Backgrounds;
const keyId = newId('key');

beforeAll(async () => {
  await selectBackend('cpu');
  backgrounds = await shippedBackgrounds();
});

/** Features → one Dense layer: output c is `weight(i, c)` of feature i, summed. */
function network(size: number, labels: number, weight: (i: number, c: number) => number): Network {
  const values = Float32Array.from({ length: size * labels }, (_, at) =>
    weight(Math.floor(at / labels), at % labels),
  );
  return {
    ...{ name: 'theirs', size, labels },
    layers: [
      { name: 'in', className: 'InputLayer', config: { size }, inputs: [], width: size, variables: [] },
      {
        ...{ name: 'out', className: 'Dense', inputs: ['in'], width: labels },
        config: { units: labels, activation: 'linear', use_bias: false },
        variables: [{ name: 'kernel', shape: [size, labels], values }],
      },
    ],
  };
}

const ABOUT = { version: '', features: '', threshold: 0, labels: [], trained_at: new Date(0).toISOString() };

async function upload(model: Network, more: Partial<ImportPayload> = {}): Promise<ImportPayload> {
  const jobId = newId('job');
  const uploadKey = uploads(storage).key(jobId, 'model');
  await storage.put(uploadKey, await writeModelFile(writeTfjs(model), 'keras', ABOUT));
  const outputs = ['ada', 'grace'].map((label) => ({ subjectId: newId('subject'), label }));
  const envelope = { jobId, keyId, requestId: 'req_test' };
  return { ...envelope, uploadKey, outputs, threshold: null, features: null, ...more };
}

const handler = () => importHandler({ storage, backgrounds });
const pick = (i: number, c: number) => (i === c ? 1 : 0);
const refused = (about: RegExp) =>
  expect.objectContaining({ code: 'MODEL_UNSUPPORTED', message: expect.stringMatching(about) });

describe('an import', () => {
  it('puts the model in force with its people, and it answers as it was trained', async () => {
    const payload = await upload(network(128, 2, pick), { threshold: 0.25 });
    const { result, model } = await handler().run(payload, context);
    expect(result).toMatchObject({
      subjects: { known: 0, created: 2 },
      model: { labels: 2, threshold: 0.25, calibration: 'calibrated', features: 'embedding' },
    });
    expect(await models(storage, keyId).currentVersion()).toBe(model?.version);
    expect((await subjects(storage, keyId).findByLabel('ada'))?.id).toBe(payload.outputs[0]!.subjectId);

    const loaded = await loadStoredModel(storage)(keyId, model!.version);
    expect(loaded.card).toMatchObject({ origin: 'imported', jobId: payload.jobId });
    const face = new Float32Array(128);
    face.set([0.5, -2]);
    expect([...(await loaded.model.score(face))]).toEqual([0.5, -2]);
    loaded.model.dispose();

    await handler().afterSuccess?.(payload);
    expect(await uploads(storage).count(payload.jobId)).toBe(0);
  });

  it('without a threshold takes the one that 1 % of drawn strangers reach, and says that it is not calibrated', async () => {
    const payload = await upload(network(2278, 2, pick));
    await handler().run(payload, context);
    const version = await models(storage, keyId).currentVersion();
    const card = await models(storage, keyId).card(version!);
    expect(card).toMatchObject({ calibration: 'uncalibrated', features: 'ratios', targetFpir: 0.01 });
    // The larger of two ratios: above their means, by a few of their deviations.
    const { mean, sd } = backgrounds.ratios;
    expect(card!.threshold).toBeGreaterThan(Math.max(mean[0]! + sd[0]!, mean[1]! + sd[1]!));
    expect(card!.threshold).toBeLessThan(Math.max(mean[0]! + 5 * sd[0]!, mean[1]! + 5 * sd[1]!));
    expect(card!.balanced?.threshold).toBeLessThan(card!.threshold);
  });

  it('repeated after a crash gives the same model again', async () => {
    const payload = await upload(network(128, 2, pick));
    const first = await handler().run(payload, context);
    expect((await handler().run(payload, context)).model).toEqual(first.model);
    expect(await models(storage, keyId).versions()).toHaveLength(1);
  });

  it('is refused, the former model staying, when it fits neither features nor labels, or answers nonsense', async () => {
    const run = async (model: Network, more?: Partial<ImportPayload>) =>
      handler().run(await upload(model, more), context);
    await expect(run(network(100, 2, pick))).rejects.toEqual(refused(/takes 100 numbers; expected 2278/));
    await expect(run(network(128, 2, pick), { features: 'ratios' })).rejects.toEqual(
      refused(/2278 \(ratios\)/),
    );
    await expect(run(network(128, 3, pick))).rejects.toEqual(refused(/3 output\(s\), and 2 label/));
    await expect(run(network(128, 2, () => Number.NaN))).rejects.toEqual(refused(/no numbers/));
    await expect(run(network(128, 2, () => 3e38))).rejects.toEqual(refused(/NaN or infinity/));
    await expect(run(network(128, 2, () => 0))).rejects.toEqual(refused(/every face the same/));
    expect(await models(storage, keyId).currentVersion()).toBeUndefined();
    expect(await models(storage, keyId).versions()).toEqual([]);
  });
});
