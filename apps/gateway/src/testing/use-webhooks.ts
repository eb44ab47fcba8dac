import type { Job, WebhookDelivery, WebhookDeliveryList, WebhookWithSecret } from '@facehash/contracts';
import { afterEach, beforeAll, expect } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { formOf, jpegOf } from './forms.js';
import { bearer, send } from './requests.js';
import { useGateway } from './use-gateway.js';
import { startWebhookReceiver, type ReceivedWebhook } from './webhook-receiver.js';

/** Fast enough for a test: five attempts, the receiver has 0.3 s. */
export const SENDING = { schedule: [0, 20, 20, 20, 20], timeoutMs: 300 };

export type Handler = (number: number, response: ServerResponse) => void;

/** What a caller sends to `/v1/webhooks` of the gateway at `url`. */
export const webhookCalls =
  (secret: string, url: string) =>
  <T>(method: string, path: string, body?: object) =>
    send<T>(`${url}/v1/webhooks${path}`, {
      method,
      headers: { ...bearer(secret), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });

/** A gateway that sends webhooks, callers of it, and receivers, which end with their test. */
export function useWebhooks() {
  const gateway = useGateway({ webhooks: SENDING });
  const closers: (() => Promise<void>)[] = [];

  beforeAll(() => gateway.startWorker());
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  const receiver = async (answer?: Handler) => {
    const started = await startWebhookReceiver(answer);
    closers.push(() => started.close());
    return started;
  };

  /** A key of its own with something to recognise by. */
  async function newCaller() {
    const { key, secret } = await gateway.newKey();
    await gateway.publishModel(key.id);
    const call = webhookCalls(secret, gateway.url);
    const recognize = async (fields: Record<string, string> = {}) => {
      const form = formOf(['image', jpegOf(500)], ...Object.entries(fields));
      return send<Job>(`${gateway.url}/v1/recognize`, {
        method: 'POST',
        headers: bearer(secret),
        body: form,
      });
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

  return { gateway, receiver, newCaller };
}

export const bodyOf = ({ body }: ReceivedWebhook) => JSON.parse(body) as WebhookDelivery['event'];

/** As a receiver does that follows the standard; throws where the signature is not of this secret. */
export const verify = (secret: string, { body, headers }: ReceivedWebhook) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);
