import { newId, type Job, type Problem } from '@facehash/contracts';
import { uploads } from '@facehash/storage';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { TEXT, formOf, jpegOf, type Part } from '../testing/forms.js';
import { TEST_LIMITS } from '../testing/gateway-for-tests.js';
import { bearer, eventually, openPost, send } from '../testing/requests.js';
import { standInHandlers } from '../testing/stand-in-worker.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway();
let url: string;
const ada = newId('subject');

beforeAll(async () => {
  await gateway.publishModel(gateway.key.id);
  await gateway.enrol({ id: ada, label: 'Ada', createdAt: '2026-11-24T00:00:00.000Z' });
  url = `${gateway.url}/v1/verify`;
});

const post = <T>(body: RequestInit['body'], headers: Record<string, string> = {}) =>
  send<T>(url, { method: 'POST', headers: { ...bearer(gateway.secret), ...headers }, body: body ?? null });
const postForm = <T>(...parts: Part[]) => post<T>(formOf(...parts));

const image: Part = ['image', jpegOf(99)];
const reference: Part = ['reference', jpegOf(101)];

describe('POST /v1/verify refuses', () => {
  const refused: [string, Part[], number, string][] = [
    ['one image and no label', [image], 400, 'INVALID_REQUEST'],
    ['two images and a label', [image, reference, ['label', 'Ada']], 400, 'INVALID_REQUEST'],
    ['only a reference', [reference], 400, 'MISSING_FILE'],
    ['only a label', [['label', 'Ada']], 400, 'MISSING_FILE'],
    ['two images in one field', [image, image], 400, 'INVALID_REQUEST'],
    ['three images', [image, reference, reference], 400, 'INVALID_REQUEST'],
    ['a text file as the reference', [image, ['reference', TEXT]], 415, 'IMAGE_TYPE_UNSUPPORTED'],
    ['an empty reference', [image, ['reference', Buffer.alloc(0)]], 422, 'IMAGE_EMPTY'],
    [
      'a reference of one byte too many',
      [image, ['reference', jpegOf(TEST_LIMITS.maxImageBytes + 1)]],
      413,
      'IMAGE_TOO_LARGE',
    ],
    ['a label that nobody has', [image, ['label', 'Eve']], 422, 'LABEL_UNKNOWN'],
    ['an empty threshold', [image, reference, ['threshold', '']], 400, 'INVALID_REQUEST'],
    ['a threshold that is no number', [image, reference, ['threshold', 'high']], 400, 'INVALID_REQUEST'],
    ['a threshold beyond all bounds', [image, reference, ['threshold', '101']], 400, 'INVALID_REQUEST'],
    ['an unknown field', [image, reference, ['max_faces', '2']], 400, 'INVALID_REQUEST'],
  ];

  it.each(refused)('%s, and keeps nothing of it', async (_name, parts, status, code) => {
    const answer = await postForm<{ code: string }>(...parts);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await gateway.uploads()).toEqual([]);
  });

  it('a label to a key without a model, and while one is trained, but never two images', async () => {
    const { key, secret } = await gateway.newKey();
    const init = { method: 'POST', headers: bearer(secret) };
    const ask = <T = Problem>(...parts: Part[]) => send<T>(url, { ...init, body: formOf(...parts) });
    expect((await ask(image, ['label', 'Ada'])).body.code).toBe('MODEL_NOT_TRAINED');
    const jobId = newId('job');
    await gateway.jobs.trainings.acquire(key.id, jobId);
    await gateway.jobs.submitTraining({ jobId, keyId: key.id, requestId: 'r', subject: null }, []);
    expect((await ask(image, ['label', 'Ada'])).body.code).toBe('MODEL_TRAINING');
    expect(await gateway.uploads()).toEqual([]);
    const { status, body } = await ask<Job>(image, reference);
    expect(status).toBe(202);
    // Whoever may send it may end it, and both images go.
    expect((await send<Job>(`${gateway.url}${body.urls.cancel}`, init)).body.status).toBe('canceled');
    expect(await gateway.uploads()).toEqual([]);
  });

  it('broken off in its second image, and takes the first one back', async () => {
    const request = openPost(url, {
      ...bearer(gateway.secret),
      'content-type': 'multipart/form-data; boundary=b',
    });
    for (const field of ['image', 'reference']) {
      request.write(`--b\r\nContent-Disposition: form-data; name="${field}"; filename="a.jpg"\r\n\r\n`);
      request.write(jpegOf(5000));
      if (field === 'image') request.write('\r\n');
    }
    await eventually(async () => (await gateway.halfWritten()).length === 1);
    expect(await gateway.uploads()).toHaveLength(1);
    request.destroy();
    await eventually(async () => (await gateway.uploads()).length === 0);
    await eventually(async () => (await gateway.halfWritten()).length === 0);
  });
});

describe('POST /v1/verify accepts', () => {
  it('two images in any order, each as large as one may be', async () => {
    const [large, small] = [jpegOf(TEST_LIMITS.maxImageBytes), jpegOf(99)];
    const { status, body } = await postForm<Job>(
      ['reference', large],
      ['threshold', '-1.5'],
      ['image', small],
    );
    expect([status, body.type]).toEqual([202, 'verify']);
    const stored = uploads(gateway.storage);
    expect(await gateway.storage.get(stored.key(body.id))).toEqual(small);
    expect(await gateway.storage.get(stored.key(body.id, 'reference'))).toEqual(large);
    await gateway.jobs.remove(body.id, () => stored.deleteAll(body.id));
  });

  // Last: from here on a worker ends every job that is queued.
  it('an image and a label, by the id of whom it is', async () => {
    const asked: unknown[] = [];
    const { verify } = standInHandlers(gateway.storage);
    await gateway.startWorker({
      verify: {
        run(payload, context) {
          asked.push(payload.reference, payload.threshold);
          return verify.run(payload, context);
        },
      },
    });
    const headers = { prefer: 'wait=30' };
    const { status, body } = await post<Job>(formOf(image, ['label', 'Ada'], ['threshold', '2']), headers);
    expect([status, body.status]).toEqual([200, 'succeeded']);
    expect(asked).toEqual([{ subjectId: ada }, 2]);
    expect(await gateway.uploads()).toEqual([]);
  });
});
