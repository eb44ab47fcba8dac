import { newId, STANDARD_RETENTION, type Job } from '@facehash/contracts';
import type { JobClient, JobHandlers } from '@facehash/jobs';
import { uploads } from '@facehash/storage';
import { documentedFetch } from '@facehash/testkit';
import { beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { listen } from '../start/listen.js';
import { bearer, eventually, send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';
import { jobEventRoutes } from './job-events.js';

const gateway = useGateway();
/** Lets the worker's run go on. */
let goOn = (): void => undefined;

const run: JobHandlers['recognize']['run'] = async (_payload, context) => {
  await context.progress('recognizing', 50);
  await new Promise<void>((resolve) => (goOn = resolve));
  return { result: { image: { width: 1, height: 1 }, faces: [], timings: {} }, model: null };
};

beforeAll(() => gateway.startWorker({ recognize: { run } }));

async function submit(): Promise<string> {
  const jobId = newId('job');
  const uploadKey = uploads(gateway.storage).key(jobId);
  await gateway.jobs.submit('recognize', {
    ...{ jobId, keyId: gateway.key.id, requestId: 'r', uploadKey, maxFaces: 1 },
  });
  return jobId;
}

const halfway = async (id: string): Promise<void> =>
  eventually(async () => (await gateway.jobs.get(id))?.job.progress.percent === 50);

/** Opens the stream; `text` grows as events come. */
async function open(id: string, headers: Record<string, string> = {}, url = gateway.url) {
  const caller = new AbortController();
  const response = await documentedFetch(`${url}/v1/jobs/${id}/events`, {
    headers: { ...bearer(gateway.secret), ...headers },
    signal: caller.signal,
  });
  const hangUp = (): void => {
    caller.abort();
  };
  const stream = { response, text: '', hangUp, ended: Promise.resolve() };
  stream.ended = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) stream.text += decoder.decode(chunk as Uint8Array);
  })().catch(() => undefined);
  return stream;
}

const idsIn = (text: string) => [...text.matchAll(/^id: (.*)$/gm)].map((match) => match[1]);

describe('GET /v1/jobs/:id/events', () => {
  it('tells progress as it comes and the job at its end, then closes', async () => {
    const id = await submit();
    await halfway(id);
    const stream = await open(id);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    await eventually(() => stream.text.includes('event: progress'));
    const progress = { status: 'processing', progress: { percent: 50, stage: 'recognizing' } };
    expect(stream.text).toBe(
      `id: processing-50-recognizing\nevent: progress\ndata: ${JSON.stringify(progress)}\n\n`,
    );
    goOn();
    await stream.ended;
    const end = stream.text.split('\n\n').at(-2)!;
    expect(end).toMatch(/^id: end\nevent: end\ndata: /);
    const { body } = await send<Job>(`${gateway.url}/v1/jobs/${id}`, { headers: bearer(gateway.secret) });
    expect(JSON.parse(end.slice(end.indexOf('{')))).toEqual(body);
  });

  it('repeats nothing to whoever reconnects, and tells a browser that there is no more', async () => {
    const id = await submit();
    await halfway(id);
    const again = await open(id, { 'last-event-id': 'processing-50-recognizing' });
    goOn();
    await again.ended;
    expect(idsIn(again.text)).toEqual(['end']);
    const late = await open(id, { 'last-event-id': 'processing-50-recognizing' });
    await late.ended;
    expect(idsIn(late.text)).toEqual(['end']);
    expect((await open(id, { 'last-event-id': 'end' })).response.status).toBe(204);
  });

  it("knows no other key's job, and no HEAD of what has no end", async () => {
    const { secret } = await gateway.newKey();
    const id = await submit();
    expect((await open(id, bearer(secret))).response.status).toBe(404);
    const head = { method: 'HEAD', headers: bearer(gateway.secret) };
    expect((await documentedFetch(`${gateway.url}/v1/jobs/${id}/events`, head)).status).toBe(405);
    await halfway(id);
    goOn();
  });

  it('shows with comments that it lives, and stops with its caller: no watch and no heartbeat stay', async () => {
    const id = await submit();
    await halfway(id);
    let watching = 0;
    const watch: JobClient['watch'] = async (...all) => {
      watching++;
      await gateway.jobs.watch(...all).finally(() => watching--);
    };
    const app = express();
    const writes: string[] = [];
    app.use((_req, res, next) => {
      res.set('x-request-id', 'req_1'); // the whole app's, and documented
      const write = res.write.bind(res) as (text: string) => boolean;
      res.write = ((text: string) => (writes.push(text), write(text))) as typeof res.write;
      next();
    });
    app.use(
      jobEventRoutes({
        authenticate: () =>
          Promise.resolve({ ...gateway.key, retention: STANDARD_RETENTION, secretCreatedAt: null }),
        jobs: { ...gateway.jobs, watch },
        heartbeatMs: 20,
      }),
    );
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    const stream = await open(id, {}, server.url);
    await eventually(() => stream.text.endsWith(':\n\n:\n\n'));
    expect(watching).toBe(1);
    stream.hangUp();
    await eventually(() => watching === 0);
    const written = writes.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(writes).toHaveLength(written);
    await server.close(0);
    goOn();
  });
});
