import { newId, type Job } from '@facehash/contracts';
import { documentedFetch, startRedisCluster, type RedisClusterForTests } from '@facehash/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formOf, jpegOf } from './testing/forms.js';
import { startGateway, type GatewayForTests } from './testing/gateway-for-tests.js';
import { bearer, eventually, send } from './testing/requests.js';

const REQUESTS_PER_MINUTE = 30;

/** Nothing of what a caller may ask the second gateway for is known to the first one only. */
describe('Two gateways on one Redis Cluster and one storage', () => {
  let cluster: RedisClusterForTests;
  let one: GatewayForTests;
  let two: GatewayForTests;
  /** Lets the worker's run go on. */
  let goOn = (): void => undefined;

  beforeAll(async () => {
    cluster = await startRedisCluster();
    const shared = { prefix: newId('request'), requestsPerMinute: REQUESTS_PER_MINUTE };
    one = await startGateway(cluster.url, shared);
    two = await startGateway(cluster.url, { ...shared, folder: one.folder });
    await eventually(
      async () => (await fetch(`${two.url}/readyz`)).ok && (await fetch(`${one.url}/readyz`)).ok,
    );
    await one.publishModel(one.key.id);
    await one.startWorker({
      recognize: {
        async run(_payload, context) {
          await context.progress('recognizing', 50);
          await new Promise<void>((resolve) => (goOn = resolve));
          return { result: { image: { width: 1, height: 1 }, faces: [], timings: {} }, model: null };
        },
      },
    });
  }, 60_000);
  afterAll(async () => {
    await two.close();
    await one.close();
    await cluster.stop();
  });

  const recognize = (gateway: GatewayForTests, bytes: number, headers = {}) =>
    send<Job>(`${gateway.url}/v1/recognize`, {
      method: 'POST',
      headers: { ...bearer(one.secret), ...headers },
      body: formOf(['image', jpegOf(bytes)]),
    });
  const halfway = (id: string): Promise<void> =>
    eventually(async () => (await two.jobs.get(id))?.job.progress.percent === 50);

  it('a job sent to one is waited for at the other', async () => {
    const { status, body } = await recognize(one, 900);
    expect(status).toBe(202);
    const waited = send<Job>(`${two.url}/v1/jobs/${body.id}`, {
      headers: { ...bearer(one.secret), prefer: 'wait=10' },
    });
    await halfway(body.id);
    goOn();
    expect((await waited).body).toMatchObject({ id: body.id, status: 'succeeded' });
  });

  it('its events are told by the other, as they come', async () => {
    const { id } = (await recognize(one, 901)).body;
    await halfway(id);
    const stream = await documentedFetch(`${two.url}/v1/jobs/${id}/events`, { headers: bearer(one.secret) });
    goOn();
    expect([...(await stream.text()).matchAll(/^event: (.*)$/gm)].map(([, event]) => event)).toEqual([
      'progress',
      'end',
    ]);
  });

  it('it is cancelled at the other, and the request is known there by its Idempotency-Key', async () => {
    const sent = { 'idempotency-key': '"order 7"' };
    const { id } = (await recognize(one, 902, sent)).body;
    await halfway(id);
    const again = await recognize(two, 902, sent);
    expect([again.body.id, again.headers.get('idempotency-replayed')]).toEqual([id, 'true']);
    const cancel = { method: 'POST', headers: bearer(one.secret) };
    expect((await send<Job>(`${two.url}/v1/jobs/${id}/cancel`, cancel)).body.status).toBe('canceled');
    goOn();
    const seen = await send<Job>(`${one.url}/v1/jobs/${id}`, { headers: bearer(one.secret) });
    expect(seen.body.status).toBe('canceled');
  });

  it('requests are counted at both together', async () => {
    const { secret } = await one.newKey();
    const ask = ({ url }: GatewayForTests) => send(`${url}/v1/subjects`, { headers: bearer(secret) });
    for (let sent = 0; sent < REQUESTS_PER_MINUTE; sent += 2) {
      expect([(await ask(one)).status, (await ask(two)).status]).toEqual([200, 200]);
    }
    expect((await ask(one)).status).toBe(429);
    expect((await ask(two)).status).toBe(429);
  });

  it('a key that is revoked at one is refused at the other within 5 s', async () => {
    const { key, secret } = await one.newKey();
    const ask = async () => (await send(`${two.url}/v1/subjects`, { headers: bearer(secret) })).status;
    expect(await ask()).toBe(200);
    await documentedFetch(`${one.url}/v1/keys/${key.id}`, {
      method: 'DELETE',
      headers: bearer(one.adminToken),
    });
    const revokedAt = performance.now();
    // Slowly, or its limit would be met first; so an answer may come a step and a request later.
    for (let status = 200; status !== 401; status = await ask()) {
      expect(performance.now() - revokedAt).toBeLessThan(6_000);
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
  }, 10_000);
});
