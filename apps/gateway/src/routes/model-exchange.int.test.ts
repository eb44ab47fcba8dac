import type { Job, ModelCard } from '@facehash/contracts';
import { readModelFile, writeTfjs, type Network } from '@facehash/keras-files';
import { models } from '@facehash/storage';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { formOf, type Part } from '../testing/forms.js';
import { bearer, send } from '../testing/requests.js';
import { standInModel } from '../testing/stand-in-worker.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway();

const NETWORK: Network = {
  ...{ name: 'key_model', size: 2, labels: 2 },
  layers: [
    {
      ...{ name: 'features', className: 'InputLayer', config: { size: 2 } },
      ...{ inputs: [], width: 2, variables: [] },
    },
    {
      ...{ name: 'llr', className: 'Dense', inputs: ['features'], width: 2 },
      config: { units: 2, activation: 'linear', use_bias: false },
      variables: [{ name: 'kernel', shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) }],
    },
  ],
};

describe('GET /v1/models/{version}/download', () => {
  const download = (path: string, secret = gateway.secret) =>
    fetch(`${gateway.url}/v1/models/${path}`, { headers: bearer(secret) });
  let card: ModelCard;

  beforeAll(async () => {
    card = { ...standInModel().card, threshold: 4.5 };
    await models(gateway.storage, gateway.key.id).publish({ card, ...writeTfjs(NETWORK) });
  });

  it.each(['keras', 'h5'])('gives the same layers and numbers as .%s', async (format) => {
    const answer = await download(`current/download?format=${format}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="${card.version}.${format}"`,
    );
    expect(await readModelFile(new Uint8Array(await answer.arrayBuffer()))).toEqual(NETWORK);
  });

  it('gives the stored files for TensorFlow.js, with what the outputs stand for', async () => {
    const answer = await download(`${card.version}/download?format=tfjs`);
    const zip = Buffer.from(await answer.arrayBuffer());
    // Stored, not packed: the files lie in it as they are.
    for (const part of Object.values(writeTfjs(NETWORK))) expect(zip.includes(Buffer.from(part))).toBe(true);
    expect(zip.includes('"threshold":4.5')).toBe(true);
  });

  it('knows no version of another key, none that is gone, and no other format', async () => {
    const problem = async (answer: Promise<Response>) => (await answer).json();
    const { secret } = await gateway.newKey();
    expect(await problem(download(`${card.version}/download`, secret))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await problem(download('current/download', secret))).toMatchObject({ code: 'NOT_FOUND' });
    const gone = `mdl_${'0'.repeat(32)}`;
    expect(await problem(download(`${gone}/download`))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await problem(download('current/download?format=onnx'))).toMatchObject({
      code: 'INVALID_REQUEST',
    });
  });
});

describe('POST /v1/models', () => {
  const H5 = Buffer.concat([Buffer.from('894844460d0a1a0a', 'hex'), Buffer.alloc(100)]);
  const importIt = (...parts: readonly Part[]) =>
    send<Job & { code: string; detail: string }>(`${gateway.url}/v1/models`, {
      method: 'POST',
      headers: bearer(gateway.secret),
      body: formOf(...parts),
    });
  const labels: Part = ['labels', '["ada","grace"]'];

  it('refuses what is no model, is too large, or comes without labels, and keeps nothing of it', async () => {
    const code = async (...parts: Part[]) => (await importIt(...parts)).body.code;
    expect(await code(labels)).toBe('MISSING_FILE');
    expect(await code(labels, ['model', Buffer.from('a text, no model'), 'a.h5'])).toBe('MODEL_UNSUPPORTED');
    const large = Buffer.concat([H5, Buffer.alloc(70_000)]);
    expect(await code(labels, ['model', large, 'a.h5'])).toBe('MODEL_TOO_LARGE');
    expect(await code(['model', H5, 'a.h5'])).toBe('INVALID_REQUEST');
    expect(await code(['labels', '["ada","ada"]'], ['model', H5, 'a.h5'])).toBe('INVALID_REQUEST');
    expect(await gateway.uploads()).toEqual([]);
  });

  it('queues an import that no training may meet', async () => {
    const people = Array.from({ length: 2000 }, (_, at) => `one of very many people, namely number ${at}`);
    const many: Part = ['labels', JSON.stringify(people)];
    const { status, body } = await importIt(many, ['threshold', '3.5'], ['model', H5, 'a.h5']);
    expect([status, body.type, body.status]).toEqual([202, 'import', 'queued']);
    expect(await gateway.uploads()).toEqual([`uploads/${body.id}/model`]);
    expect((await importIt(labels, ['model', H5, 'a.h5'])).body.code).toBe('TRAINING_IN_PROGRESS');
    await gateway.startWorker();
    const ended = await gateway.jobs.wait(body.id, 10_000);
    expect(ended?.job.status).toBe('succeeded');
  });
});
