import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Job } from '@facehash/contracts';
import { connectRedis } from '@facehash/jobs';
import { documentedFetch } from '@facehash/testkit';
import { jpegOf } from '../testing/forms.js';
import { bearer, eventually, send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';

const CLIENTS = 100;
/** Of a gateway, however many wait: one for its waiters, one for its webhooks. */
const LISTENERS = 2;

// One for each, so that what one leaves is not taken for another's.
const gateway = useGateway({ per: 'test' });
let redis: ReturnType<typeof connectRedis>;

beforeEach(async () => {
  redis = connectRedis(gateway.redisUrl, 'worker');
  await gateway.publishModel(gateway.key.id);
  await eventually(async () => (await listeners()) === LISTENERS);
});
afterEach(() => {
  redis.disconnect();
});

const held = async (gauge: 'waits' | 'event_streams'): Promise<number> =>
  Number(
    new RegExp(`^facehash_gateway_${gauge} (\\d+)$`, 'm').exec(await gateway.metrics.text())?.[1] ?? NaN,
  );

/** Connections of the gateway and its worker that listen to channels of Redis. */
const listeners = async (): Promise<number> =>
  [...String(await redis.client('LIST')).matchAll(/ sub=[1-9]/g)].length;

const recognize = (prefer: string, signal?: AbortSignal) =>
  send<Job>(`${gateway.url}/v1/recognize`, {
    method: 'POST',
    headers: { ...bearer(gateway.secret), 'content-type': 'image/jpeg', prefer },
    body: jpegOf(500),
    ...(signal && { signal }),
  });

const byAll = <T>(one: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: CLIENTS }, one));

describe(`${CLIENTS} clients that wait at once`, () => {
  it('are all answered, each by its own job, without a listener more, and leave no waiter', async () => {
    const answers = byAll(() => recognize('wait=30'));
    await eventually(async () => (await held('waits')) === CLIENTS);
    expect(await listeners()).toBe(LISTENERS);
    await gateway.startWorker();
    const got = await answers;
    expect(got.map(({ status, body }) => `${status} ${body.status}`)).toEqual(
      Array<string>(CLIENTS).fill('200 succeeded'),
    );
    expect(new Set(got.map(({ body }) => body.id)).size).toBe(CLIENTS);
    expect(await held('waits')).toBe(0);
  });

  it('by following events hear the end, and leave no stream', async () => {
    const ids = (await byAll(() => recognize('respond-async'))).map(({ body }) => body.id);
    const streams = ids.map(async (id) =>
      (
        await documentedFetch(`${gateway.url}/v1/jobs/${id}/events`, { headers: bearer(gateway.secret) })
      ).text(),
    );
    await eventually(async () => (await held('event_streams')) === CLIENTS);
    expect(await listeners()).toBe(LISTENERS);
    await gateway.startWorker();
    for (const [at, text] of (await Promise.all(streams)).entries()) {
      expect(text.match(/^event: end$/gm)).toHaveLength(1);
      expect(text).toContain(`data: {"id":"${ids[at]!}"`);
    }
    expect(await held('event_streams')).toBe(0);
  });

  it('and hang up in the middle are let go while their jobs still run', async () => {
    const leaving = new AbortController();
    const waits = byAll(() => recognize('wait=30', leaving.signal).catch(() => 'left'));
    await eventually(async () => (await held('waits')) === CLIENTS);
    const followed = (await recognize('respond-async')).body.id;
    const init = { headers: bearer(gateway.secret), signal: leaving.signal };
    const streams = byAll(() =>
      documentedFetch(`${gateway.url}/v1/jobs/${followed}/events`, init)
        .then((response) => response.text())
        .catch(() => 'left'),
    );
    await eventually(async () => (await held('event_streams')) === CLIENTS);

    leaving.abort();
    expect([...(await waits), ...(await streams)]).toEqual(Array<string>(2 * CLIENTS).fill('left'));
    await eventually(async () => (await held('waits')) + (await held('event_streams')) === 0, 1_000);
    expect(await gateway.jobs.get(followed)).toMatchObject({ job: { status: 'queued' } });
    expect(await listeners()).toBe(LISTENERS);
  });
});
