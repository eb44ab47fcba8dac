import {
  AppError,
  apiKeySchema,
  endOf,
  hashSecret,
  idSchema,
  STANDARD_SCOPES,
  newId,
  newSecret,
  opens,
  AS_THE_INSTALLATION,
  type ApiKey,
  type FitMethod,
  type KeyLimits,
  type KeyRetention,
  type KeyScope,
  type OnTraining,
  type ThresholdSetting,
  type WantedFeatures,
} from '@facehash/contracts';
import { z } from 'zod';
import { inBatches } from '../in-batches.js';
import type { KeptObject, ObjectStorage } from '../object-storage.js';
import { documentBytes, findDocument, parseDocument, putDocument } from './document.js';
import { documentsById, type DocumentsById } from './documents-by-id.js';
import { retentionAgenda } from './retention-agenda.js';

const bySecretSchema = z.object({ keyId: idSchema('key') });

const keyPath = (keyId: string): string => `keys/${keyId}.json`;
const BY_SECRET_FOLDER = 'keys/by-secret/';
const bySecretPath = (secretHash: string): string => `${BY_SECRET_FOLDER}${secretHash}.json`;
/** Beside the keys lie the folder above and the admin token. */
const KEY_PATH = /^keys\/(key_[0-9a-f]{32})\.json$/;

/** The objects of which a key consists, as they are stored now: its document, then what leads to it from its secrets. */
export async function keyObjects(storage: ObjectStorage, keyId: string): Promise<KeptObject[]> {
  const path = keyPath(keyId);
  const bytes = await storage.find(path);
  if (bytes === undefined) return [];
  // Made anew: those that are stored may be about to be changed with the key.
  const pointer = documentBytes(bySecretSchema, { keyId });
  const { secrets } = parseDocument(bytes, path, apiKeySchema);
  return [{ key: path, bytes }, ...secrets.map(({ hash }) => ({ key: bySecretPath(hash), bytes: pointer }))];
}

/** The key whose document lies there. */
export const keyOfPath = (path: string): string | undefined => KEY_PATH.exec(path)?.[1];

/** The key of such a document, or of what leads to it from a secret. */
export function keyOfObject({ key, bytes }: KeptObject): string | undefined {
  return isSecretPointer(key) ? parseDocument(bytes, key, bySecretSchema).keyId : keyOfPath(key);
}

export const isSecretPointer = (path: string): boolean => path.startsWith(BY_SECRET_FOLDER);

/** Documents asked for at the same time while looking through them. */
const READS_AT_ONCE = 16;

export interface NewApiKey {
  readonly name: string;
  readonly now: Date;
  /** Feature set of the key's model, by name. */
  readonly features?: WantedFeatures;
  /** Default: closed_form. */
  readonly fit?: FitMethod;
  /** Default: all but `audit`. */
  readonly scopes?: readonly KeyScope[];
  /** Default: reject. */
  readonly onTraining?: OnTraining;
  /** Default: strict. */
  readonly threshold?: ThresholdSetting;
  /** Default: false. */
  readonly requireConsent?: boolean;
  /** Default: false. */
  readonly audit?: boolean;
  /** Default: those of the installation. */
  readonly limits?: KeyLimits;
  /** Default: that of the installation. */
  readonly retention?: KeyRetention;
  /** Null = until it is revoked. */
  readonly expiresAt?: Date | null;
}

type KeyChanges = Partial<Pick<ApiKey, 'onTraining' | 'threshold' | 'fit' | 'requireConsent' | 'audit'>> & {
  readonly limits?: Partial<KeyLimits>;
  readonly retention?: { readonly [R in keyof KeyRetention]?: KeyRetention[R] | undefined };
};

export interface Rotation {
  readonly now: Date;
  /** How long the secret used until now lives on; 0 = no longer. */
  readonly graceSeconds: number;
}

/** A key with a secret that exists at this moment only outside its owner's hands. */
export interface KeyAndSecret {
  readonly key: ApiKey;
  readonly secret: string;
}

/**
 * The keys there ever were. Whoever has one key open for some seconds, as a gateway does, notices a change that much later.
 * Of two changes of one key at the same moment the later wins, as everywhere in object storage.
 */
export interface ApiKeys extends DocumentsById<ApiKey> {
  create(options: NewApiKey): Promise<KeyAndSecret>;
  get(keyId: string): Promise<ApiKey | undefined>;
  /** Two small reads; a gateway that asks at every request should remember the answer for some seconds. */
  findBySecret(secret: string, now?: Date): Promise<ApiKey | undefined>;
  /** Gives a key a new secret. Of those before only the newest lives on. @throws NOT_FOUND: no live key has this id */
  rotate(keyId: string, options: Rotation): Promise<KeyAndSecret>;
  /** Changes what a key's holder meets; what is not named stays. @throws NOT_FOUND */
  change(keyId: string, change: KeyChanges): Promise<ApiKey>;
  /** Ends a key and all its secrets for good; its id stays known. Idempotent. @throws NOT_FOUND */
  revoke(keyId: string, now: Date): Promise<ApiKey>;
  /** Forgets a key and everything that leads to it; nothing of it is known any more. Idempotent. */
  forget(keyId: string): Promise<void>;
}

export function apiKeys(storage: ObjectStorage): ApiKeys {
  // What is no id is no part of a path either.
  const get = async (keyId: string): Promise<ApiKey | undefined> =>
    idSchema('key').safeParse(keyId).success
      ? findDocument(storage, keyPath(keyId), apiKeySchema)
      : undefined;

  const require = async (keyId: string): Promise<ApiKey> => {
    const key = await get(keyId);
    if (key === undefined) throw new AppError('NOT_FOUND', `There is no key ${keyId}.`);
    return key;
  };

  const putKey = (key: ApiKey) => putDocument(storage, keyPath(key.id), apiKeySchema, key);
  const putPointer = (key: ApiKey, secretHash: string) =>
    putDocument(storage, bySecretPath(secretHash), bySecretSchema, { keyId: key.id });
  const deletePointers = (secrets: ApiKey['secrets']) =>
    Promise.all(secrets.map(({ hash }) => storage.delete(bySecretPath(hash))));

  const agenda = retentionAgenda(storage);

  return {
    ...documentsById(storage, { folder: 'keys/', prefix: 'key_', get }),
    get,

    async create({
      name,
      now,
      features = 'auto',
      fit = 'closed_form',
      scopes = STANDARD_SCOPES,
      onTraining = 'reject',
      threshold = 'strict',
      requireConsent = false,
      audit = false,
      limits = { requestsPerMinute: null, openJobs: null },
      retention = AS_THE_INSTALLATION,
      expiresAt = null,
    }) {
      const secret = newSecret();
      const hash = hashSecret(secret);
      const createdAt = now.toISOString();
      const key: ApiKey = {
        id: newId('key'),
        name,
        createdAt,
        features,
        fit,
        scopes: [...scopes],
        onTraining,
        threshold,
        requireConsent,
        audit,
        limits,
        retention,
        expiresAt: expiresAt?.toISOString() ?? null,
        revokedAt: null,
        secrets: [{ hash, createdAt, expiresAt: null }],
      };
      await putKey(key);
      // What its lifetimes come to is the sweep's to find out; most often that there is nothing to look after.
      await agenda.enlist(key.id);
      // Last: a secret that is accepted always finds its key.
      await putPointer(key, hash);
      return { key, secret };
    },

    async findBySecret(secret, now = new Date()) {
      // The hash, not the secret, is looked up, so how long it takes tells nothing about a secret.
      const secretHash = hashSecret(secret);
      const found = await findDocument(storage, bySecretPath(secretHash), bySecretSchema);
      const key = found && (await get(found.keyId));
      return key !== undefined && opens(key, secretHash, now) ? key : undefined;
    },

    async rotate(keyId, { now, graceSeconds }) {
      const before = await require(keyId);
      const end = endOf(before, now);
      if (end !== undefined) {
        throw new AppError('NOT_FOUND', `Key ${keyId} takes no new secret: ${end}. Make a new key.`);
      }
      const secret = newSecret();
      const newest = { hash: hashSecret(secret), createdAt: now.toISOString(), expiresAt: null };
      const until = new Date(now.getTime() + graceSeconds * 1000).toISOString();
      const [current, ...older] = before.secrets;
      const livesOn = current !== undefined && graceSeconds > 0 ? [{ ...current, expiresAt: until }] : [];
      const key = { ...before, secrets: [newest, ...livesOn] };
      // Before the key, unlike above: a crash in between must not leave the old secret running out beside no new one.
      await putPointer(key, newest.hash);
      await putKey(key);
      await deletePointers(livesOn.length > 0 ? older : before.secrets);
      return { key, secret };
    },

    async change(keyId, { limits, retention, ...change }) {
      const before = await require(keyId);
      const key = {
        ...{ ...before, ...change },
        limits: { ...before.limits, ...limits },
        retention: { ...before.retention, ...named(retention) },
      };
      await putKey(key);
      // After the key: a sweep that comes in between would go by what it said before.
      if (retention !== undefined || change.audit !== undefined) await agenda.enlist(keyId);
      return key;
    },

    async revoke(keyId, now) {
      const before = await require(keyId);
      if (before.revokedAt !== null) return before;
      const key = { ...before, revokedAt: now.toISOString(), secrets: [] };
      await putKey(key);
      await deletePointers(before.secrets);
      return key;
    },

    async forget(keyId) {
      // Looked through, not computed: a crash in the middle of a rotation or a revocation leaves pointers no key names.
      for await (const paths of inBatches(storage.list(BY_SECRET_FOLDER), READS_AT_ONCE)) {
        const pointers = await Promise.all(paths.map((path) => findDocument(storage, path, bySecretSchema)));
        const own = paths.filter((_, at) => pointers[at]?.keyId === keyId);
        await Promise.all(own.map((path) => storage.delete(path)));
      }
      await agenda.unlist(keyId);
      await storage.delete(keyPath(keyId));
    },
  };
}

/** Without what is undefined, which spread over another object would hide what that says. */
const named = <T extends object>(change: T | undefined): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(change ?? {}).filter(([, value]) => value !== undefined)) as never;
