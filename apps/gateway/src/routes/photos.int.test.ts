import { newId, photoListSchema, type Job, type PhotoList } from '@facehash/contracts';
import { photos } from '@facehash/storage';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway();
let kept: string[];

beforeAll(async () => {
  const id = newId('subject');
  await gateway.enrol({ id, label: 'Zoë / 東京', createdAt: new Date().toISOString() });
  kept = [newId('photo'), newId('photo'), newId('photo')].sort();
  for (const photo of kept) {
    const type = photo === kept[0] ? 'png' : 'jpeg';
    await photos(gateway.storage, gateway.key.id).put(id, photo, Buffer.from('x'), type);
  }
});

const call = <T>(path: string, method = 'GET', secret = gateway.secret) =>
  send<T>(`${gateway.url}/v1/subjects/${encodeURIComponent('Zoë / 東京')}/photos${path}`, {
    method,
    headers: bearer(secret),
  });

describe('the photos of a subject', () => {
  it('are listed page by page', async () => {
    const first = photoListSchema.parse((await call('?limit=2')).body);
    expect(first).toEqual({
      object: 'list',
      data: [
        { id: kept[0], object: 'photo', type: 'png', kept: true },
        { id: kept[1], object: 'photo', type: 'jpeg', kept: true },
      ],
      has_more: true,
      next_cursor: kept[1],
    });
    const last = (await call<PhotoList>(`?limit=2&after=${kept[1]}`)).body;
    expect([last.data.map(({ id }) => id), last.next_cursor]).toEqual([[kept[2]], null]);
  });

  it('are nobody else’s, and a photo that is not there is not deleted', async () => {
    const { secret } = await gateway.newKey();
    expect((await call('', 'GET', secret)).status).toBe(404);
    expect((await call(`/${kept[0]}`, 'DELETE', secret)).status).toBe(404);
    for (const id of [newId('photo'), 'x', '..%2f..'])
      expect((await call(`/${id}`, 'DELETE')).status).toBe(404);
    expect((await call(`/${kept[0]}`)).status).toBe(405);
  });

  it('go one by one, each by a job', async () => {
    const { status, body } = await call<Job>(`/${kept[0]}`, 'DELETE');
    expect([status, body.type, body.status]).toEqual([202, 'erase', 'queued']);
    expect((await call(`/${kept[1]}`, 'DELETE')).status).toBe(409);
  });
});
