import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WebhookDeliveryList } from '@facehash/contracts';
import type { LookupFunction } from 'node:net';
import { formOf, jpegOf } from '../testing/forms.js';
import { bearer, eventually, send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';
import { SENDING, webhookCalls } from '../testing/use-webhooks.js';
import { startWebhookReceiver, type WebhookReceiver } from '../testing/webhook-receiver.js';

/** What the names of the test resolve to at the moment. */
let resolved = '93.184.215.14';
let rebindAfterCheck = false;
const lookup: LookupFunction = (_host, { all }, done) => {
  if (all === true) done(null, [{ address: resolved, family: 4 }]);
  else done(null, resolved, 4);
  if (rebindAfterCheck) resolved = '127.0.0.1';
};

const strict = useGateway({ webhooks: { ...SENDING, lookup, allowPrivate: false } });
let to: WebhookReceiver;
beforeAll(async () => {
  to = await startWebhookReceiver();
});
afterAll(() => to.close());

describe('A webhook to a private address', () => {
  it('is refused when it is named, and when its name changes its mind', async () => {
    const { port } = new URL(to.url);
    await strict.publishModel(strict.key.id);
    const call = webhookCalls(strict.secret, strict.url);
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
