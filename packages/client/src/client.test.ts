import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answeringServer, CUT, job, problem, type AnsweringServer } from './testing/answering-server.js';

const photo = new Uint8Array(200_000).fill(0x78);
const ended = { status: 'succeeded', progress: { percent: 100, stage: 'done' } } as const;

let server: AnsweringServer;
let retries: string[];

beforeEach(async () => {
  retries = [];
  server = await answeringServer({ onRetry: ({ code }, seconds) => retries.push(`${code} ${seconds}`) });
});
afterEach(() => {
  server.stop();
});

describe('recognize', () => {
  it('sends the photo with its name and settings, and has the result when the job ended in time', async () => {
    const result = { image: { width: 1, height: 1 }, faces: [], timings: {} };
    server.answer({ body: job({ ...ended, result }) });
    const named = new File([photo], 'ann 1.jpg');
    const handle = await server.client.recognize(named, { max_faces: 3, metadata: { order: '4711' } });
    expect(await handle.result()).toEqual(result);
    expect(server.seen).toHaveLength(1);
    const { path, headers, body } = server.seen[0]!;
    expect(path).toBe('/v1/recognize');
    expect(headers).toMatchObject({ authorization: 'Bearer fh_secret', prefer: 'wait=30' });
    expect(body).toMatch(/name="image"; filename="ann 1.jpg"/);
    expect(body).toMatch(/name="max_faces"\r\n\r\n3\r\n/);
    expect(body).toMatch(/name="metadata"\r\n\r\n{"order":"4711"}\r\n/);
    expect(body.length).toBeGreaterThan(200_000);
  });

  it('is sent again, whole and under the same key, when the connection breaks off', async () => {
    server.answer({ body: CUT }, problem('UNAVAILABLE', 0), { body: job(ended) });
    await server.client.recognize(photo);
    const keys = server.seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys).toEqual([keys[0], keys[0], keys[0]]);
    expect(server.seen.every(({ body }) => body.length > 200_000)).toBe(true);
    expect(retries).toEqual(['UNAVAILABLE 1', 'UNAVAILABLE 1']);
  });

  it('tells a job of an earlier call under the same key, but not one of its own lost try', async () => {
    const replayed = { body: job(ended), headers: { 'idempotency-replayed': 'true' } };
    server.answer(replayed, { body: CUT }, replayed, { body: job(ended) });
    const isReplayed = async () => (await server.client.recognize(photo, { idempotencyKey: 'k' })).isReplayed;
    expect([await isReplayed(), await isReplayed(), await isReplayed()]).toEqual([true, false, false]);
  });

  it('has another key in another call', async () => {
    server.answer({ body: job(ended) }, { body: job(ended) });
    await server.client.recognize(photo);
    await server.client.recognize(photo);
    const [one, other] = server.seen.map(({ headers }) => headers['idempotency-key']);
    expect(one).not.toBe(other);
  });

  it('waits for a training where it is told to', async () => {
    server.answer(problem('MODEL_TRAINING', 0), { body: job(ended) });
    await server.client.recognize(photo, { whileTraining: 'wait' });
    expect(retries).toEqual(['MODEL_TRAINING 0']);
  });

  it('fails with what the server said', async () => {
    server.answer(problem('MODEL_TRAINING', 7));
    await expect(server.client.recognize(photo)).rejects.toMatchObject({
      name: 'FaceHashError',
      code: 'MODEL_TRAINING',
      message: 'because of MODEL_TRAINING',
      status: 409,
      retryable: true,
      requestId: 'req_1',
      retryAfterS: 7,
      details: { extra: 1 },
    });
  });

  it('tells a server that is not there, or is another one, from a refusal', async () => {
    server.answer({ status: 502, body: '<html>' }, { body: '<html>' });
    await expect(server.client.recognize(photo)).rejects.toMatchObject({ code: 'INTERNAL', status: 502 });
    await expect(server.client.recognize(photo)).rejects.toMatchObject({ code: 'INTERNAL', status: 200 });
    const nowhere = await answeringServer({ url: 'http://127.0.0.1:1', maxRetries: 0 });
    nowhere.stop();
    await expect(nowhere.client.recognize(photo)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      status: undefined,
    });
  });
});

describe('train', () => {
  it('tells how far the upload and then the job have come', async () => {
    const queued = job();
    const half = { percent: 50, stage: 'fitting' };
    server.answer(
      { status: 202, body: queued },
      { body: { ...queued, status: 'processing', progress: half } },
      { body: { ...queued, ...ended } },
    );
    const told: { stage: string; percent: number }[] = [];
    const onProgress = (progress: { stage: string; percent: number }) => void told.push(progress);
    const handle = await server.client.train('ann', [photo, photo], { onProgress });
    await handle.wait();
    expect(server.seen[0]!.body.match(/name="photos"; filename="photo-[12]"/g)).toHaveLength(2);
    expect(server.seen[0]!.body).toMatch(/name="label"\r\n\r\nann\r\n/);
    expect(told.filter(({ stage }) => stage === 'uploading').length).toBeGreaterThan(1);
    expect(told.slice(-4).map(({ stage, percent }) => `${stage} ${percent}`)).toEqual([
      'uploading 100',
      'queued 0',
      'fitting 50',
      'done 100',
    ]);
  });
});

describe('lists', () => {
  it('come page by page', async () => {
    const page = (data: unknown[], next_cursor: string | null) => ({
      body: { object: 'list', data, has_more: next_cursor !== null, next_cursor },
    });
    server.answer(page([{ label: 'a' }, { label: 'b' }], 'x y'), page([{ label: 'c' }], null));
    const labels = [];
    for await (const { label } of server.client.subjects.list()) labels.push(label);
    server.answer(page([{ id: 'key_1' }], 'key_1'), page([], null));
    for await (const { id } of server.client.keys.list()) labels.push(id);
    expect(labels).toEqual(['a', 'b', 'c', 'key_1']);
    expect(server.seen.map(({ path }) => path)).toEqual([
      '/v1/subjects?limit=100',
      '/v1/subjects?limit=100&after=x+y',
      '/v1/keys?limit=100',
      '/v1/keys?limit=100&after=key_1',
    ]);
  });
});

describe('subjects', () => {
  it('are named by their labels, whatever is in them', async () => {
    server.answer({ body: {} }, { status: 202, body: job() });
    await server.client.subjects.update('Zoë / 1', { label: 'Zoë' });
    await server.client.subjects.delete('Zoë / 1');
    expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /v1/subjects/Zo%C3%AB%20%2F%201',
      'DELETE /v1/subjects/Zo%C3%AB%20%2F%201',
    ]);
    expect(JSON.parse(server.seen[0]!.body)).toEqual({ label: 'ZoÃ«' });
  });
});

describe('models', () => {
  it('are downloaded as files, by the name the server gives them', async () => {
    const headers = { 'content-disposition': 'attachment; filename="mdl_1.h5"' };
    server.answer({ body: 'HDF', headers }, problem('NOT_FOUND'));
    const file = await server.client.models.download('mdl_1', { format: 'h5' });
    expect([file.name, await file.text()]).toEqual(['mdl_1.h5', 'HDF']);
    await expect(server.client.models.download()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(server.seen.map(({ path }) => path)).toEqual([
      '/v1/models/mdl_1/download?format=h5',
      '/v1/models/current/download?format=keras',
    ]);
  });

  it('are imported with their labels, whatever is in them', async () => {
    server.answer({ status: 202, body: job({ type: 'import' }) });
    const file = new File(['HDF'], 'mine.h5');
    await server.client.models.import(file, ['Lovelace, Ada', 'ben'], { threshold: -3.5 });
    const { method, path, headers, body } = server.seen[0]!;
    expect([method, path]).toEqual(['POST', '/v1/models']);
    expect(headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
    expect(body).toMatch(/name="labels"\r\n\r\n\["Lovelace, Ada","ben"\]\r\n/);
    expect(body).toMatch(/name="threshold"\r\n\r\n-3.5\r\n/);
    expect(body).toMatch(/name="model"; filename="mine.h5"/);
  });
});

describe('keys and webhooks', () => {
  it('are changed, erased and tried out where the API says', async () => {
    server.answer(
      { body: {} },
      { status: 202, body: {} },
      { body: {} },
      { status: 202, body: {} },
      { body: {} },
    );
    await server.client.keys.update('key_1', { on_training: 'queue' });
    await server.client.keys.erase('key_1');
    await server.client.keys.erasure('key_1');
    await server.client.webhooks.ping('whk_1');
    await server.client.webhooks.rotate('whk_1', { grace_seconds: 0 });
    expect(server.seen.map(({ method, path, body }) => `${method} ${path} ${body}`)).toEqual([
      'PATCH /v1/keys/key_1 {"on_training":"queue"}',
      'POST /v1/keys/key_1/erase {"confirm":"key_1"}',
      'GET /v1/keys/key_1/erasure ',
      'POST /v1/webhooks/whk_1/ping ',
      'POST /v1/webhooks/whk_1/rotate {"grace_seconds":0}',
    ]);
  });
});
