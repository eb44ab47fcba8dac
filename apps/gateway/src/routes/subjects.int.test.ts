import {
  newId,
  subjectListSchema,
  subjectResourceSchema,
  type Job,
  type SubjectList,
  type SubjectResource,
} from '@facehash/contracts';
import { photos } from '@facehash/storage';
import { startRedis, type RedisForTests } from '@facehash/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startGateway, type GatewayForTests } from '../testing/gateway-for-tests.js';
import { bearer, send } from '../testing/requests.js';

let redis: RedisForTests;
let gateway: GatewayForTests;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

// A gateway of its own: what one block enrols, the other must not list.
const onGatewayOfItsOwn = () => {
  beforeAll(async () => {
    gateway = await startGateway(redis.url);
  });
  afterAll(() => gateway.close());
};

const address = (label = '') =>
  `${gateway.url}/v1/subjects${label === '' ? '' : `/${encodeURIComponent(label)}`}`;
const get = <T>(url: string, secret = gateway.secret) => send<T>(url, { headers: bearer(secret) });
const put = <T>(label: string, body: unknown, secret = gateway.secret) =>
  send<T>(address(label), {
    method: 'PUT',
    headers: { ...bearer(secret), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function enrol(label: string, kept = 0): Promise<string> {
  const id = newId('subject');
  await gateway.enrol({ id, label, createdAt: new Date().toISOString() });
  for (let n = 0; n < kept; n++) {
    await photos(gateway.storage, gateway.key.id).put(id, newId('photo'), Buffer.from('x'), 'jpeg');
  }
  return id;
}

describe('GET /v1/subjects', () => {
  onGatewayOfItsOwn();

  it('of a key without anybody is an empty list', async () => {
    const { status, body } = await get<SubjectList>(address());
    expect([status, body]).toEqual([200, { object: 'list', data: [], has_more: false, next_cursor: null }]);
  });

  it('gives everybody once, page after page, also when people come and go in between', async () => {
    const ids = await Promise.all(['ann', 'bob', 'cem', 'dia', 'eva'].map((label) => enrol(label)));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&after=${cursor}`;
      const { body } = await get<SubjectList>(`${address()}?limit=2${query}`);
      const list = subjectListSchema.parse(body);
      expect(list.data.length).toBeLessThanOrEqual(2);
      expect(list.has_more).toBe(list.next_cursor !== null);
      seen.push(...list.data.map(({ id }) => id));
      cursor = list.next_cursor;
      await enrol(`newcomer ${seen.length}`);
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(ids));
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'after=1', 'offset=3'])('refuses ?%s', async (query) => {
    expect(await get(`${address()}?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_REQUEST', detail: expect.stringContaining(query.split('=')[0]!) },
    });
  });

  it('needs a key', async () => {
    expect((await send(address())).status).toBe(401);
  });
});

describe('/v1/subjects/:label', () => {
  onGatewayOfItsOwn();

  it('tells of one person, whatever alphabet and accents the label has', async () => {
    const id = await enrol('Zoë O’Hara / 東京', 3);
    for (const spelling of ['Zoë O’Hara / 東京', 'Zoë O’Hara / 東京'.normalize('NFD')]) {
      const { status, body } = await get<SubjectResource>(address(spelling));
      expect(status).toBe(200);
      expect(subjectResourceSchema.parse(body)).toMatchObject({
        ...{ id, object: 'subject', label: 'Zoë O’Hara / 東京', photos: 3, metadata: {} },
      });
    }
  });

  it('does not know the labels of other keys, nor says that they exist', async () => {
    await enrol('secret');
    const { secret } = await gateway.newKey();
    const unknown = { status: 404, body: { code: 'NOT_FOUND' } };
    expect(await get(address('secret'), secret)).toMatchObject(unknown);
    expect(await put('secret', { label: 'mine' }, secret)).toMatchObject(unknown);
    expect(await get(address('nobody'))).toMatchObject(unknown);
    expect(await get(address('x'.repeat(129)))).toMatchObject(unknown);
    expect((await get(`${address()}/%ff`)).status).toBe(400);
  });

  it('PUT keeps metadata until other metadata come', async () => {
    const id = await enrol('Meta');
    const metadata = { crm_id: '4711', note: 'Größe L' };
    expect((await put<SubjectResource>('Meta', { metadata })).body).toMatchObject({ id, metadata });
    expect((await put<SubjectResource>('Meta', { label: 'Meta II' })).body).toMatchObject({ metadata });
    expect((await put<SubjectResource>('Meta II', { metadata: {} })).body.metadata).toEqual({});
    expect((await get<SubjectResource>(address('Meta II'))).body.metadata).toEqual({});
  });

  it('PUT renames: the same person with its photos, found by the new label only', async () => {
    const id = await enrol('Ada', 2);
    const renamed = await put<SubjectResource>('Ada', { label: ' Ada Lovelace' });
    expect([renamed.status, renamed.body]).toMatchObject([200, { id, label: 'Ada Lovelace', photos: 2 }]);
    expect((await get(address('Ada'))).status).toBe(404);
    expect((await get<SubjectResource>(address('Ada Lovelace'))).body.id).toBe(id);
    await enrol('Ada');
    expect((await get<SubjectResource>(address('Ada'))).body.id).not.toBe(id);
  });

  it('PUT to the label it has changes nothing', async () => {
    const id = await enrol('Same');
    expect((await put<SubjectResource>('Same', { label: 'Same' })).body.id).toBe(id);
    expect((await get<SubjectResource>(address('Same'))).body.id).toBe(id);
  });

  it('PUT does not take the label of somebody else', async () => {
    const [first] = [await enrol('First'), await enrol('Second')];
    expect(await put('Second', { label: 'First' })).toMatchObject({
      status: 409,
      body: { code: 'LABEL_TAKEN', retryable: false },
    });
    expect((await get<SubjectResource>(address('First'))).body.id).toBe(first);
    expect((await get(address('Second'))).status).toBe(200);
  });

  it('PUT waits for no training, and lets none in half way', async () => {
    await enrol('Busy');
    const keyId = gateway.key.id;
    const jobId = newId('job');
    await gateway.jobs.trainings.acquire(keyId, jobId);
    const refused = await put('Busy', { label: 'Idle' });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'TRAINING_IN_PROGRESS', training_job: jobId },
    });
    expect(refused.headers.get('retry-after')).not.toBeNull();
    await gateway.jobs.trainings.release(keyId, jobId);
    expect((await put('Busy', { label: 'Idle' })).status).toBe(200);
    expect((await put('Idle', { label: 'Busy' })).status).toBe(200);
  });

  it.each([
    ['nothing', {}],
    ['a field that is none', { name: 'x' }],
    ['an empty label', { label: '' }],
    ['a label with a control character', { label: 'a\nb' }],
    ['metadata that are no strings', { metadata: { age: 3 } }],
    ['too many pairs', { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`k${n}`, ''])) }],
    ['a list', []],
  ])('PUT refuses %s', async (_what, body) => {
    expect(await put('Ada Lovelace', body)).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
  });

  it('PUT refuses what is no JSON, and too much of it', async () => {
    const init = { method: 'PUT', headers: bearer(gateway.secret) };
    const json = { ...init.headers, 'content-type': 'application/json' };
    for (const request of [
      { ...init, body: '{"label":"x"}' },
      { ...init, headers: json, body: '{' },
      { ...init, headers: json, body: JSON.stringify({ label: 'x'.repeat(100_000) }) },
    ]) {
      expect((await send(address('Ada Lovelace'), request)).body.code).toBe('INVALID_REQUEST');
    }
  });

  it('DELETE is a job that holds the training lock, and needs somebody to delete', async () => {
    const id = await enrol('Gone');
    const remove = (label: string, secret = gateway.secret) =>
      send<Job>(address(label), { method: 'DELETE', headers: bearer(secret) });
    const { secret } = await gateway.newKey();
    expect((await remove('Gone', secret)).status).toBe(404);
    expect((await remove('Nobody')).status).toBe(404);

    const { status, headers, body } = await remove('Gone');
    expect([status, body.type, headers.get('location')]).toEqual([202, 'erase', `/v1/jobs/${body.id}`]);
    expect(JSON.stringify(body)).not.toContain(id);
    expect(await remove('Gone')).toMatchObject({
      status: 409,
      body: { code: 'TRAINING_IN_PROGRESS', training_job: body.id },
    });
    await gateway.startWorker();
    const ended = await gateway.jobs.wait(body.id, 10_000);
    expect(ended?.job).toMatchObject({
      status: 'succeeded',
      result: { erased: { subjects: 1 } },
      model: null,
    });
  });

  it('keeps labels out of the log', async () => {
    await enrol('Unmentionable');
    await get(address('Unmentionable'));
    expect(gateway.logLines.join('')).toContain('/v1/subjects/');
    expect(gateway.logLines.join('')).not.toContain('Unmentionable');
  });
});
