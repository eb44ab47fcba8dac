import { newId, type ExtractPayload, type Job, type TrainPayload } from '@facehash/contracts';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { TEXT, formOf, jpegOf, type Part } from '../testing/forms.js';
import { TEST_LIMITS } from '../testing/gateway-for-tests.js';
import { bearer, eventually, openPost, send } from '../testing/requests.js';
import { standInHandlers } from '../testing/stand-in-worker.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway({ per: 'test' });
let url: string;

beforeEach(() => {
  url = `${gateway.url}/v1/train`;
});

const post = <T>(body: RequestInit['body'], headers: Record<string, string> = {}) =>
  send<T>(url, { method: 'POST', headers: { ...bearer(gateway.secret), ...headers }, body: body ?? null });
const postForm = <T>(...parts: Part[]) => post<T>(formOf(...parts));
const photos = (count: number): Part[] =>
  Array.from({ length: count }, (_, n) => ['photos', jpegOf(100 + n), `${n}.jpg`] as const);

const mayTrain = async () => (await gateway.jobs.trainings.acquire(gateway.key.id, newId('job'))).acquired;

describe('POST /v1/train refuses', () => {
  const refused: [string, () => ReturnType<typeof post<{ code: string }>>, number, string][] = [
    ['photos without a label', () => postForm(...photos(2)), 400, 'INVALID_REQUEST'],
    ['a label without photos', () => postForm(['label', 'Ada']), 400, 'MISSING_FILE'],
    ['an empty label', () => postForm(['label', '  '], ...photos(1)), 400, 'INVALID_REQUEST'],
    ['a label with a line break', () => postForm(['label', 'A\nda'], ...photos(1)), 400, 'INVALID_REQUEST'],
    ['a label too long', () => postForm(['label', 'x'.repeat(129)], ...photos(1)), 400, 'INVALID_REQUEST'],
    ['two labels', () => postForm(['label', 'Ada'], ['label', 'Bob'], ...photos(1)), 400, 'INVALID_REQUEST'],
    ['an unknown field', () => postForm(['name', 'Ada'], ...photos(1)), 400, 'INVALID_REQUEST'],
    ['a file elsewhere', () => postForm(['label', 'Ada'], ['image', jpegOf(99)]), 400, 'INVALID_REQUEST'],
    ['one photo too many', () => postForm(['label', 'Ada'], ...photos(13)), 413, 'TOO_MANY_PHOTOS'],
    ['JSON', () => post('{"label":"Ada"}', { 'content-type': 'application/json' }), 400, 'INVALID_REQUEST'],
    [
      'a form without boundary',
      () => post('x', { 'content-type': 'multipart/form-data' }),
      400,
      'INVALID_REQUEST',
    ],
  ];

  it.each(refused)('%s, keeps nothing of it and lets the key train', async (_name, request, status, code) => {
    const answer = await request();
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await gateway.uploads()).toEqual([]);
    expect(await mayTrain()).toBe(true);
  });

  it('a photo of too many bytes by its name, and keeps none of the others', async () => {
    const large = ['photos', jpegOf(TEST_LIMITS.maxImageBytes + 1), 'groß.jpg'] as const;
    const { status, body } = await postForm<object>(['label', 'Ada'], ...photos(3), large, ...photos(3));
    expect(status).toBe(413);
    expect(body).toMatchObject({ code: 'IMAGE_TOO_LARGE', file_name: 'groß.jpg' });
    expect(await gateway.uploads()).toEqual([]);
    expect(await mayTrain()).toBe(true);
  });
});

describe('POST /v1/train broken off', () => {
  it('leaves no photo behind and lets the key train', async () => {
    const request = openPost(url, {
      ...bearer(gateway.secret),
      'content-type': 'multipart/form-data; boundary=b',
    });
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) {
      request.write(`--b\r\nContent-Disposition: form-data; name="photos"; filename="${name}"\r\n\r\n`);
      request.write(jpegOf(5000));
      if (name !== 'c.jpg') request.write('\r\n');
    }
    await eventually(async () => (await gateway.uploads()).length === 2);
    await eventually(async () => (await gateway.halfWritten()).length === 1);
    const second = await postForm<{ code: string; training_job: string }>(['label', 'Bob'], ...photos(1));
    expect([second.status, second.body.code]).toEqual([409, 'TRAINING_IN_PROGRESS']);
    expect(second.body.training_job).toMatch(/^job_/);
    expect(second.headers.get('retry-after')).toBe('5');

    request.destroy();
    await eventually(async () => (await gateway.uploads()).length === 0);
    await eventually(async () => (await gateway.halfWritten()).length === 0);
    await eventually(mayTrain);
  });
});

describe('POST /v1/train accepts', () => {
  it('a label after its photos, all of them stored in order, whatever they hold', async () => {
    const odd: Part[] = [
      ['photos', Buffer.alloc(0), 'empty.jpg'],
      ['photos', TEXT, 'text.jpg'],
    ];
    const { status, headers, body } = await postForm<Job>(...photos(4), ...odd, ['label', ' Ada ']);
    expect([status, body.type, headers.get('location')]).toEqual([202, 'train', `/v1/jobs/${body.id}`]);
    const sizes = await Promise.all(
      [0, 1, 2, 3, 4, 5].map(async (n) => (await gateway.storage.get(`uploads/${body.id}/${n}`)).length),
    );
    expect(sizes).toEqual([100, 101, 102, 103, 0, TEXT.length]);
  });

  it('no second training until the first has ended', async () => {
    const first = await postForm<Job>(['label', 'Ada'], ...photos(1));
    const second = await postForm<{ code: string; training_job: string }>(['label', 'Bob'], ...photos(1));
    expect([second.status, second.body.code]).toEqual([409, 'TRAINING_IN_PROGRESS']);
    expect(second.body.training_job).toBe(first.body.id);
    await gateway.startWorker();
    await gateway.jobs.wait(first.body.id, 20_000);
    expect((await postForm(['label', 'Bob'], ...photos(1))).status).toBe(202);
  });

  it('photos in batches, the same person under the same label, and answers who waits', async () => {
    const extracts: ExtractPayload[] = [];
    const trains: TrainPayload[] = [];
    const handlers = standInHandlers(gateway.storage);
    await gateway.startWorker({
      extract: {
        run: (payload, context) => {
          extracts.push(payload);
          return handlers.extract.run(payload, context);
        },
      },
      train: {
        run: (payload, context) => {
          trains.push(payload);
          return handlers.train.run(payload, context);
        },
      },
    });
    const known = { id: newId('subject'), label: 'Ada', createdAt: new Date().toISOString() };
    await gateway.enrol(known);

    const { status, headers, body } = await post<Job>(formOf(['label', 'Ada'], ...photos(12)), {
      prefer: 'wait=30',
    });
    expect([status, body.status, headers.get('preference-applied')]).toEqual([200, 'succeeded', 'wait=30']);
    expect(body.result).toMatchObject({ label: 'Ada', subject_id: known.id, photos: { accepted: 12 } });
    expect(extracts.map((extract) => extract.photos.length).sort()).toEqual([2, 5, 5]);
    expect(trains[0]?.subject?.photos.map(({ fileName }) => fileName)).toEqual(
      Array.from({ length: 12 }, (_, n) => `${n}.jpg`),
    );
    expect(await gateway.uploads()).toEqual([]);
  });

  it('an empty body as a retraining', async () => {
    await gateway.startWorker();
    const { status, body } = await post<Job>(undefined, { prefer: 'wait=30' });
    expect([status, body.status]).toEqual([200, 'succeeded']);
    expect(body.result).toMatchObject({ label: null, photos: { accepted: 0 } });
  });
});
