import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  newId,
  type Job,
  type SigningSecretResource,
  type WebhookDelivery,
  type WebhookDeliveryList,
  type WebhookResource,
  type WebhookWithSecret,
} from '@facehash/contracts';
import type { ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { formOf, jpegOf } from '../testing/forms.js';
import { startGateway } from '../testing/gateway-for-tests.js';
import { bearer, eventually, send } from '../testing/requests.js';
import { startWebhookReceiver, type ReceivedWebhook } from '../testing/webhook-receiver.js';
import { useGateway } from '../testing/use-gateway.js';

/** Fast enough for a test: five attempts, the receiver has 0.3 s. */
const sending = { schedule: [0, 20, 20, 20, 20], timeoutMs: 300 };

const gateway = useGateway({ webhooks: sending });
const closers: (() => Promise<void>)[] = [];

beforeAll(() => gateway.startWorker());

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Handler = (number: number, response: ServerResponse) => void;
const receiver = async (answer?: Handler) => {
  const started = await startWebhookReceiver(answer);
  closers.push(() => started.close());
  return started;
};
const callOf =
  (secret: string, url = gateway.url) =>
  <T>(method: string, path: string, body?: object) =>
    send<T>(`${url}/v1/webhooks${path}`, {
      method,
      headers: { ...bearer(secret), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
/** A key of its own with something to recognise by. */
async function newCaller() {
  const { key, secret } = await gateway.newKey();
  await gateway.publishModel(key.id);
  const call = callOf(secret);
  const recognize = async (fields: Record<string, string> = {}) => {
    const form = formOf(['image', jpegOf(500)], ...Object.entries(fields));
    return send<Job>(`${gateway.url}/v1/recognize`, { method: 'POST', headers: bearer(secret), body: form });
  };
  const register = async (url: string, fields: object = {}) => {
    const created = await call<WebhookWithSecret>('POST', '', { url, ...fields });
    expect(created.status).toBe(201);
    return created.body;
  };
  const deliveries = async (query = '') =>
    (await call<WebhookDeliveryList>('GET', `/deliveries${query}`)).body.data;
  return { key, secret, call, recognize, register, deliveries };
}
const bodyOf = ({ body }: ReceivedWebhook) => JSON.parse(body) as WebhookDelivery['event'];
const idsOf = (received: readonly ReceivedWebhook[]) =>
  new Set(received.map(({ headers }) => headers['webhook-id']));
const verify = (secret: string, { body, headers }: ReceivedWebhook) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);

describe('A registered webhook', () => {
  it('is pinged, its secret shown once, and told of a job in a thin body that the standard verifies', async () => {
    const { register, recognize, call } = await newCaller();
    const to = await receiver();
    const { id, secret, ...webhook } = await register(`${to.url}/hook?tenant=7`, { description: 'shop' });
    expect(webhook).toMatchObject({ enabled: true, events: null, description: 'shop' });
    await eventually(() => to.received.length === 1);
    expect(verify(secret, to.received[0]!)).toMatchObject({ type: 'webhook.ping', data: { id } });

    const { body: job } = await recognize({ metadata: '{"order":"4711"}' });
    await eventually(() => to.received.length === 2);
    const got = to.received[1]!;
    expect(verify(secret, got)).toEqual({
      type: 'recognition.succeeded',
      timestamp: expect.any(String),
      data: {
        ...{ id: job.id, object: 'job', type: 'recognize', status: 'succeeded' },
        url: `/v1/jobs/${job.id}`,
      },
    });
    expect(got.path).toBe('/hook?tenant=7');
    expect(got.body).not.toContain('4711');
    expect(Math.abs(Number(got.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(10);

    const listed = await call<{ data: WebhookResource[] }>('GET', '');
    expect(listed.body.data.map((one) => one.id)).toEqual([id]);
    expect(JSON.stringify(listed.body)).not.toContain(secret);
  });

  it('that fails three times, then hangs, then answers has been told once, as far as it can see', async () => {
    const { register, recognize, deliveries } = await newCaller();
    const answers: Handler[] = [
      ...[500, 503, 404].map(
        (status): Handler =>
          (_n, response) =>
            void response.writeHead(status).end(),
      ),
      () => undefined,
    ];
    let afterPing = false;
    const to = await receiver((number, response) => {
      const answer = afterPing ? answers.shift() : undefined;
      if (answer) answer(number, response);
      else response.end();
    });
    const { id, secret } = await register(to.url);
    await eventually(() => to.received.length === 1);
    afterPing = true;
    await recognize();

    await eventually(async () => (await deliveries('?status=succeeded')).length === 2);
    const attempts = to.received.slice(1);
    expect(attempts).toHaveLength(5);
    expect(idsOf(attempts).size).toBe(1);
    for (const attempt of attempts) expect(verify(secret, attempt)).toEqual(bodyOf(attempts[0]!));
    const [delivery] = await deliveries(`?webhook_id=${id}&limit=1`);
    expect(delivery!.id).toBe(attempts[0]!.headers['webhook-id']);
    expect(delivery!.attempts.map(({ status }) => status)).toEqual([500, 503, 404, null, 200]);
    expect(delivery!.attempts[3]!.error).toBe('no answer within 0.3 s');
  });

  it('is told only of what it asked for', async () => {
    const { register, recognize, deliveries } = await newCaller();
    const to = await receiver();
    await register(to.url, { events: ['training.succeeded'] });
    const own = await receiver();
    await recognize({ webhook: own.url });
    await eventually(() => own.received.length === 1);
    expect((await deliveries()).map(({ event }) => event.type).sort()).toEqual([
      'recognition.succeeded',
      'webhook.ping',
    ]);
  });

  it('has two signatures while one secret takes over from another', async () => {
    const { register, call } = await newCaller();
    const to = await receiver();
    const { id, secret: old } = await register(to.url);
    const rotated = await call<WebhookWithSecret>('POST', `/${id}/rotate`, { grace_seconds: 60 });
    expect(rotated.body.secrets).toHaveLength(2);
    await call('POST', `/${id}/ping`);
    await eventually(() => to.received.length === 2);
    for (const secret of [old, rotated.body.secret]) expect(verify(secret, to.received[1]!)).toBeTruthy();

    const renewed = await call<WebhookWithSecret>('POST', `/${id}/rotate`, { grace_seconds: 0 });
    await call('POST', `/${id}/ping`);
    await eventually(() => to.received.length === 3);
    expect(verify(renewed.body.secret, to.received[2]!)).toBeTruthy();
    expect(() => verify(old, to.received[2]!)).toThrow();
  });

  it('is disabled by 410 and told nothing, until it is enabled again', async () => {
    const { register, recognize, call, deliveries } = await newCaller();
    let gone = true;
    const to = await receiver((_number, response) => void response.writeHead(gone ? 410 : 200).end());
    const { id } = await register(to.url);
    const webhook = async () => (await call<WebhookResource>('GET', `/${id}`)).body;
    await eventually(async () => !(await webhook()).enabled);
    expect((await webhook()).disabled?.reason).toBe('gone');
    const own = await receiver();
    await recognize({ webhook: own.url });
    await eventually(() => own.received.length === 1);
    expect(await deliveries(`?webhook_id=${id}`)).toHaveLength(1);

    gone = false;
    await call('PATCH', `/${id}`, { enabled: true });
    expect((await webhook()).disabled).toBeNull();
    await recognize();
    await eventually(() => to.received.length === 2);
  });

  it('takes a redirect for a failure, and is disabled when nothing has arrived by the last attempt', async () => {
    const { register, call, deliveries } = await newCaller();
    const elsewhere = await receiver();
    const to = await receiver((_number, response) => {
      response.writeHead(302, { location: elsewhere.url }).end();
    });
    const { id } = await register(to.url);
    await eventually(async () => (await deliveries('?status=failed')).length === 1);
    expect(to.received).toHaveLength(sending.schedule.length);
    expect(elsewhere.received).toEqual([]);
    await eventually(async () => {
      const { body } = await call<WebhookResource>('GET', `/${id}`);
      return body.disabled?.reason === 'failing';
    });
    expect(gateway.logLines.join('')).toContain('a webhook was disabled');
  });

  it('goes on where other deliveries arrived', async () => {
    const { register, call, deliveries } = await newCaller();
    const to = await receiver((number, response) => {
      response.writeHead(number === 0 ? 200 : 500).end();
    });
    const { id } = await register(to.url);
    await eventually(() => to.received.length === 1);
    await call('POST', `/${id}/ping`);
    await eventually(async () => (await deliveries('?status=failed')).length === 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await call<WebhookResource>('GET', `/${id}`)).body.enabled).toBe(true);
  });

  it('is changed in parts and deleted, after which what was on its way ends', async () => {
    const { register, call, deliveries } = await newCaller();
    const to = await receiver((_number, response) => {
      response.writeHead(503, { 'retry-after': '3600' }).end();
    });
    const { id } = await register(to.url, { description: 'before' });
    const changed = await call<WebhookResource>('PATCH', `/${id}`, { events: ['training.failed'] });
    expect(changed.body).toMatchObject({ description: 'before', events: ['training.failed'] });
    await eventually(() => to.received.length === 1);
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await call('GET', `/${id}`)).body).toMatchObject({ code: 'NOT_FOUND' });

    const [waiting] = await deliveries();
    expect(waiting).toMatchObject({ status: 'pending', attempts: [{ status: 503 }] });
    expect(Date.parse(waiting!.next_attempt_at!) - Date.now()).toBeGreaterThan(3_000_000);
    await call('POST', `/deliveries/${waiting!.id}/redeliver`);
    await eventually(async () => (await deliveries('?status=canceled')).length === 1);
    expect((await deliveries())[0]!.reason).toBe('the webhook was deleted');
  });

  it("is nobody's but its key's, as are its deliveries", async () => {
    const [mine, other] = [await newCaller(), await newCaller()];
    const to = await receiver();
    const { id } = await mine.register(to.url);
    const [delivery] = await mine.deliveries();
    for (const [method, path] of [
      ['GET', `/${id}`],
      ['DELETE', `/${id}`],
      ['POST', `/${id}/ping`],
      ['POST', `/${id}/rotate`],
      ['GET', `/deliveries/${delivery!.id}`],
      ['POST', `/deliveries/${delivery!.id}/redeliver`],
    ] as const) {
      expect((await other.call(method, path)).body).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await other.deliveries()).toEqual([]);
  });

  it('is one of twenty at most', async () => {
    const { call, register } = await newCaller();
    const to = await receiver();
    for (let i = 0; i < 20; i++) await register(to.url);
    expect((await call('POST', '', { url: to.url })).body).toMatchObject({ code: 'TOO_MANY_WEBHOOKS' });
  });
});

describe("A request's own webhook", () => {
  it("is told of its job, signed by the key's own secret", async () => {
    const { recognize, call } = await newCaller();
    const { secrets } = (await call<SigningSecretResource>('GET', '/secret')).body;
    expect((await call<SigningSecretResource>('GET', '/secret')).body.secrets).toEqual(secrets);
    const to = await receiver();
    const { body: job } = await recognize({
      webhook: `${to.url}/?who=Zo%C3%AB`,
      webhook_events: 'recognition.succeeded',
    });
    await eventually(() => to.received.length === 1);
    expect(to.received[0]!.path).toBe('/?who=Zo%C3%AB');
    expect(verify(secrets[0]!.secret, to.received[0]!)).toMatchObject({ data: { id: job.id } });

    const rotated = await call<SigningSecretResource>('POST', '/secret/rotate');
    expect(rotated.body.secrets).toHaveLength(2);
    await recognize({ webhook: to.url });
    await eventually(() => to.received.length === 2);
    for (const { secret } of rotated.body.secrets) expect(verify(secret, to.received[1]!)).toBeTruthy();
  });

  it('goes when its job goes: its address lies nowhere else', async () => {
    const { recognize, deliveries, secret } = await newCaller();
    const to = await receiver((_number, response) => {
      response.writeHead(503, { 'retry-after': '3600' }).end();
    });
    const { body: job } = await recognize({ webhook: `${to.url}/?who=Ada` });
    await eventually(() => to.received.length === 1);
    const [delivery] = await deliveries();
    expect(JSON.stringify(delivery)).not.toContain('Ada');
    await send(`${gateway.url}/v1/jobs/${job.id}`, { method: 'DELETE', headers: bearer(secret) });
    await callOf(secret)('POST', `/deliveries/${delivery!.id}/redeliver`);
    await eventually(async () => (await deliveries('?status=canceled')).length === 1);
    expect(to.received).toHaveLength(1);
  });

  it.each([
    ['no events that there are', { webhook: 'https://hook.example', webhook_events: 'a' }, /webhook_events/],
    ['no address', { webhook: 'hook.example' }, /webhook: expected an https/],
    ['credentials in it', { webhook: 'https://me:secret@hook.example' }, /webhook: expected/],
    ['events without an address', { webhook_events: 'recognition.failed' }, /expected "webhook" with it/],
  ])('is refused with %s', async (_name, fields, detail) => {
    const { recognize } = await newCaller();
    const refused = await recognize(fields);
    expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', detail: expect.stringMatching(detail) });
    expect(await gateway.uploads()).toEqual([]);
  });
});

describe('A webhook to a private address', () => {
  /** What the names of the test resolve to at the moment. */
  let resolved = '93.184.215.14';
  let rebindAfterCheck = false;
  const lookup: LookupFunction = (_host, { all }, done) => {
    if (all === true) done(null, [{ address: resolved, family: 4 }]);
    else done(null, resolved, 4);
    if (rebindAfterCheck) resolved = '127.0.0.1';
  };

  it('is refused when it is named, and when its name changes its mind', async () => {
    const to = await receiver();
    const { port } = new URL(to.url);
    const strict = await startGateway(gateway.redisUrl, {
      webhooks: { ...sending, lookup, allowPrivate: false },
    });
    closers.push(() => strict.close());
    await strict.publishModel(strict.key.id);
    const call = callOf(strict.secret, strict.url);
    for (const url of [`https://127.0.0.1:${port}`, `http://hook.example:${port}`]) {
      expect((await call('POST', '', { url })).body).toMatchObject({ code: 'WEBHOOK_ADDRESS_REFUSED' });
    }
    const form = formOf(['image', jpegOf(500)], ['webhook', `https://[::1]:${port}`]);
    const post = { method: 'POST', headers: bearer(strict.secret), body: form };
    const refused = await send(`${strict.url}/v1/recognize`, post);
    expect([refused.status, refused.body.code]).toEqual([422, 'WEBHOOK_ADDRESS_REFUSED']);
    expect(await strict.uploads()).toEqual([]);

    resolved = '10.0.0.1';
    const url = `https://hook.example:${port}`;
    expect((await call('POST', '', { url })).body).toMatchObject({ code: 'WEBHOOK_ADDRESS_REFUSED' });
    resolved = '93.184.215.14';
    // The first delivery, at the latest, meets the name with its other address.
    rebindAfterCheck = true;
    expect((await call('POST', '', { url })).status).toBe(201);
    await eventually(async () => {
      const { body } = await call<WebhookDeliveryList>('GET', '/deliveries?status=failed');
      return (
        body.data[0]?.attempts.every(({ error }) => error === 'refused: the address is not public') === true
      );
    });
    expect(to.received).toEqual([]);
  });
});

describe('Deliveries of a key', () => {
  it('end when the key is revoked', async () => {
    const { key, register } = await newCaller();
    const to = await receiver(
      (_number, response) => void response.writeHead(503, { 'retry-after': '3600' }).end(),
    );
    await register(to.url);
    await eventually(() => to.received.length === 1);
    const [waiting] = (await gateway.jobs.webhooks.list(key.id, { limit: 1 })).items;
    const admin = { method: 'DELETE', headers: bearer(gateway.adminToken) };
    expect((await send(`${gateway.url}/v1/keys/${key.id}`, admin)).status).toBe(200);
    await gateway.jobs.webhooks.redeliver(waiting!.delivery.id);
    await eventually(async () => {
      const stored = await gateway.jobs.webhooks.get(waiting!.delivery.id);
      return stored?.delivery.reason?.startsWith('the key is not live: it was revoked') === true;
    });
    expect(to.received).toHaveLength(1);
  });

  it('need the scope "webhooks"', async () => {
    const body = JSON.stringify({ name: 'other', scopes: ['recognize', 'train', 'read'] });
    const headers = { ...bearer(gateway.adminToken), 'content-type': 'application/json' };
    const created = await send<{ secret: string }>(`${gateway.url}/v1/keys`, {
      method: 'POST',
      headers,
      body,
    });
    const call = callOf(created.body.secret);
    for (const path of ['', '/secret', '/deliveries', `/${newId('webhook')}`]) {
      expect((await call('GET', path)).body).toMatchObject({ required_scope: 'webhooks' });
    }
  });
});
