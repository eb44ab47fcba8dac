import { newId, type Job } from '@facehash/contracts';
import { uploads } from '@facehash/storage';
import { describe, expect, it } from '@jest/globals';
import { bearer, send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway();

const get = (id: string, headers: Record<string, string> = {}) =>
  send<Job>(`${gateway.url}/v1/jobs/${id}`, { headers: { ...bearer(gateway.secret), ...headers } });

async function submit(keyId = gateway.key.id): Promise<string> {
  const jobId = newId('job');
  const uploadKey = uploads(gateway.storage).key(jobId);
  await gateway.storage.put(uploadKey, Buffer.from('x'));
  await gateway.jobs.submit('recognize', { jobId, keyId, requestId: 'r', uploadKey, maxFaces: 1 });
  return jobId;
}

describe('GET /v1/jobs/:id', () => {
  it('tells a job under way, and when to look again', async () => {
    const id = await submit();
    const { status, headers, body } = await get(id);
    expect([status, body.id, body.status]).toEqual([200, id, 'queued']);
    expect([headers.get('retry-after'), headers.get('cache-control')]).toEqual(['1', 'no-store']);
  });

  it('answers 304 as long as nothing has changed, and HEAD with no body', async () => {
    const id = await submit();
    const etag = (await get(id)).headers.get('etag');
    expect(etag).toMatch(/^W\/"/);
    expect((await get(id, { 'if-none-match': etag! })).status).toBe(304);
    const head = await send<undefined>(`${gateway.url}/v1/jobs/${id}`, {
      method: 'HEAD',
      headers: bearer(gateway.secret),
    });
    expect([head.status, head.body, head.headers.get('etag')]).toEqual([200, undefined, etag]);
  });

  it("does not know other keys' jobs, unknown ones, and ids that are none", async () => {
    const { key } = await gateway.newKey();
    for (const id of [await submit(key.id), newId('job'), 'job_1', '..%2f..%2fkeys']) {
      expect(await get(id, { prefer: 'wait=20' })).toMatchObject({
        status: 404,
        body: { code: 'NOT_FOUND' },
      });
    }
  });

  it('with Prefer: wait, answers at the deadline with the job as it stands', async () => {
    const id = await submit();
    const began = Date.now();
    const { status, headers, body } = await get(id, { prefer: 'wait=1' });
    expect([status, body.status, headers.get('preference-applied')]).toEqual([200, 'queued', 'wait=1']);
    expect(Date.now() - began).toBeGreaterThanOrEqual(1000);
  });

  // Last: from here on a worker ends every job that is queued.
  it('with Prefer: wait, answers as soon as the job has ended', async () => {
    const id = await submit();
    const waiting = get(id, { prefer: 'wait=60' });
    await gateway.startWorker();
    const { status, headers, body } = await waiting;
    expect([status, body.status, headers.get('retry-after')]).toEqual([200, 'succeeded', null]);
    expect(body.urls.self).toBe(`/v1/jobs/${id}`);
  });
});
