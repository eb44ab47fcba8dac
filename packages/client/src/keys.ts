import type {
  KeyChange,
  KeyResource,
  KeyWithSecret,
  newKeySchema,
  rotateKeySchema,
} from '@facehash/contracts';
import { pages } from './pages.js';
import { readJson, type ApiRequest, type CallOptions, type Send } from './send.js';

export type NewKey = Pick<(typeof newKeySchema)['_input'], 'name'> & Partial<(typeof newKeySchema)['_input']>;
export type RotateKey = (typeof rotateKeySchema)['_input'];

/** API keys. The client's own `key` must be the admin token. */
export interface Keys {
  list(options?: CallOptions): AsyncIterable<KeyResource>;
  get(id: string, options?: CallOptions): Promise<KeyResource>;
  /** The answer alone holds the secret. */
  create(key: NewKey, options?: CallOptions): Promise<KeyWithSecret>;
  /** Holds everywhere within 5 s, and needs no training. */
  change(id: string, change: KeyChange, options?: CallOptions): Promise<KeyResource>;
  /** A new secret; the old one lives on for `grace_seconds`, a day unless told otherwise. */
  rotate(id: string, change?: RotateKey, options?: CallOptions): Promise<KeyWithSecret>;
  revoke(id: string, options?: CallOptions): Promise<KeyResource>;
}

export function keys(send: Send): Keys {
  const path = (id: string) => `/v1/keys/${encodeURIComponent(id)}`;
  const json =
    (value: object): NonNullable<ApiRequest['body']> =>
    () => ({ content: JSON.stringify(value), contentType: 'application/json' });
  const post = (path: string, value: object, { signal }: CallOptions = {}): Promise<KeyWithSecret> =>
    send({ method: 'POST', path, body: json(value), signal }, readJson<KeyWithSecret>);
  return {
    list: (options) => pages<KeyResource>(send, '/v1/keys', {}, options),
    get: (id, { signal } = {}) => send({ path: path(id), signal }, readJson<KeyResource>),
    create: (key, options) => post('/v1/keys', key, options),
    change: (id, change, { signal } = {}) =>
      send({ method: 'PATCH', path: path(id), body: json(change), signal }, readJson<KeyResource>),
    rotate: (id, change = {}, options) => post(`${path(id)}/rotate`, change, options),
    revoke: (id, { signal } = {}) =>
      send({ method: 'DELETE', path: path(id), signal }, readJson<KeyResource>),
  };
}
