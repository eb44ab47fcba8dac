import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, type Job, type KeyWithSecret } from '@facehash/contracts';
import { subjects } from '@facehash/storage';
import { startRedis, type RedisForTests } from '@facehash/testkit';
import { formOf, jpegOf } from '../testing/forms.js';
import { startGateway, type GatewayForTests } from '../testing/gateway-for-tests.js';
import { bearer, eventually, openPost, send } from '../testing/requests.js';

let redis: RedisForTests;
/** Two gateways of one installation. */
let one: GatewayForTests;
let two: GatewayForTests;
let secret: string;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  await redis.stop();
});
const start = async (limits: Parameters<typeof startGateway>[1] = {}) => {
  const prefix = newId('request');
  one = await startGateway(redis.url, { ...limits, prefix });
  two = await startGateway(redis.url, { ...limits, prefix, folder: one.folder });
  await one.publishModel(one.key.id);
  secret = one.secret;
};
const stop = async () => {
  await two.close();
  await one.close();
};
const recognize = (
  gateway: GatewayForTests,
  image: Buffer<ArrayBuffer>,
  headers = {},
  fields: [string, string][] = [],
) =>
  send<Job & { code?: string }>(`${gateway.url}/v1/recognize`, {
    method: 'POST',
    headers: { ...bearer(secret), ...headers },
    body: formOf(...fields, ['image', image]),
  });

describe('Idempotency-Key', () => {
  beforeEach(() => start());
  afterEach(stop);
  const sent = { 'idempotency-key': '"order 7"' };

  it('gives the same job for the same bytes and parameters, at any gateway, and keeps one upload', async () => {
    const first = await recognize(one, jpegOf(900), sent);
    expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([202, null]);
    const again = await recognize(two, jpegOf(900), sent, [['max_faces', '1']]);
    expect([again.status, again.body.id]).toEqual([202, first.body.id]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('location')).toBe(`/v1/jobs/${first.body.id}`);
    expect(await one.uploads()).toHaveLength(1);
    await one.startWorker();
    await one.jobs.wait(first.body.id, 10_000);
    const ended = await recognize(two, jpegOf(900), sent);
    expect([ended.status, ended.body.id, ended.body.status]).toEqual([200, first.body.id, 'succeeded']);
    await eventually(async () => (await one.uploads()).length === 0);
  });

  it('refuses other bytes, other parameters and another call; other keys never meet', async () => {
    const first = await recognize(one, jpegOf(900), sent);
    const others = [
      await recognize(two, jpegOf(901), sent),
      await recognize(two, jpegOf(900), sent, [['max_faces', '2']]),
      await send(`${two.url}/v1/train`, { method: 'POST', headers: { ...bearer(secret), ...sent } }),
    ];
    for (const { status, body } of others) {
      expect([status, body.code]).toEqual([422, 'IDEMPOTENCY_MISMATCH']);
    }
    expect(await one.uploads()).toHaveLength(1);
    const { key, secret: otherSecret } = await one.newKey();
    await one.publishModel(key.id);
    const other = await recognize(two, jpegOf(900), { ...bearer(otherSecret), ...sent });
    expect(other.status).toBe(202);
    expect(other.body.id).not.toBe(first.body.id);
  });

  it('is refused while the first request is still read, and free once that has failed', async () => {
    const post = openPost(`${one.url}/v1/recognize`, {
      ...{ ...bearer(secret), ...sent },
      ...{ 'content-type': 'image/jpeg', 'content-length': '5000' },
    });
    post.write(jpegOf(1000));
    await eventually(async () => (await one.halfWritten()).length > 0);
    const meanwhile = await recognize(two, jpegOf(900), sent);
    expect([meanwhile.status, meanwhile.body.code]).toEqual([409, 'IDEMPOTENCY_UNDER_WAY']);
    expect(Number(meanwhile.headers.get('retry-after'))).toBeGreaterThan(0);
    post.destroy();
    await eventually(async () => (await recognize(two, jpegOf(900), sent)).status === 202);
  });

  it('is free after a request that was refused before it became a job', async () => {
    const refused = await recognize(one, Buffer.from('no image, but long enough'), sent);
    expect(refused.status).toBe(415);
    expect((await recognize(two, jpegOf(900), sent)).status).toBe(202);
  });

  it('gives a training its job while it runs, where another one is refused', async () => {
    const train = (headers: object) =>
      send<Job & { code?: string }>(`${two.url}/v1/train`, {
        method: 'POST',
        headers: { ...bearer(secret), ...headers },
        body: formOf(['label', 'Ada'], ['photos', jpegOf(800)], ['photos', jpegOf(801)]),
      });
    const first = await train(sent);
    expect(first.status).toBe(202);
    expect(await train({})).toMatchObject({ status: 409, body: { code: 'TRAINING_IN_PROGRESS' } });
    expect(await train(sent)).toMatchObject({ status: 202, body: { id: first.body.id } });
    expect(await one.uploads()).toHaveLength(2);
    const recognized = await recognize(one, jpegOf(900), { 'idempotency-key': 'other' });
    expect(recognized).toMatchObject({ status: 409, body: { code: 'MODEL_TRAINING' } });
  });

  it('gives a deletion its job, also when nobody of that name is left', async () => {
    const subject = { id: newId('subject'), label: 'Ada', createdAt: new Date().toISOString() };
    await one.enrol(subject);
    const erase = () =>
      send<Job>(`${two.url}/v1/subjects/Ada`, { method: 'DELETE', headers: { ...bearer(secret), ...sent } });
    const first = await erase();
    expect(first.status).toBe(202);
    await subjects(one.storage, one.key.id).delete(subject.id);
    expect(await erase()).toMatchObject({ status: 202, body: { id: first.body.id } });
  });

  it('is told from a malformed one', async () => {
    const { status, body } = await recognize(one, jpegOf(900), { 'idempotency-key': 'two words' });
    expect([status, body.code]).toEqual([400, 'INVALID_REQUEST']);
  });
});

describe('Limits', () => {
  afterEach(stop);
  const look = (gateway: GatewayForTests, withSecret = secret) =>
    send(`${gateway.url}/v1/jobs`, { headers: bearer(withSecret) });

  it('of requests hold for a key over all gateways, and every answer tells what is left', async () => {
    await start({ requestsPerMinute: 3 });
    for (const [gateway, left] of [
      [one, 2],
      [two, 1],
      [one, 0],
    ] as const) {
      const { status, headers } = await look(gateway);
      expect(status).toBe(200);
      expect(headers.get('ratelimit-policy')).toBe('"key";q=3;w=60');
      expect(headers.get('ratelimit')).toMatch(new RegExp(`^"key";r=${left};t=\\d+$`));
    }
    const refused = await look(two);
    expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await look(one, (await one.newKey()).secret)).status).toBe(200);
  });

  it('of a key can be its own', async () => {
    await start({ requestsPerMinute: 1 });
    const limits = { requests_per_minute: 2 };
    const { body: own } = await send<KeyWithSecret>(`${one.url}/v1/keys`, {
      method: 'POST',
      headers: { ...bearer(one.adminToken), 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'own', limits }),
    });
    expect(own.limits).toEqual({ requests_per_minute: 2, open_jobs: null });
    const statuses = [await look(one, own.secret), await look(two, own.secret), await look(one, own.secret)];
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
  });

  it('of a key change within the minute, within 5 s at every gateway', async () => {
    await start({ requestsPerMinute: 2 });
    const change = (limits: object) =>
      send<KeyWithSecret>(`${two.url}/v1/keys/${one.key.id}`, {
        method: 'PATCH',
        headers: { ...bearer(two.adminToken), 'content-type': 'application/json' },
        body: JSON.stringify({ limits }),
      });
    const statuses = [await look(one), await look(two), await look(one)];
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect((await change({ requests_per_minute: 1000 })).body.limits).toEqual({
      ...{ requests_per_minute: 1000, open_jobs: null },
    });
    const isLetIn = (gateway: GatewayForTests) => async () => (await look(gateway)).status === 200;
    await eventually(isLetIn(one));
    await eventually(isLetIn(two));
    expect((await change({ open_jobs: 7 })).body.limits).toEqual({
      ...{ requests_per_minute: 1000, open_jobs: 7 },
    });
    expect((await change({})).status).toBe(400);
    expect((await change({ open_jobs: -1 })).status).toBe(400);
  });

  it('of failures hold for an address, and never for those who have a key', async () => {
    await start({ failuresPerMinute: 2 });
    const unknown = `fh_${'x'.repeat(43)}`;
    const statuses = [await look(one, unknown), await look(two, unknown), await look(one, unknown)];
    expect(statuses.map(({ status }) => status)).toEqual([401, 401, 429]);
    expect((await look(one)).status).toBe(200);
  });

  it('of open jobs refuse before anything is read, and let in again what has room', async () => {
    await start({ openJobs: 2 });
    const [first] = [await recognize(one, jpegOf(900)), await recognize(two, jpegOf(900))];
    const refused = await recognize(one, jpegOf(900));
    expect(refused).toMatchObject({ status: 429, body: { code: 'QUEUE_LIMIT', max_open_jobs: 2 } });
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await one.uploads()).toHaveLength(2);
    await one.jobs.cancel(first.body.id, () => Promise.resolve());
    expect((await recognize(two, jpegOf(900))).status).toBe(202);
  });

  it('of the wait shed load, of the key whose jobs would wait', async () => {
    await start({ queueWaitMs: 200 });
    await recognize(one, jpegOf(900));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const refused = await recognize(two, jpegOf(900));
    expect([refused.status, refused.body.code]).toEqual([503, 'OVERLOADED']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await one.uploads()).toHaveLength(1);
    await one.startWorker();
    await eventually(async () => (await recognize(two, jpegOf(900))).status === 202);
  });
});
