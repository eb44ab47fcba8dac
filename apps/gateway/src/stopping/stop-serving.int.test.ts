import type { Job } from '@facehash/contracts';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { formOf, jpegOf } from '../testing/forms.js';
import { bearer, eventually, send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway({ per: 'test' });

beforeEach(() => gateway.publishModel(gateway.key.id));

const recognize = (headers: Record<string, string> = {}) =>
  send<Job>(`${gateway.url}/v1/recognize`, {
    method: 'POST',
    headers: { ...bearer(gateway.secret), ...headers },
    body: formOf(['image', jpegOf(900)]),
  });
const isWaitedFor = () =>
  eventually(async () => (await gateway.metrics.text()).includes('facehash_gateway_waits 1\n'));

describe('a gateway that is asked to stop', () => {
  it('is not ready at once, and serves whoever comes until load balancers have noticed', async () => {
    const before = await send(`${gateway.url}/readyz`);
    expect([before.status, before.headers.get('connection')]).toEqual([200, 'keep-alive']);
    const stopped = gateway.stopServing({ drainMs: 1_000, shutdownMs: 10_000 });
    const unready = await send(`${gateway.url}/readyz`);
    expect([unready.status, unready.body.code]).toEqual([503, 'UNAVAILABLE']);
    expect(unready.body.detail).toContain('stopping');
    expect((await send(`${gateway.url}/healthz`)).status).toBe(200);
    const served = await recognize();
    expect([served.status, served.headers.get('connection')]).toEqual([202, 'close']);
    await stopped;
    await expect(send(`${gateway.url}/healthz`)).rejects.toThrow('fetch failed');
  });

  it('answers a wait under way by 202 in time, and the job goes on', async () => {
    const waiting = recognize({ prefer: 'wait=60' });
    await isWaitedFor();
    const startedAt = performance.now();
    await gateway.stopServing({ drainMs: 0, shutdownMs: 4_000 });
    expect(performance.now() - startedAt).toBeLessThan(3_900);
    const { status, headers, body } = await waiting;
    expect([status, headers.get('connection')]).toEqual([202, 'close']);
    await gateway.startWorker();
    expect((await gateway.jobs.wait(body.id, 10_000))?.job.status).toBe('succeeded');
    expect(await gateway.metrics.text()).toContain('wait_seconds_count{outcome="expired"} 1\n');
  });

  it('answers a wait whose job ends meanwhile as ever', async () => {
    let end: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (end = resolve));
    await gateway.startWorker({
      detect: { run: () => held.then(() => Promise.reject(new Error('no picture'))) },
    });
    const waiting = send<Job>(`${gateway.url}/v1/detect`, {
      method: 'POST',
      headers: { ...bearer(gateway.secret), prefer: 'wait=60' },
      body: formOf(['image', jpegOf(900)]),
    });
    await isWaitedFor();
    const stopped = gateway.stopServing({ drainMs: 0, shutdownMs: 10_000 });
    end();
    expect((await waiting).body.status).toBe('failed');
    await stopped;
  });

  it('ends an event stream, which its reader takes up again elsewhere', async () => {
    const { body: job } = await recognize();
    const stream = await fetch(`${gateway.url}/v1/jobs/${job.id}/events`, {
      headers: bearer(gateway.secret),
    });
    const events = stream.text();
    await gateway.stopServing({ drainMs: 0, shutdownMs: 1_000 });
    expect(await events).toMatch(/^id: queued-0-/);
  });
});
