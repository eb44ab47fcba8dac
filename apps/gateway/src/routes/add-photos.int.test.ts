import { newId, type Job } from '@facehash/contracts';
import { describe, expect, it } from '@jest/globals';
import { TEXT, formOf, jpegOf, type Part } from '../testing/forms.js';
import { TEST_LIMITS } from '../testing/gateway-for-tests.js';
import { bearer, send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway({ per: 'test' });

const postTo = <T = Job>(label: string, body: RequestInit['body'], headers: Record<string, string> = {}) =>
  send<T>(`${gateway.url}/v1/subjects/${label}/photos`, {
    ...{ method: 'POST', headers: { ...bearer(gateway.secret), ...headers }, body: body ?? null },
  });
const photos = (count: number): Part[] =>
  Array.from({ length: count }, (_, n) => ['photos', jpegOf(100 + n), `${n}.jpg`] as const);

describe('POST /v1/subjects/:label/photos', () => {
  it('enrols without a training, whatever the photos hold, and answers who waits', async () => {
    await gateway.startWorker();
    const known = { id: newId('subject'), label: 'Ada', createdAt: new Date().toISOString() };
    await gateway.enrol(known);
    const form = formOf(...photos(6), ['photos', TEXT, 'text.jpg'], ['metadata', '{"order":"4711"}']);
    const { status, headers, body } = await postTo('Ada', form, { prefer: 'wait=30' });
    expect([status, headers.get('location')]).toEqual([200, `/v1/jobs/${body.id}`]);
    expect(body).toMatchObject({
      ...{ type: 'enrol', status: 'succeeded', model: null, metadata: { order: '4711' } },
      result: { label: 'Ada', subject_id: known.id, photos: { accepted: 7, refused: [] } },
    });
    expect(body.result).not.toHaveProperty('model');
  });

  it('trains where it is told to, as the only training of a key that wants that', async () => {
    const first = await postTo('Ada', formOf(['train', 'true'], ...photos(1)));
    expect([first.status, first.body.type]).toEqual([202, 'train']);
    const second = await postTo<{ code: string }>('Bob', formOf(...photos(2), ['train', 'true']));
    expect([second.status, second.body.code]).toEqual([409, 'TRAINING_IN_PROGRESS']);
    expect((await gateway.uploads()).every((key) => key.includes(first.body.id))).toBe(true);
    expect((await postTo('Bob', formOf(...photos(1), ['train', 'false']))).status).toBe(202);
  });

  const large = ['photos', jpegOf(TEST_LIMITS.maxImageBytes + 1), 'large.jpg'] as const;
  const refused: [string, string, () => RequestInit['body'], number, string][] = [
    ['no photo', 'Ada', () => formOf(['train', 'true']), 400, 'MISSING_FILE'],
    ['no body', 'Ada', () => null, 400, 'MISSING_FILE'],
    ['a train that is neither', 'Ada', () => formOf(['train', 'yes'], ...photos(1)), 400, 'INVALID_REQUEST'],
    ['a label in the form', 'Ada', () => formOf(['label', 'Bob'], ...photos(1)), 400, 'INVALID_REQUEST'],
    ['a label nobody can have', '%0A', () => formOf(...photos(1)), 400, 'INVALID_REQUEST'],
    ['JSON', 'Ada', () => '{}', 400, 'INVALID_REQUEST'],
    ['a photo too large', 'Ada', () => formOf(...photos(1), large), 413, 'IMAGE_TOO_LARGE'],
    ['one photo too many', 'Ada', () => formOf(...photos(13)), 413, 'TOO_MANY_PHOTOS'],
  ];
  it.each(refused)('refuses %s, and keeps nothing', async (_name, label, body, status, code) => {
    const answer = await postTo<{ code: string }>(label, body());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await gateway.uploads()).toEqual([]);
  });

  it('is for keys that may train', async () => {
    const body = formOf(...photos(1));
    const url = `${gateway.url}/v1/subjects/Ada/photos`;
    expect((await send(url, { method: 'POST', body })).status).toBe(401);
  });
});
