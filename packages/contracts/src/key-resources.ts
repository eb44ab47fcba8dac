import { z } from 'zod';
import { KEY_SCOPES, ON_TRAINING, STANDARD_SCOPES, type ApiKey } from './api-key.js';
import { WANTED_FEATURES } from './feature-set.js';
import { FIT_METHODS } from './fit-method.js';
import { idSchema } from './ids.js';
import { NO_CONTROLS } from './label.js';
import { AS_THE_INSTALLATION, keyRetentionChangeSchema, keyRetentionSchema } from './retention.js';
import { thresholdSettingSchema } from './threshold.js';

/** How long the old secret of a key lives on beside a new one: a day to bring the new one to every caller. */
export const DEFAULT_GRACE_S = 24 * 3600;
export const MAX_GRACE_S = 30 * 24 * 3600;

/** Of a key's `limits`; far above what one installation can serve. */
export const MAX_KEY_LIMIT = 1_000_000;
const limit = z.int().min(0).max(MAX_KEY_LIMIT).nullable();

/** The body of `POST /v1/keys`. */
export const newKeySchema = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    // It is shown in terminals and logs.
    .regex(NO_CONTROLS, 'expected no control characters'),
  scopes: z
    .array(z.enum(KEY_SCOPES))
    .min(1)
    .refine((scopes) => new Set(scopes).size === scopes.length, 'expected each scope once')
    .meta({ uniqueItems: true })
    .default([...STANDARD_SCOPES]),
  /** Null = until it is revoked. */
  expires_at: z.iso.datetime({ offset: true }).nullable().default(null),
  features: z.enum(WANTED_FEATURES).default('auto'),
  fit: z.enum(FIT_METHODS).default('closed_form'),
  on_training: z.enum(ON_TRAINING).default('reject'),
  threshold: thresholdSettingSchema.default('strict'),
  require_consent: z.boolean().default(false),
  audit: z.boolean().default(false),
  /** Null = as every key here, 0 = none. */
  limits: z
    .strictObject({ requests_per_minute: limit.default(null), open_jobs: limit.default(null) })
    .default({ requests_per_minute: null, open_jobs: null }),
  /** Null = as the installation. */
  retention: z.strictObject(keyRetentionSchema.shape).default(AS_THE_INSTALLATION),
});

const namesSomething = (change: object): boolean =>
  Object.values(change).some((value) => value !== undefined);

/** The body of `PATCH /v1/keys/{id}`. What is not named stays. */
export const keyChangeSchema = z
  .strictObject({
    on_training: z.enum(ON_TRAINING).optional(),
    threshold: thresholdSettingSchema.optional(),
    fit: z.enum(FIT_METHODS).optional(),
    require_consent: z.boolean().optional(),
    audit: z.boolean().optional(),
    limits: z
      .strictObject({ requests_per_minute: limit.optional(), open_jobs: limit.optional() })
      .refine(namesSomething, 'expected "requests_per_minute", "open_jobs" or both')
      .meta({ minProperties: 1 })
      .optional(),
    retention: keyRetentionChangeSchema
      .refine(namesSomething, 'expected something to change, such as "photos_days"')
      .meta({ minProperties: 1 })
      .optional(),
  })
  .refine(namesSomething, 'expected something to change, such as "on_training", "threshold" or "limits"')
  .meta({ minProperties: 1 });

export type KeyChange = z.infer<typeof keyChangeSchema>;

/** The body of `POST /v1/keys/{id}/rotate`. */
export const rotateKeySchema = z.strictObject({
  grace_seconds: z.int().min(0).max(MAX_GRACE_S).default(DEFAULT_GRACE_S),
});

const timestamp = z.iso.datetime();

/** A key as its administrator sees it. */
export const keyResourceSchema = z.object({
  id: idSchema('key'),
  object: z.literal('key'),
  name: z.string(),
  scopes: z.array(z.enum(KEY_SCOPES)),
  features: z.enum(WANTED_FEATURES),
  fit: z.enum(FIT_METHODS),
  on_training: z.enum(ON_TRAINING),
  threshold: thresholdSettingSchema,
  require_consent: z.boolean(),
  audit: z.boolean(),
  limits: z.object({ requests_per_minute: limit, open_jobs: limit }),
  retention: keyRetentionSchema,
  created_at: timestamp,
  expires_at: timestamp.nullable(),
  revoked_at: timestamp.nullable(),
  /** Newest first, without the secrets themselves; two while one takes over from the other. */
  secrets: z.array(z.object({ created_at: timestamp, expires_at: timestamp.nullable() })),
});

/** A key with the secret it has just been given: the only answer that ever holds it. */
export const keyWithSecretSchema = keyResourceSchema.extend({ secret: z.string() });

/** Every key there ever was, by id. */
export const keyListSchema = z.object({
  object: z.literal('list'),
  data: z.array(keyResourceSchema),
  has_more: z.boolean(),
  /** The `after` of the next page; null on the last one. */
  next_cursor: z.string().nullable(),
});

export type KeyResource = z.infer<typeof keyResourceSchema>;
export type KeyWithSecret = z.infer<typeof keyWithSecretSchema>;
export type KeyList = z.infer<typeof keyListSchema>;

export function toKeyResource(key: ApiKey): KeyResource {
  return {
    id: key.id,
    object: 'key',
    name: key.name,
    scopes: key.scopes,
    features: key.features,
    fit: key.fit,
    on_training: key.onTraining,
    threshold: key.threshold,
    require_consent: key.requireConsent,
    audit: key.audit,
    limits: { requests_per_minute: key.limits.requestsPerMinute, open_jobs: key.limits.openJobs },
    retention: key.retention,
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    revoked_at: key.revokedAt,
    secrets: key.secrets.map(({ createdAt, expiresAt }) => ({
      created_at: createdAt,
      expires_at: expiresAt,
    })),
  };
}
