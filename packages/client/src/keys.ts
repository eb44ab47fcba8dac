import type {
  keyChangeSchema,
  KeyErasure,
  KeyResource,
  KeyWithSecret,
  newKeySchema,
  rotateKeySchema,
} from '@facehash/contracts';
import { MOST, pages } from './pages.js';
import { readJson, type ApiRequest, type CallOptions, type Send } from './send.js';

export type NewKey = Pick<(typeof newKeySchema)['_input'], 'name'> & Partial<(typeof newKeySchema)['_input']>;
export type KeyChange = (typeof keyChangeSchema)['_input'];
export type RotateKey = (typeof rotateKeySchema)['_input'];

/** API keys. The client's own `key` must be the admin token. */
export interface Keys {
  /** By id, also those that are revoked. */
  list(options?: CallOptions): AsyncIterable<KeyResource>;
  get(id: string, options?: CallOptions): Promise<KeyResource>;
  /** The answer alone holds the secret. */
  create(key: NewKey, options?: CallOptions): Promise<KeyWithSecret>;
  /** Holds everywhere within 5 s, and needs no training. */
  update(id: string, change: KeyChange, options?: CallOptions): Promise<KeyResource>;
  /** A new secret; the old one lives on for `grace_seconds`, a day unless told otherwise. */
  rotate(id: string, change?: RotateKey, options?: CallOptions): Promise<KeyWithSecret>;
  revoke(id: string, options?: CallOptions): Promise<KeyResource>;
  /** Ends a key and deletes everything under it for good; the receipt says how far that is. */
  erase(id: string, options?: CallOptions): Promise<KeyErasure>;
  /** The receipt. @throws FaceHashError NOT_FOUND before `erase` */
  erasure(id: string, options?: CallOptions): Promise<KeyErasure>;
}

export function keys(send: Send): Keys {
  const path = (id: string) => `/v1/keys/${encodeURIComponent(id)}`;
  const submit = <T>(
    method: 'POST' | 'PATCH',
    path: string,
    value: object,
    { signal }: CallOptions = {},
  ): Promise<T> => {
    const body: ApiRequest['body'] = () => ({
      content: JSON.stringify(value),
      contentType: 'application/json',
    });
    return send({ method, path, body, signal }, readJson<T>);
  };
  return {
    list: (options) => pages<KeyResource>(send, '/v1/keys', MOST, options),
    get: (id, { signal } = {}) => send({ path: path(id), signal }, readJson<KeyResource>),
    create: (key, options) => submit('POST', '/v1/keys', key, options),
    update: (id, change, options) => submit('PATCH', path(id), change, options),
    rotate: (id, change = {}, options) => submit('POST', `${path(id)}/rotate`, change, options),
    revoke: (id, { signal } = {}) =>
      send({ method: 'DELETE', path: path(id), signal }, readJson<KeyResource>),
    erase: (id, options) => submit('POST', `${path(id)}/erase`, { confirm: id }, options),
    erasure: (id, { signal } = {}) => send({ path: `${path(id)}/erasure`, signal }, readJson<KeyErasure>),
  };
}
