import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '@facehash/contracts';
import { drawPerson, drawPortrait, drawScene, freePort } from '@facehash/testkit';
import { startService, type Caller, type LogLine, type Service } from './start-service.js';

/** In the label, and by it in the names of the files: if it is in a log, a person is. */
const NAME = 'Unmentionable';

let service: Service;
let caller: Caller;
let ports: { gateway: string; worker: string };

beforeAll(async () => {
  ports = { gateway: String(await freePort()), worker: String(await freePort()) };
  const settings = {
    gateway: { FACEHASH_METRICS_PORT: ports.gateway },
    worker: { FACEHASH_METRICS_PORT: ports.worker },
  };
  service = await startService({ settings });
  caller = await service.newKey();
}, 60_000);

afterAll(() => service.stop());

const portraits = (count: number): Promise<Buffer[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => drawPortrait(drawPerson(1), at)));

/** Sends an image as the body, with headers of the test's own. */
const recognizeRaw = (image: Uint8Array, headers: Record<string, string>, query = '') =>
  caller.request(`/v1/recognize${query}`, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg', prefer: 'wait=30', ...headers },
    body: new Uint8Array(image),
  });

const isAnswerTo = (requestId: string) => (line: LogLine) =>
  line.msg === 'request completed' && line.request_id === requestId;

/** A line may follow the answer. */
async function logs(isWanted: (line: LogLine) => boolean): Promise<void> {
  for (let attempt = 0; attempt < 50 && !service.logged().some(isWanted); attempt++) await sleep(100);
}

/** The lines of both processes about a job. */
async function linesOf(jobId: string): Promise<LogLine[]> {
  await logs((line) => line.job_id === jobId && line.app === 'worker');
  return service.logged().filter((line) => line.job_id === jobId);
}

describe('the logs of both processes', () => {
  it('carry one trace, one request and one job under the same names', async () => {
    await caller.ended(await caller.train(NAME, await portraits(6)));
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const response = await recognizeRaw(await drawPortrait(drawPerson(1), 50), {
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
      'x-request-id': 'from-outside',
    });
    const { id } = (await response.json()) as Job;

    const lines = await linesOf(id);
    expect(new Set(lines.map(({ app }) => app))).toEqual(new Set(['gateway', 'worker']));
    for (const line of lines) {
      expect(line).toMatchObject({ trace_id: traceId, request_id: 'from-outside', job_id: id });
    }
    // The line of the request itself knows no job, but leads to it.
    await logs(isAnswerTo('from-outside'));
    expect(service.logged().find(isAnswerTo('from-outside'))?.trace_id).toBe(traceId);
  }, 120_000);

  it('carry a trace of our own where the caller has none', async () => {
    const job = await caller.ended(await recognizeRaw(await drawPortrait(drawPerson(1), 51), {}));
    const traces = new Set((await linesOf(job.id)).map(({ trace_id }) => trace_id));
    expect([...traces]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
  });

  it('hold no secret, no label, no file name and no pixel, whatever went well or wrong', async () => {
    const photo = await drawPortrait(drawPerson(1), 52);
    const scenes = await Promise.all([drawScene(1), drawScene(2)]);
    const wrongSecret = `fh_${'S'.repeat(43)}`;
    const fails = async (response: Promise<Response>, ...statuses: number[]) => {
      expect(statuses).toContain((await response).status);
    };

    // Well: trained again, recognised by both kinds of body.
    await caller.ended(await caller.train(NAME, [photo, ...scenes]));
    expect((await caller.ended(await caller.recognize(photo))).status).toBe('succeeded');
    // Wrong in the worker: nobody on the photos, and a photo that ends in its middle.
    expect((await caller.ended(await caller.train(`${NAME} 2`, scenes))).error?.code).toBe(
      'NO_USABLE_PHOTOS',
    );
    expect((await caller.ended(await caller.recognize(photo.subarray(0, 600)))).status).toBe('failed');
    // Wrong in the gateway: unknown fields, unknown keys, unknown addresses.
    await fails(caller.recognize(photo, { lable: NAME }), 400);
    await fails(recognizeRaw(photo, {}, `?label=${NAME}`), 400);
    await fails(recognizeRaw(photo, { authorization: `Bearer ${wrongSecret}` }), 401);
    await fails(recognizeRaw(photo, { authorization: '', 'x-api-key': wrongSecret, cookie: NAME }), 401);
    await fails(caller.request(`/v1/subjects/${NAME}/photos/none?label=${NAME}`), 404, 405);

    const everything = JSON.stringify(service.logged());
    expect(everything).toContain('NO_USABLE_PHOTOS');
    expect(everything).toContain('IMAGE_UNREADABLE');
    expect(everything).not.toMatch(/authorization|x-api-key|cookie|bearer/i);
    expect(everything).not.toContain(NAME);
    for (const secret of [caller.secret, wrongSecret]) expect(everything).not.toContain(secret);
    const pixels = photo.subarray(300, 324);
    for (const bytes of [pixels.toString('base64'), pixels.toString('hex'), [...pixels].join(',')]) {
      expect(everything).not.toContain(bytes);
    }
  }, 120_000);
});

describe('the metrics of both processes', () => {
  it('are served on ports of their own', async () => {
    const scrape = async (port: string) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const [gateway, worker] = await Promise.all([scrape(ports.gateway), scrape(ports.worker)]);
    expect(gateway).toMatch(/^facehash_gateway_requests_total\{route="\/v1\/train",.*status="2xx"\} 3$/m);
    expect(gateway).toContain('facehash_queue_jobs{queue="recognize",state="waiting"} 0\n');
    expect(worker).toMatch(/^facehash_worker_jobs_total\{type="train",outcome="succeeded"\} 2$/m);
    for (const stage of ['decode', 'detect', 'landmarks', 'classify', 'fit']) {
      expect(worker).toMatch(
        new RegExp(`^facehash_worker_stage_seconds_count\\{stage="${stage}"\\} [1-9]`, 'm'),
      );
    }
    expect(worker).toContain('facehash_worker_model_cache_uses_total{outcome="hit"}');
    expect((await caller.request('/metrics')).status).toBe(404);
  });
});
