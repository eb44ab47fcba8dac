import { afterEach, describe, expect, it } from '@jest/globals';
import { lookup } from 'node:dns';
import type { ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import { startWebhookReceiver, type WebhookReceiver } from '../testing/webhook-receiver.js';
import { createPostWebhook } from './post-webhook.js';

const receivers: WebhookReceiver[] = [];
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close();
});
const receiver = async (answer?: (number: number, response: ServerResponse) => void) => {
  const started = await startWebhookReceiver(answer);
  receivers.push(started);
  return started;
};
const message = { headers: { 'webhook-id': 'msg_1' }, body: '{"text":"Zoë"}' };
const post = (url: string, o: { lookup?: LookupFunction; allowPrivate?: boolean } = {}) =>
  createPostWebhook({ allowPrivate: true, lookup, timeoutMs: 300, ...o })(url, message);

describe('A webhook that is sent', () => {
  it('arrives as it is, with its headers', async () => {
    const to = await receiver();
    expect(await post(`${to.url}/hook?order=4711`)).toMatchObject({ status: 200, error: null });
    const [got] = to.received;
    expect(got).toMatchObject({ path: '/hook?order=4711', body: message.body });
    expect(got!.headers).toMatchObject({ 'webhook-id': 'msg_1', 'content-type': 'application/json' });
  });

  it('succeeds by 2xx only', async () => {
    for (const status of [200, 202, 204, 299, 301, 304, 400, 404, 410, 500]) {
      const to = await receiver((_number, response) => void response.writeHead(status).end());
      const posted = await post(to.url);
      expect(posted.status).toBe(status);
      expect(posted.error === null).toBe(status < 300);
    }
  });

  it('follows no redirect', async () => {
    const elsewhere = await receiver();
    const to = await receiver((_number, response) => {
      response.writeHead(307, { location: elsewhere.url }).end();
    });
    expect((await post(to.url)).error).toMatch(/redirects are not followed/);
    expect(elsewhere.received).toEqual([]);
  });

  it('gives a receiver that hangs its time and no more', async () => {
    const to = await receiver(() => undefined);
    const posted = await post(to.url);
    expect(posted).toMatchObject({ status: null, error: 'no answer within 0.3 s' });
    expect(posted.duration_ms).toBeGreaterThanOrEqual(290);
  });

  it('reads a little of an answer, and waits for no end of it', async () => {
    let sent = 0;
    const to = await receiver((_number, response) => {
      const more = setInterval(() => {
        sent += 16 * 1024;
        response.write(Buffer.alloc(16 * 1024));
      }, 5);
      response.on('close', () => {
        clearInterval(more);
      });
    });
    expect((await post(to.url)).error).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sent).toBeLessThan(1024 * 1024);
  });

  it('tells how long a busy receiver wants to be left alone', async () => {
    const header = { at: '120' };
    const to = await receiver((_number, response) => {
      response.writeHead(503, { 'retry-after': header.at }).end();
    });
    expect((await post(to.url)).retryAfterMs).toBe(120_000);
    header.at = new Date(Date.now() + 60_000).toUTCString();
    expect((await post(to.url)).retryAfterMs).toBeGreaterThan(55_000);
    header.at = 'soon';
    expect((await post(to.url)).retryAfterMs).toBe(0);
  });

  it('names a connection that fails by its code, and no address', async () => {
    const to = await receiver();
    await to.close();
    receivers.pop();
    expect((await post(to.url)).error).toBe('no connection: ECONNREFUSED');
  });
});

describe('A webhook to an address that is not public', () => {
  const refused = { status: null, error: 'refused: the address is not public' };

  it('does not leave, however the address is written', async () => {
    const to = await receiver();
    const port = new URL(to.url).port;
    for (const host of ['127.0.0.1', '127.1', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]', 'localhost']) {
      expect(await post(`http://${host}:${port}/`, { allowPrivate: false })).toMatchObject(refused);
    }
    expect(to.received).toEqual([]);
  });

  it('does not leave where a name that was public now resolves to it', async () => {
    const to = await receiver();
    const rebound: LookupFunction = (_host, { all }, done) => {
      if (all === true) done(null, [{ address: '127.0.0.1', family: 4 }]);
      else done(null, '127.0.0.1', 4);
    };
    const url = `http://hook.example:${new URL(to.url).port}/`;
    expect(await post(url, { allowPrivate: false, lookup: rebound })).toMatchObject(refused);
    // The name leads there indeed.
    expect((await post(url, { lookup: rebound })).status).toBe(200);
    expect(to.received).toHaveLength(1);
  });
});
