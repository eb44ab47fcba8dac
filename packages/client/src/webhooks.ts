import type {
  newWebhookSchema,
  rotateKeySchema,
  SigningSecretResource,
  webhookChangeSchema,
  WebhookDelivery,
  webhookDeliveryListQuerySchema,
  WebhookResource,
  WebhookWithSecret,
} from '@facehash/contracts';
import { pages } from './pages.js';
import { readJson, type ApiRequest, type CallOptions, type Send } from './send.js';

export type NewWebhook = (typeof newWebhookSchema)['_input'];
export type WebhookChange = (typeof webhookChangeSchema)['_input'];
export type DeliveryFilter = Partial<
  Pick<(typeof webhookDeliveryListQuerySchema)['_output'], 'status' | 'webhook_id'>
>;
type Rotate = (typeof rotateKeySchema)['_input'];

/** Where the key's events are sent; `verifyWebhook` is for whoever receives them. */
export interface Webhooks {
  list(options?: CallOptions): AsyncIterable<WebhookResource>;
  get(id: string, options?: CallOptions): Promise<WebhookResource>;
  /** The answer alone holds the secret. */
  create(webhook: NewWebhook, options?: CallOptions): Promise<WebhookWithSecret>;
  update(id: string, change: WebhookChange, options?: CallOptions): Promise<WebhookResource>;
  /** A new secret; the old one signs as well for `grace_seconds`, a day unless told otherwise. */
  rotate(id: string, change?: Rotate, options?: CallOptions): Promise<WebhookWithSecret>;
  /** Sends it a `webhook.ping`, to see whether it arrives. */
  ping(id: string, options?: CallOptions): Promise<WebhookDelivery>;
  delete(id: string, options?: CallOptions): Promise<void>;
  /** What signs the webhooks that came with a request. */
  secret(options?: CallOptions): Promise<SigningSecretResource>;
  /** What was sent, newest first, with every attempt. */
  deliveries(filter?: DeliveryFilter, options?: CallOptions): AsyncIterable<WebhookDelivery>;
  /** Sends one again, under the same `webhook-id`. */
  redeliver(deliveryId: string, options?: CallOptions): Promise<WebhookDelivery>;
}

export function webhooks(send: Send): Webhooks {
  const root = '/v1/webhooks';
  const path = (id: string) => `${root}/${encodeURIComponent(id)}`;
  const json = (value: object): NonNullable<ApiRequest['body']> => {
    return () => ({ content: JSON.stringify(value), contentType: 'application/json' });
  };
  const call = <T>(request: ApiRequest, { signal }: CallOptions = {}): Promise<T> =>
    send({ ...request, signal }, readJson<T>);
  return {
    list: (options) => pages<WebhookResource>(send, root, {}, options),
    get: (id, options) => call({ path: path(id) }, options),
    create: (webhook, options) => call({ method: 'POST', path: root, body: json(webhook) }, options),
    update: (id, change, options) => call({ method: 'PATCH', path: path(id), body: json(change) }, options),
    rotate: (id, change = {}, options) =>
      call({ method: 'POST', path: `${path(id)}/rotate`, body: json(change) }, options),
    ping: (id, options) => call({ method: 'POST', path: `${path(id)}/ping` }, options),
    delete: (id, { signal } = {}) =>
      send({ method: 'DELETE', path: path(id), signal }, () => Promise.resolve()),
    secret: (options) => call({ path: `${root}/secret` }, options),
    deliveries: (filter, options) =>
      pages<WebhookDelivery>(send, `${root}/deliveries`, { ...filter }, options),
    redeliver: (id, options) =>
      call({ method: 'POST', path: `${root}/deliveries/${encodeURIComponent(id)}/redeliver` }, options),
  };
}
