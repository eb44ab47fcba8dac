import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { WANTED_FEATURES } from './feature-set.js';
import { FIT_METHODS } from './fit-method.js';
import { idSchema } from './ids.js';
import { AS_THE_INSTALLATION, keyRetentionSchema } from './retention.js';
import { thresholdSettingSchema } from './threshold.js';

/**
 * What a key may do. A job is read by its id without a scope: whoever may send a photo must be able to learn what
 * became of it.
 */
export const KEY_SCOPES = [
  /** Send a photo and have it answered: recognize, detect, verify. */
  'recognize',
  /** Change who is enrolled: train, add, rename and delete people and photos. */
  'train',
  /** Look around: lists of jobs and people, their photos, the model. */
  'read',
  /** Say where events are sent, and see how they arrived. Not part of `train`: what watches need not enrol. */
  'webhooks',
  /** Read who was recognised when, and who asked. Only where it is asked for: most callers are what is watched by it. */
  'audit',
] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** Of a key whose scopes nobody names. */
export const STANDARD_SCOPES = KEY_SCOPES.filter((scope) => scope !== 'audit');

/** What becomes of requests of a key while its model is being trained. */
export const ON_TRAINING = [
  /** Recognition and a second training are refused. */
  'reject',
  /** The last model answers and says that it is stale; trainings wait for each other. */
  'previous',
  /** Recognition waits for the trainings accepted before it; trainings wait for each other. */
  'queue',
] as const;
export type OnTraining = (typeof ON_TRAINING)[number];

const timestamp = z.iso.datetime();
const secretHashSchema = z.string().regex(/^[0-9a-f]{64}$/);

const storedSecretSchema = z.object({
  hash: secretHashSchema,
  createdAt: timestamp,
  /** Set once a newer secret has taken over. */
  expiresAt: timestamp.nullable(),
});

/** Keys written before they had scopes and a second secret. */
const firstFormSchema = z.looseObject({ secretHash: secretHashSchema, createdAt: timestamp });

function fromFirstForm(document: unknown): unknown {
  const first = firstFormSchema.safeParse(document);
  if (!first.success) return document;
  const { secretHash, ...rest } = first.data;
  return { ...rest, secrets: [{ hash: secretHash, createdAt: rest.createdAt, expiresAt: null }] };
}

/** A key's own limits; null = those of the installation, 0 = none. */
const keyLimitsSchema = z.object({
  requestsPerMinute: z.int().min(0).nullable().default(null),
  /** Jobs that have not ended. */
  openJobs: z.int().min(0).nullable().default(null),
});
export type KeyLimits = z.infer<typeof keyLimitsSchema>;

/** A key as stored. A secret itself is shown once and never stored. */
export const apiKeySchema = z.preprocess(
  fromFirstForm,
  z.object({
    id: idSchema('key'),
    name: z.string(),
    createdAt: timestamp,
    /** What the key's model is made of. */
    features: z.enum(WANTED_FEATURES),
    fit: z.enum(FIT_METHODS).default('closed_form'),
    scopes: z.array(z.enum(KEY_SCOPES)).default([...STANDARD_SCOPES]),
    onTraining: z.enum(ON_TRAINING).default('reject'),
    /** From which score a name is given. */
    threshold: thresholdSettingSchema.default('strict'),
    /** Whether it is written down who was recognised, and who asked. */
    audit: z.boolean().default(false),
    /** Whether nobody is enrolled without a record of consent. */
    requireConsent: z.boolean().default(false),
    limits: keyLimitsSchema.default({ requestsPerMinute: null, openJobs: null }),
    /** As the API spells it. */
    retention: keyRetentionSchema.default(AS_THE_INSTALLATION),
    expiresAt: timestamp.nullable().default(null),
    revokedAt: timestamp.nullable().default(null),
    /** Newest first; two while one takes over from the other, none once the key is revoked. */
    secrets: z.array(storedSecretSchema).max(2),
  }),
);

export type ApiKey = z.infer<typeof apiKeySchema>;

/** `fh_` and 43 characters: 256 random bits, so a plain SHA-256 is a safe way to store it. */
export function newSecret(): string {
  return `fh_${randomBytes(32).toString('base64url')}`;
}

/** Unlike a key's secret at first sight, in the wrong header or in a leaked file. */
export function newAdminToken(): string {
  return `fh_admin_${randomBytes(32).toString('base64url')}`;
}

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** How long it takes tells nothing about the secret that was expected: two hashes are compared, to their end. */
export function matchesHash(secret: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(secret), 'hex'), Buffer.from(hash, 'hex'));
}

const hasPassed = (time: string | null, now: Date): boolean =>
  time !== null && Date.parse(time) <= now.getTime();

/** Why a key opens nothing at this moment; undefined while it is live. */
export function endOf(key: ApiKey, now: Date): string | undefined {
  if (key.revokedAt !== null) return `it was revoked at ${key.revokedAt}`;
  return hasPassed(key.expiresAt, now) ? `it expired at ${key.expiresAt}` : undefined;
}

/** Whether a secret of this hash opens the key now. */
export function opens(key: ApiKey, secretHash: string, now: Date): boolean {
  if (endOf(key, now) !== undefined) return false;
  return key.secrets.some(({ hash, expiresAt }) => hash === secretHash && !hasPassed(expiresAt, now));
}
