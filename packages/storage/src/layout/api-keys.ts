import { apiKeySchema, hashSecret, idSchema, newId, newSecret, type ApiKey } from '@facehash/contracts';
import { z } from 'zod';
import type { ObjectStorage } from '../object-storage.js';
import { findDocument, putDocument } from './document.js';

const bySecretSchema = z.object({ keyId: idSchema('key') });

const keyPath = (keyId: string): string => `keys/${keyId}.json`;
const bySecretPath = (secretHash: string): string => `keys/by-secret/${secretHash}.json`;

export interface NewApiKey {
  readonly name: string;
  readonly now: Date;
  /** Feature set of the key's model, by name. */
  readonly features?: string;
}

export interface ApiKeys {
  /** The only moment the secret exists outside its owner's hands. */
  create(options: NewApiKey): Promise<{ key: ApiKey; secret: string }>;
  /** Two small reads; a gateway that asks at every request should remember the answer for some seconds. */
  findBySecret(secret: string): Promise<ApiKey | undefined>;
  get(keyId: string): Promise<ApiKey | undefined>;
}

export function apiKeys(storage: ObjectStorage): ApiKeys {
  const get = (keyId: string): Promise<ApiKey | undefined> =>
    findDocument(storage, keyPath(keyId), apiKeySchema);

  return {
    get,

    async create({ name, now, features = 'ratios' }) {
      const secret = newSecret();
      const secretHash = hashSecret(secret);
      const key = { id: newId('key'), name, secretHash, createdAt: now.toISOString(), features };
      await putDocument(storage, keyPath(key.id), apiKeySchema, key);
      // Last: a secret that is accepted always finds its key.
      await putDocument(storage, bySecretPath(secretHash), bySecretSchema, { keyId: key.id });
      return { key, secret };
    },

    async findBySecret(secret) {
      // The hash, not the secret, is looked up, so how long it takes tells nothing about a secret.
      const secretHash = hashSecret(secret);
      const found = await findDocument(storage, bySecretPath(secretHash), bySecretSchema);
      const key = found && (await get(found.keyId));
      // A key that was removed or given a new secret is no longer opened by the old one.
      return key?.secretHash === secretHash ? key : undefined;
    },
  };
}
