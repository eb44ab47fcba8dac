import { describe, expect, it } from '@jest/globals';
import type { SigningSecretResource } from '@facehash/contracts';
import { bearer, eventually, send } from '../testing/requests.js';
import { useWebhooks, verify } from '../testing/use-webhooks.js';

const { gateway, receiver, newCaller } = useWebhooks();

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
    const { recognize, deliveries, call, secret } = await newCaller();
    const to = await receiver((_number, response) => {
      response.writeHead(503, { 'retry-after': '3600' }).end();
    });
    const { body: job } = await recognize({ webhook: `${to.url}/?who=Ada` });
    await eventually(() => to.received.length === 1);
    const [delivery] = await deliveries();
    expect(JSON.stringify(delivery)).not.toContain('Ada');
    await send(`${gateway.url}/v1/jobs/${job.id}`, { method: 'DELETE', headers: bearer(secret) });
    await call('POST', `/deliveries/${delivery!.id}/redeliver`);
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
