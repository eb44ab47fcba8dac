import { describe, expect, it } from '@jest/globals';
import type { WebhookResource, WebhookWithSecret } from '@facehash/contracts';
import { eventually } from '../testing/requests.js';
import { bodyOf, SENDING, useWebhooks, verify, type Handler } from '../testing/use-webhooks.js';

const { gateway, receiver, newCaller } = useWebhooks();

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
    expect(new Set(attempts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
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
    expect(to.received).toHaveLength(SENDING.schedule.length);
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
