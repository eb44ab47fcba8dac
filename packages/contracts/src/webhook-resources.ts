import { z } from 'zod';
import { idSchema } from './ids.js';
import {
  liveSecrets,
  webhookFilterSchema,
  webhookSchema,
  webhookUrlSchema,
  type Webhook,
} from './webhook.js';
import { webhookEventSchema } from './webhook-events.js';

const timestamp = z.iso.datetime();
const descriptionSchema = z.string().trim().max(200);

/** The body of `POST /v1/webhooks`. */
export const newWebhookSchema = z.strictObject({
  url: webhookUrlSchema,
  events: webhookFilterSchema.default(null),
  description: descriptionSchema.default(''),
});

/** The body of `PATCH /v1/webhooks/{id}`: what is left out stays. */
export const webhookChangeSchema = z
  .strictObject({
    url: webhookUrlSchema.optional(),
    events: webhookFilterSchema.optional(),
    description: descriptionSchema.optional(),
    /** True also for one that was disabled because of its failures. */
    enabled: z.boolean().optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'expected "url", "events", "description" or "enabled"')
  .meta({ minProperties: 1 });

/** A webhook as its owner sees it. */
export const webhookResourceSchema = z.object({
  id: idSchema('webhook'),
  object: z.literal('webhook'),
  url: z.string(),
  events: webhookFilterSchema,
  description: z.string(),
  enabled: z.boolean(),
  disabled: webhookSchema.shape.disabled,
  created_at: timestamp,
  /** Newest first, without the secrets themselves; two while one takes over from the other. */
  secrets: z.array(z.object({ created_at: timestamp, expires_at: timestamp.nullable() })),
});

/** With the secret it has just been given: the only answer that ever holds it. */
export const webhookWithSecretSchema = webhookResourceSchema.extend({ secret: z.string() });

/** All webhooks of a key, oldest first; there are few, so they come on one page. */
export const webhookListSchema = z.object({
  object: z.literal('list'),
  data: z.array(webhookResourceSchema),
  has_more: z.literal(false),
  next_cursor: z.null(),
});

export type WebhookResource = z.infer<typeof webhookResourceSchema>;
export type WebhookWithSecret = z.infer<typeof webhookWithSecretSchema>;
export type WebhookList = z.infer<typeof webhookListSchema>;

/** What signs the webhooks that came with a request; newest first, two while one takes over from the other. */
export const signingSecretResourceSchema = z.object({
  object: z.literal('webhook_secret'),
  secrets: z.array(z.object({ secret: z.string(), created_at: timestamp, expires_at: timestamp.nullable() })),
});

export type SigningSecretResource = z.infer<typeof signingSecretResourceSchema>;

export const DELIVERY_STATUSES = ['pending', 'succeeded', 'failed', 'canceled'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One try at a delivery. */
export const deliveryAttemptSchema = z.object({
  at: timestamp,
  /** HTTP status of the answer; null where none came. */
  status: z.int().nullable(),
  /** Why it failed, in few words; null for a success. */
  error: z.string().nullable(),
  duration_ms: z.number(),
});

export type DeliveryAttempt = z.infer<typeof deliveryAttemptSchema>;

/** One event on its way to one webhook. Holds ids only, so that nothing of a person has to be looked for in it. */
export const webhookDeliverySchema = z.object({
  /** The `webhook-id` header, the same at every attempt. */
  id: idSchema('delivery'),
  object: z.literal('webhook_delivery'),
  status: z.enum(DELIVERY_STATUSES),
  event: webhookEventSchema,
  /** null = the webhook that came with the job's request. */
  webhook_id: idSchema('webhook').nullable(),
  attempts: z.array(deliveryAttemptSchema),
  next_attempt_at: timestamp.nullable(),
  /** Why nothing more is sent, for a delivery that was canceled. */
  reason: z.string().nullable(),
  created_at: timestamp,
  expires_at: timestamp,
});

export type WebhookDelivery = z.infer<typeof webhookDeliverySchema>;

/** A page of `GET /v1/webhooks/deliveries`, newest first. */
export const webhookDeliveryListSchema = z.object({
  object: z.literal('list'),
  data: z.array(webhookDeliverySchema),
  has_more: z.boolean(),
  /** The `after` of the next page; null on the last one. */
  next_cursor: z.string().nullable(),
});

export type WebhookDeliveryList = z.infer<typeof webhookDeliveryListSchema>;

export function toWebhookResource(webhook: Webhook, now: Date): WebhookResource {
  const live = liveSecrets(webhook.secrets, now);
  return {
    id: webhook.id,
    object: 'webhook',
    url: webhook.url,
    events: webhook.events,
    description: webhook.description,
    enabled: webhook.disabled === null,
    disabled: webhook.disabled,
    created_at: webhook.createdAt,
    secrets: webhook.secrets
      .filter(({ secret }) => live.includes(secret))
      .map(({ createdAt, expiresAt }) => ({ created_at: createdAt, expires_at: expiresAt })),
  };
}
