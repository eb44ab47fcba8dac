import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { verifyWebhook } from './verify-webhook.js';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const now = new Date('2026-11-24T12:00:00Z');
const event = { type: 'webhook.ping', timestamp: now.toISOString(), data: { id: 'ä' } };
const body = JSON.stringify(event);

/** As the standard's own library signs. */
const headersBy = (secret: string, at = now) => ({
  'webhook-id': 'dlv_1',
  'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
  'webhook-signature': new Webhook(secret).sign('dlv_1', at, body),
});
const headers = headersBy(secret);
const verify = (changes: {
  body?: string | Uint8Array;
  headers?: Parameters<typeof verifyWebhook>[1];
  secrets?: string | string[];
}) => verifyWebhook(changes.body ?? body, changes.headers ?? headers, changes.secrets ?? secret, { now });

describe('verifyWebhook', () => {
  it('gives the event, from headers and bodies of every kind', async () => {
    expect(await verify({})).toEqual(event);
    expect(await verify({ body: new TextEncoder().encode(body), headers: new Headers(headers) })).toEqual(
      event,
    );
  });

  it('takes one fitting signature of several, and one of several secrets', async () => {
    const both = `v1a,AAAA v1,%% ${headersBy(other)['webhook-signature']} ${headers['webhook-signature']}`;
    expect(await verify({ headers: { ...headers, 'webhook-signature': both } })).toEqual(event);
    expect(await verify({ secrets: [other, secret] })).toEqual(event);
  });

  it('refuses another body, id, time or secret', async () => {
    const wrong = [
      { body: `${body} ` },
      { headers: { ...headers, 'webhook-id': 'dlv_2' } },
      { headers: { ...headers, 'webhook-timestamp': String(now.getTime() / 1000 + 1) } },
      { headers: { ...headers, 'webhook-signature': 'v1,' } },
      { secrets: other },
      { secrets: [] },
    ];
    for (const change of wrong) await expect(verify(change)).rejects.toThrow('No signature');
  });

  it('refuses what is old, from the future, or of no time at all', async () => {
    for (const seconds of [-301, 301]) {
      const old = headersBy(secret, new Date(now.getTime() + seconds * 1000));
      await expect(verify({ headers: old })).rejects.toThrow('more than 300 s off');
    }
    await expect(verify({ headers: { ...headers, 'webhook-timestamp': 'x' } })).rejects.toThrow('is x');
  });

  it('says which header is missing', async () => {
    await expect(verify({ headers: { ...headers, 'webhook-id': undefined } })).rejects.toThrow(
      'webhook-id is missing',
    );
  });
});
