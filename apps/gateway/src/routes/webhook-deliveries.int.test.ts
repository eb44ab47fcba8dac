import { describe, expect, it } from '@jest/globals';
import { newId } from '@facehash/contracts';
import { bearer, eventually, send } from '../testing/requests.js';
import { useWebhooks, webhookCalls } from '../testing/use-webhooks.js';

const { gateway, receiver, newCaller } = useWebhooks();

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
    const call = webhookCalls(created.body.secret, gateway.url);
    for (const path of ['', '/secret', '/deliveries', `/${newId('webhook')}`]) {
      expect((await call('GET', path)).body).toMatchObject({ required_scope: 'webhooks' });
    }
  });
});
