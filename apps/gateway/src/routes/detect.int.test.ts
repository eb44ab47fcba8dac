import { newId, type Job } from '@facehash/contracts';
import { apiKeys } from '@facehash/storage';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { TEXT, formOf, jpegOf, type Part } from '../testing/forms.js';
import { bearer, send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway();
let url: string;

beforeAll(() => {
  url = `${gateway.url}/v1/detect`;
});

const postForm = <T>(...parts: Part[]) =>
  send<T>(url, { method: 'POST', headers: bearer(gateway.secret), body: formOf(...parts) });
const image: Part = ['image', jpegOf(99)];

describe('POST /v1/detect', () => {
  const refused: [string, Part[], number, string][] = [
    ['a form without a file', [['max_faces', '2']], 400, 'MISSING_FILE'],
    ['a text file', [['image', TEXT]], 415, 'IMAGE_TYPE_UNSUPPORTED'],
    ['a reference', [image, ['reference', jpegOf(99)]], 400, 'INVALID_REQUEST'],
    ['a threshold', [image, ['threshold', '1']], 400, 'INVALID_REQUEST'],
    ['an unknown profile', [image, ['profile', 'group']], 400, 'INVALID_REQUEST'],
    [
      'a profile that would change nothing',
      [image, ['profile', 'thorough'], ['max_faces', '2']],
      400,
      'INVALID_REQUEST',
    ],
  ];

  it.each(refused)('refuses %s, and keeps nothing of it', async (_name, parts, status, code) => {
    const answer = await postForm<{ code: string }>(...parts);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await gateway.uploads()).toEqual([]);
  });

  it('is refused to a key without the scope "recognize"', async () => {
    const reader = { name: 'reader', now: new Date(), scopes: ['read' as const] };
    const { secret } = await apiKeys(gateway.storage).create(reader);
    const { status, body } = await send(url, {
      method: 'POST',
      headers: bearer(secret),
      body: formOf(image),
    });
    expect([status, body.code, body.required_scope]).toEqual([403, 'FORBIDDEN', 'recognize']);
  });

  // Last: from here on a worker ends every job that is queued.
  it('answers a key that has no model, and one whose model is being trained', async () => {
    await gateway.startWorker();
    const jobId = newId('job');
    await gateway.jobs.trainings.acquire(gateway.key.id, jobId);
    const headers = { ...bearer(gateway.secret), 'content-type': 'image/jpeg', prefer: 'wait=30' };
    const query = '?max_faces=4&metadata=%7B%22order%22%3A%224711%22%7D';
    const { status, body } = await send<Job>(`${url}${query}`, { method: 'POST', headers, body: jpegOf(99) });
    expect([status, body.type, body.status, body.model]).toEqual([200, 'detect', 'succeeded', null]);
    expect(body).toMatchObject({ result: { faces: [] }, metadata: { order: '4711' } });
    expect(await gateway.uploads()).toEqual([]);
  });
});
