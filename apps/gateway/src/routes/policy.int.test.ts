import { newId, policySchema, STANDARD_RETENTION, type Job, type Policy } from '@facehash/contracts';
import { apiKeys, photos, subjects } from '@facehash/storage';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { jpegOf } from '../testing/forms.js';
import { bearer, send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';

const retention = { ...STANDARD_RETENTION, photos_days: 30 };
const gateway = useGateway({ retention, policyUrl: 'https://example.org/privacy' });

beforeAll(() => gateway.startWorker());

const newKey = (retention: object = {}) =>
  apiKeys(gateway.storage).create({
    ...{ name: 'own', now: new Date(), scopes: ['recognize'] },
    retention: { ...gateway.key.retention, ...retention },
  });

const policy = async (secret: string) => {
  const answer = await send<Policy>(`${gateway.url}/v1/policy`, { headers: bearer(secret) });
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return policySchema.strict().parse(answer.body);
};

describe('GET /v1/policy', () => {
  it('tells a key of any scope what is in force for it, and for all, with a sentence each', async () => {
    const { secret } = await newKey({ photos_days: 0, results_hours: 1 });
    const { url, retention, installation, statements } = await policy(secret);
    expect(url).toBe('https://example.org/privacy');
    expect(retention).toEqual({ ...STANDARD_RETENTION, photos_days: 0, results_hours: 1 });
    expect(installation).toEqual({ ...STANDARD_RETENTION, photos_days: 30 });
    const about = new Map(statements.map((statement) => [statement.about, statement.text]));
    expect([...about.keys()]).toEqual(expect.arrayContaining(Object.keys(retention)));
    expect(about.get('photos_days')).toMatch(/not kept/);
    expect(about.get('results_hours')).toMatch(/for 1 hour after their end/);
  });

  it('says as the installation where the key says nothing', async () => {
    const { retention, statements } = await policy(gateway.secret);
    expect(retention.photos_days).toBe(30);
    expect(statements[0]?.text).toMatch(/deleted 30 days after/);
  });

  it('is for nobody without a key', async () => {
    expect((await send(`${gateway.url}/v1/policy`)).status).toBe(401);
  });
});

describe('results', () => {
  it.each([
    ['the hours of the key', { results_hours: 2 }, 2],
    ['those of the installation', {}, 24],
  ])('can be read for %s', async (_what, retention, hours) => {
    const { key, secret } = await newKey(retention);
    await gateway.publishModel(key.id);
    const headers = { ...bearer(secret), 'content-type': 'image/jpeg', prefer: 'wait=10' };
    const sent = { method: 'POST', headers, body: jpegOf(100) };
    const { body } = await send<Job>(`${gateway.url}/v1/recognize`, sent);
    expect(body.status).toBe('succeeded');
    expect(Date.parse(body.expires_at) - Date.parse(body.completed_at!)).toBe(hours * 3_600_000);
  });
});

describe('a photo whose time is up', () => {
  it('is still listed, and can be deleted, but says that it is not kept', async () => {
    const id = newId('subject');
    const photoId = newId('photo');
    await subjects(gateway.storage, gateway.key.id).put({
      ...{ id, label: 'Ada', createdAt: new Date().toISOString() },
    });
    await photos(gateway.storage, gateway.key.id).note(id, photoId, 'png');
    const call = (path: string, method = 'GET') =>
      send(`${gateway.url}/v1/subjects/Ada${path}`, { method, headers: bearer(gateway.secret) });
    const listed = await call('/photos');
    expect(listed.body).toMatchObject({ data: [{ id: photoId, object: 'photo', type: 'png', kept: false }] });
    expect((await call('')).body).toMatchObject({ photos: 1 });
    expect((await call(`/photos/${photoId}`, 'DELETE')).status).toBe(202);
  });
});
