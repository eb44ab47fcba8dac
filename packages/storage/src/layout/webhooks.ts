import {
  idSchema,
  newSigningSecrets,
  signingSecretsSchema,
  webhookSchema,
  type SigningSecrets,
  type Webhook,
} from '@facehash/contracts';
import { z } from 'zod';
import type { ObjectStorage } from '../object-storage.js';
import { findDocument, putDocument } from './document.js';

const ownSecretsSchema = z.object({ secrets: signingSecretsSchema });

/** The webhooks registered for a key, and what signs those that come with a request. Of two changes at the same moment the later wins. */
export interface Webhooks {
  /** Oldest first. */
  list(): Promise<Webhook[]>;
  get(webhookId: string): Promise<Webhook | undefined>;
  put(webhook: Webhook): Promise<void>;
  /** Idempotent. */
  delete(webhookId: string): Promise<void>;
  /** The key's own signing secrets, made when they are asked for the first time. */
  signingSecrets(now: Date): Promise<SigningSecrets>;
  putSigningSecrets(secrets: SigningSecrets): Promise<void>;
}

export function webhooks(storage: ObjectStorage, keyId: string): Webhooks {
  const folder = `tenants/${keyId}/webhooks/`;
  const path = (webhookId: string): string => `${folder}${webhookId}.json`;
  // Beside the folder, so that a list of it is a list of webhooks.
  const ownSecretsPath = `tenants/${keyId}/webhook-secrets.json`;
  const find = () => findDocument(storage, ownSecretsPath, ownSecretsSchema);
  const putSigningSecrets = (secrets: SigningSecrets) =>
    putDocument(storage, ownSecretsPath, ownSecretsSchema, { secrets });

  return {
    async list() {
      const paths: string[] = [];
      for await (const key of storage.list(folder)) paths.push(key);
      const found = await Promise.all(paths.map((key) => findDocument(storage, key, webhookSchema)));
      const order = ({ createdAt, id }: Webhook): string => createdAt + id;
      return found.filter((webhook) => webhook !== undefined).sort((a, b) => (order(a) < order(b) ? -1 : 1));
    },

    // What is no id is no part of a path either.
    get: async (webhookId) =>
      idSchema('webhook').safeParse(webhookId).success
        ? findDocument(storage, path(webhookId), webhookSchema)
        : undefined,

    put: (webhook) => putDocument(storage, path(webhook.id), webhookSchema, webhook),

    async delete(webhookId) {
      await storage.delete(path(webhookId));
    },

    async signingSecrets(now) {
      const known = await find();
      if (known !== undefined) return known.secrets;
      await putSigningSecrets(newSigningSecrets(now));
      // What stands, not what was written: another gateway may have made one at the same moment.
      return (await find())!.secrets;
    },

    putSigningSecrets,
  };
}
