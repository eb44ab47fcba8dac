import { newId, type Job } from '@facehash/contracts';
import type { JobHandler } from '@facehash/jobs';
import { uploads } from '@facehash/storage';
import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { formOf, jpegOf } from '../testing/forms.js';
import { bearer, eventually, send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway();

const ask = <T = Job>(method: string, path: string, secret = gateway.secret) =>
  send<T>(`${gateway.url}/v1/jobs/${path}`, { method, headers: bearer(secret) });

async function submit(): Promise<string> {
  const jobId = newId('job');
  const uploadKey = uploads(gateway.storage).key(jobId);
  await gateway.storage.put(uploadKey, Buffer.from('x'));
  await gateway.jobs.submit('recognize', {
    ...{ jobId, keyId: gateway.key.id, requestId: 'r', uploadKey, maxFaces: 1 },
  });
  return jobId;
}

async function train(): Promise<string> {
  const body = formOf(['label', 'Ada'], ['photos', jpegOf(100)], ['photos', jpegOf(100)]);
  const url = `${gateway.url}/v1/train`;
  return (await send<Job>(url, { method: 'POST', headers: bearer(gateway.secret), body })).body.id;
}

describe('POST /v1/jobs/:id/cancel', () => {
  it('ends a queued job, deletes its photo, and answers the same again', async () => {
    const id = await submit();
    const { status, body, headers } = await ask('POST', `${id}/cancel`);
    expect([status, body.status, body.result, body.error?.code]).toEqual([
      ...[200, 'canceled', null, 'JOB_CANCELED'],
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(await gateway.uploads()).toEqual([]);
    expect((await ask('POST', `${id}/cancel`)).body).toEqual(body);
    expect((await ask('GET', id)).body).toEqual(body);
  });

  it('ends a queued training, whose photos go and whose key trains again at once', async () => {
    const id = await train();
    expect((await ask('POST', `${id}/cancel`)).body.status).toBe('canceled');
    expect(await gateway.uploads()).toEqual([]);
    const next = await train();
    expect(next).toMatch(/^job_/);
    await ask('POST', `${next}/cancel`);
  });

  it("knows no other key's job, and takes no other method", async () => {
    const id = await submit();
    const { secret } = await gateway.newKey();
    for (const [method, path] of [
      ['POST', `${id}/cancel`],
      ['DELETE', id],
    ] as const) {
      expect((await ask(method, path, secret)).status).toBe(404);
    }
    expect((await ask('GET', id)).body.status).toBe('queued');
    expect((await ask('GET', `${id}/cancel`)).headers.get('allow')).toBe('POST, OPTIONS');
    await ask('DELETE', id);
  });
});

describe('DELETE /v1/jobs/:id', () => {
  it('forgets a queued job and its photo', async () => {
    const id = await submit();
    expect((await ask<undefined>('DELETE', id)).status).toBe(204);
    expect((await ask('GET', id)).status).toBe(404);
    expect((await ask('DELETE', id)).status).toBe(404);
    expect(await gateway.uploads()).toEqual([]);
    const list = await send<{ data: Job[] }>(`${gateway.url}/v1/jobs`, { headers: bearer(gateway.secret) });
    expect(list.body.data.map((job) => job.id)).not.toContain(id);
  });

  // Last: from here on a worker takes every job that is queued.
  it('stops a running job, and its worker leaves nothing behind', async () => {
    const running: string[] = [];
    const stopped: string[] = [];
    const run: JobHandler<'recognize'>['run'] = async ({ jobId, uploadKey }, { signal }) => {
      running.push(jobId);
      while (!signal.aborted) await sleep(10);
      await gateway.storage.put(uploadKey, Buffer.from('written late'));
      stopped.push(jobId);
      throw signal.reason;
    };
    await gateway.startWorker({
      recognize: { run, cleanUp: ({ uploadKey }) => uploads(gateway.storage).delete(uploadKey) },
    });
    const id = await submit();
    await eventually(() => running.includes(id));
    expect((await ask<undefined>('DELETE', id)).status).toBe(204);
    expect((await ask('GET', id)).status).toBe(404);
    await eventually(() => stopped.includes(id));
    await eventually(async () => (await gateway.uploads()).length === 0);
    expect((await ask('GET', id)).status).toBe(404);
  });
});
