import { newId, type Job, type JobList, type RecognizePayload } from '@facehash/contracts';
import { uploads } from '@facehash/storage';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { TEXT, formOf, jpegOf, type Part } from '../testing/forms.js';
import { TEST_LIMITS } from '../testing/gateway-for-tests.js';
import { bearer, eventually, openPost, send, statusOf } from '../testing/requests.js';
import { standInHandlers } from '../testing/stand-in-worker.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway();
let url: string;

beforeAll(async () => {
  await gateway.publishModel(gateway.key.id);
  url = `${gateway.url}/v1/recognize`;
});

const post = <T>(body: RequestInit['body'], headers: Record<string, string> = {}) =>
  send<T>(url, { method: 'POST', headers: { ...bearer(gateway.secret), ...headers }, body: body ?? null });
const postForm = <T>(...parts: Part[]) => post<T>(formOf(...parts));

const TOO_LARGE = TEST_LIMITS.maxImageBytes + 1;

describe('POST /v1/recognize', () => {
  it('takes fields beside a form as well, and refuses unknown ones there too', async () => {
    const beside = async (query: string) => {
      const body = formOf(['image', jpegOf(99)]);
      return send(`${url}?${query}`, { method: 'POST', headers: bearer(gateway.secret), body });
    };
    const { status, body } = await beside('max_faces=2');
    expect(status).toBe(202);
    await gateway.storage.delete(uploads(gateway.storage).key(String(body.id)));
    expect((await beside('max_face=2')).body.detail).toContain('max_face');
  });
});

describe('POST /v1/recognize refuses', () => {
  const refused: [string, () => ReturnType<typeof post<{ code: string }>>, number, string][] = [
    ['a text file', () => postForm(['image', TEXT, 'photo.jpg']), 415, 'IMAGE_TYPE_UNSUPPORTED'],
    ['an empty file', () => postForm(['image', Buffer.alloc(0)]), 422, 'IMAGE_EMPTY'],
    ['a file of one byte too many', () => postForm(['image', jpegOf(TOO_LARGE)]), 413, 'IMAGE_TOO_LARGE'],
    ['a form much too large', () => postForm(['image', jpegOf(1_000_000)]), 413, 'IMAGE_TOO_LARGE'],
    ['a form without a file', () => postForm(['max_faces', '2']), 400, 'MISSING_FILE'],
    ['an image sent as text', () => postForm(['image', 'photo.jpg']), 400, 'MISSING_FILE'],
    ['no body at all', () => post(undefined), 400, 'MISSING_FILE'],
    ['JSON', () => post('{}', { 'content-type': 'application/json' }), 400, 'MISSING_FILE'],
    ['a file in another field', () => postForm(['photo', jpegOf(99)]), 400, 'INVALID_REQUEST'],
    ['two files', () => postForm(['image', jpegOf(99)], ['image', jpegOf(99)]), 400, 'INVALID_REQUEST'],
    ['max_faces 0', () => postForm(['image', jpegOf(99)], ['max_faces', '0']), 400, 'INVALID_REQUEST'],
    ['max_faces 33', () => postForm(['max_faces', '33'], ['image', jpegOf(99)]), 400, 'INVALID_REQUEST'],
    ['max_faces many', () => postForm(['image', jpegOf(99)], ['max_faces', 'many']), 400, 'INVALID_REQUEST'],
    [
      'metadata that is no JSON',
      () => postForm(['image', jpegOf(99)], ['metadata', '{a}']),
      400,
      'INVALID_REQUEST',
    ],
    ['an empty threshold', () => postForm(['image', jpegOf(99)], ['threshold', '']), 400, 'INVALID_REQUEST'],
    [
      'a threshold below all bounds',
      () => postForm(['threshold', '-101'], ['image', jpegOf(99)]),
      400,
      'INVALID_REQUEST',
    ],
    [
      'an unknown profile',
      () => postForm(['image', jpegOf(99)], ['profile', 'group']),
      400,
      'INVALID_REQUEST',
    ],
    [
      'a profile that would change nothing',
      () => postForm(['image', jpegOf(99)], ['profile', 'balanced'], ['max_faces', '2']),
      400,
      'INVALID_REQUEST',
    ],
    [
      'a claimed label that nobody has',
      () => postForm(['image', jpegOf(99)], ['claimed_label', 'Eve']),
      422,
      'LABEL_UNKNOWN',
    ],
    ['an unknown field', () => postForm(['image', jpegOf(99)], ['max_face', '2']), 400, 'INVALID_REQUEST'],
    ['a nested field name', () => postForm(['a[b][c]', 'x'], ['image', jpegOf(99)]), 400, 'INVALID_REQUEST'],
    [
      'a huge text field',
      () => postForm(['a', 'x'.repeat(33_000)], ['image', jpegOf(99)]),
      400,
      'INVALID_REQUEST',
    ],
    ['a raw text body', () => post(TEXT, { 'content-type': 'image/jpeg' }), 415, 'IMAGE_TYPE_UNSUPPORTED'],
    ['a raw empty body', () => post('', { 'content-type': 'image/png' }), 422, 'IMAGE_EMPTY'],
    [
      'a raw body too large',
      () => post(jpegOf(TOO_LARGE), { 'content-type': 'image/jpeg' }),
      413,
      'IMAGE_TOO_LARGE',
    ],
    [
      'a form without boundary',
      () => post('x', { 'content-type': 'multipart/form-data' }),
      400,
      'INVALID_REQUEST',
    ],
    [
      'a form that is none',
      () => post('x', { 'content-type': 'multipart/form-data; boundary=b' }),
      400,
      'INVALID_REQUEST',
    ],
    [
      'a form cut off inside its image',
      () => {
        const head = '--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n';
        const body = Buffer.concat([Buffer.from(head), jpegOf(5000)]);
        return post(body, { 'content-type': 'multipart/form-data; boundary=b' });
      },
      400,
      'INVALID_REQUEST',
    ],
    [
      'a part with broken headers',
      () =>
        post('--b\r\nnonsense\0\r\n\r\nx\r\n--b--\r\n', {
          'content-type': 'multipart/form-data; boundary=b',
        }),
      400,
      'INVALID_REQUEST',
    ],
  ];

  it.each(refused)('%s, and keeps nothing of it', async (_name, request, status, code) => {
    const answer = await request();
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await gateway.uploads()).toEqual([]);
  });

  it('a chunked body that grows too large, while it still comes', async () => {
    const request = openPost(url, { ...bearer(gateway.secret), 'content-type': 'image/jpeg' });
    const answered = statusOf(request);
    request.write(jpegOf(TOO_LARGE));
    expect(await answered).toBe(413);
    request.destroy();
    expect(await gateway.uploads()).toEqual([]);
  });

  it('a key without a model', async () => {
    const { secret } = await gateway.newKey();
    const answer = await send(url, {
      method: 'POST',
      headers: bearer(secret),
      body: formOf(['image', jpegOf(99)]),
    });
    expect([answer.status, answer.body.code]).toEqual([409, 'MODEL_NOT_TRAINED']);
    expect(await gateway.uploads()).toEqual([]);
  });
});

describe('POST /v1/recognize broken off', () => {
  it.each(['form', 'raw'])('in the middle of a %s upload leaves nothing behind', async (kind) => {
    const type = kind === 'raw' ? 'image/jpeg' : 'multipart/form-data; boundary=b';
    const request = openPost(url, { ...bearer(gateway.secret), 'content-type': type });
    if (kind === 'form') {
      request.write('--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n');
    }
    request.write(jpegOf(5000));
    await eventually(async () => (await gateway.halfWritten()).length === 1);
    request.destroy();
    await eventually(async () => (await gateway.halfWritten()).length === 0);
    expect(await gateway.uploads()).toEqual([]);
  });

  it('after its last file was stored takes that file back', async () => {
    const request = openPost(url, {
      ...bearer(gateway.secret),
      'content-type': 'multipart/form-data; boundary=b',
    });
    request.write('--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n');
    request.write(jpegOf(5000));
    request.write('\r\n--b\r\nContent-Disposition: form-data; name="max_faces"\r\n\r\n');
    await eventually(async () => (await gateway.uploads()).length === 1);
    request.destroy();
    await eventually(async () => (await gateway.uploads()).length === 0);
  });
});

describe('POST /v1/recognize accepts', () => {
  it('a form: 202 with the job, its address, and when to look', async () => {
    const { status, headers, body } = await postForm<Job>(['image', jpegOf(TEST_LIMITS.maxImageBytes)]);
    expect([status, body.status, body.type]).toEqual([202, 'queued', 'recognize']);
    expect(headers.get('location')).toBe(`/v1/jobs/${body.id}`);
    expect([headers.get('retry-after'), headers.get('vary')]).toEqual(['1', 'Prefer']);
    expect(await gateway.storage.get(uploads(gateway.storage).key(body.id))).toEqual(
      jpegOf(TEST_LIMITS.maxImageBytes),
    );
    await gateway.storage.delete(uploads(gateway.storage).key(body.id));
  });

  it.each(['form', 'query'])(
    'metadata from the %s, and shows it with the job and in the list',
    async (from) => {
      const metadata = { order: '4711', straße: 'ä'.repeat(512) };
      const text = JSON.stringify(metadata);
      const init = { method: 'POST', headers: bearer(gateway.secret) };
      const { status, body } =
        from === 'form'
          ? await postForm<Job>(['metadata', text], ['image', jpegOf(99)])
          : await send<Job>(`${url}?metadata=${encodeURIComponent(text)}`, {
              ...init,
              headers: { ...init.headers, 'content-type': 'image/jpeg' },
              body: jpegOf(99),
            });
      expect([status, body.metadata]).toEqual([202, metadata]);
      const list = await send<JobList>(`${gateway.url}/v1/jobs?limit=1`, { headers: init.headers });
      expect(list.body.data[0]).toMatchObject({ id: body.id, metadata });
      await gateway.storage.delete(uploads(gateway.storage).key(body.id));
    },
  );

  it('a raw body with max_faces in the query', async () => {
    const init = { method: 'POST', headers: { ...bearer(gateway.secret), 'content-type': 'image/jpeg' } };
    const { status, body } = await send<Job>(`${url}?max_faces=5`, { ...init, body: jpegOf(5000) });
    expect(status).toBe(202);
    expect(await gateway.storage.get(uploads(gateway.storage).key(body.id))).toEqual(jpegOf(5000));
    await gateway.storage.delete(uploads(gateway.storage).key(body.id));
  });

  it.each([
    ['respond-async', 'respond-async'],
    ['wait=0', null],
    ['wait=soon, ;;, =', null],
  ])('Prefer: %s at once', async (prefer, applied) => {
    const { status, headers, body } = await post<Job>(formOf(['image', jpegOf(99)]), { prefer });
    expect([status, headers.get('preference-applied')]).toEqual([202, applied]);
    await gateway.storage.delete(uploads(gateway.storage).key(body.id));
  });

  it('Prefer: wait=1 while no worker is there: 202 after a second', async () => {
    const began = Date.now();
    const { status, body } = await post<Job>(formOf(['image', jpegOf(99)]), { prefer: 'wait=1' });
    expect([status, body.status]).toEqual([202, 'queued']);
    expect(Date.now() - began).toBeGreaterThanOrEqual(1000);
    await gateway.storage.delete(uploads(gateway.storage).key(body.id));
  });
});

describe('POST /v1/recognize and the training of its key', () => {
  it('is off while a training runs, also when that was accepted while the image came', async () => {
    const { key, secret } = await gateway.newKey();
    await gateway.publishModel(key.id);
    const headers = { ...bearer(secret), 'content-type': 'image/jpeg' };
    const early = openPost(url, headers);
    early.write(jpegOf(5000));
    await eventually(async () => (await gateway.halfWritten()).length === 1);

    const jobId = newId('job');
    await gateway.jobs.trainings.acquire(key.id, jobId);
    await gateway.jobs.submitTraining({ jobId, keyId: key.id, requestId: 'r', subject: null }, []);

    const late = await send(url, { method: 'POST', headers, body: jpegOf(99) });
    expect([late.status, late.body.code, late.body.training_job]).toEqual([409, 'MODEL_TRAINING', jobId]);
    expect(late.headers.get('retry-after')).toBe('5');

    const unsent = openPost(url, headers);
    unsent.write(jpegOf(99));
    expect(await statusOf(unsent)).toBe(409);
    unsent.destroy();

    const answered = statusOf(early);
    early.end();
    expect(await answered).toBe(409);
    expect(await gateway.uploads()).toEqual([]);
  });
});

// Last: from here on a worker ends every job that is queued.
describe('POST /v1/recognize with a worker', () => {
  const payloads: RecognizePayload[] = [];

  beforeAll(async () => {
    const { recognize } = standInHandlers(gateway.storage);
    await gateway.startWorker({
      recognize: {
        run(payload, context) {
          payloads.push(payload);
          return recognize.run(payload, context);
        },
      },
    });
  });

  it('answers 200 with the ended job where the caller waits, and the upload is gone', async () => {
    const { status, headers, body } = await post<Job>(formOf(['image', jpegOf(99)]), { prefer: 'wait=30' });
    expect([status, body.status, body.error]).toEqual([200, 'succeeded', null]);
    expect(body.result).toMatchObject({ faces: [] });
    expect([headers.get('preference-applied'), headers.get('retry-after')]).toEqual(['wait=30', null]);
    expect(await gateway.uploads()).toEqual([]);
  });

  it.each(['form', 'query'])(
    'hands it every setting of the %s, and the person claimed by id',
    async (from) => {
      const ada = newId('subject');
      await gateway.enrol({ id: ada, label: 'Ada', createdAt: '2026-11-24T00:00:00.000Z' });
      const settings = { threshold: '-1.5', profile: 'thorough', claimed_label: ' Ada ' };
      const { status, body } =
        from === 'form'
          ? await post<Job>(formOf(['image', jpegOf(99)], ...Object.entries(settings)), { prefer: 'wait=30' })
          : await send<Job>(`${url}?${new URLSearchParams(settings).toString()}`, {
              method: 'POST',
              headers: { ...bearer(gateway.secret), 'content-type': 'image/jpeg', prefer: 'wait=30' },
              body: jpegOf(99),
            });
      expect([status, body.status]).toEqual([200, 'succeeded']);
      expect(payloads.at(-1)).toMatchObject({
        ...{ jobId: body.id, maxFaces: 1, threshold: -1.5, profile: 'thorough', claimedSubjectId: ada },
      });
    },
  );
});
