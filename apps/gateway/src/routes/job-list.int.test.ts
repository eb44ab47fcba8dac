import { newId, type JobList, type Problem } from '@facehash/contracts';
import { uploads } from '@facehash/storage';
import { describe, expect, it } from '@jest/globals';
import { bearer, send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway();

const list = <T = JobList>(query: string, secret = gateway.secret) =>
  send<T>(`${gateway.url}/v1/jobs${query}`, { headers: bearer(secret) });

async function submit(keyId: string): Promise<string> {
  const jobId = newId('job');
  const uploadKey = uploads(gateway.storage).key(jobId);
  await gateway.jobs.submit('recognize', { jobId, keyId, requestId: 'r', uploadKey, maxFaces: 1 });
  return jobId;
}

describe('GET /v1/jobs', () => {
  it("pages through the key's own jobs by next_cursor", async () => {
    const { key, secret } = await gateway.newKey();
    await submit(gateway.key.id);
    const ids = [await submit(key.id), await submit(key.id), await submit(key.id)];
    const first = await list('?limit=2', secret);
    expect([first.status, first.body.object, first.body.has_more]).toEqual([200, 'list', true]);
    expect(first.headers.get('cache-control')).toBe('no-store');
    const second = await list(`?limit=2&after=${first.body.next_cursor}`, secret);
    expect([second.body.has_more, second.body.next_cursor]).toEqual([false, null]);
    const seen = [...first.body.data, ...second.body.data].map(({ id }) => id);
    expect(seen.sort()).toEqual(ids.sort());
  });

  it('filters by status and type', async () => {
    const id = await submit(gateway.key.id);
    expect((await list('?status=queued&type=recognize')).body.data.map((job) => job.id)).toContain(id);
    expect((await list('?status=succeeded')).body).toMatchObject({ data: [], has_more: false });
    expect((await list('?type=train')).body.data).toEqual([]);
  });

  it("refuses limits, filters and cursors it does not know, and other keys' cursors", async () => {
    const { key, secret } = await gateway.newKey();
    for (let i = 0; i < 2; i++) await submit(key.id);
    const foreign = (await list('?limit=1', secret)).body.next_cursor!;
    const wrong = ['limit=0', 'limit=101', 'limit=x', 'status=done', 'type=extract', 'page=2', 'after='];
    for (const query of [...wrong, 'after=abc', `after=${foreign}`, 'after=a&after=b']) {
      const { status, body } = await list<Problem>(`?${query}`);
      expect([query, status, body.code]).toEqual([query, 400, 'INVALID_REQUEST']);
    }
  });

  it('asks for a key, and takes no other method', async () => {
    expect((await send(`${gateway.url}/v1/jobs`)).status).toBe(401);
    const post = await send(`${gateway.url}/v1/jobs`, { method: 'POST', headers: bearer(gateway.secret) });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
});
