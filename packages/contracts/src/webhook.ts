import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { idSchema } from './ids.js';
import { WEBHOOK_EVENTS } from './webhook-events.js';

const timestamp = z.iso.datetime();

/** Standard Webhooks 1.0.0: `whsec_` and 24 to 64 random bytes in base64. */
const SECRET = /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/;

/** Stored as it is, unlike a key's secret: what signs must be known. */
const signingSecretSchema = z.object({
  secret: z.string().regex(SECRET),
  createdAt: timestamp,
  /** Set once a newer secret has taken over. */
  expiresAt: timestamp.nullable(),
});

/** Newest first; two while one takes over from the other. */
export const signingSecretsSchema = z.array(signingSecretSchema).min(1).max(2);

export type SigningSecrets = z.infer<typeof signingSecretsSchema>;

/** 32 bytes: as long as what HMAC-SHA256 makes of them. */
export function newSigningSecrets(now: Date): SigningSecrets {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  return [{ secret, createdAt: now.toISOString(), expiresAt: null }];
}

/** A new secret before the newest one of before, which lives on for `graceSeconds`. */
export function rotateSigningSecrets(
  [current]: SigningSecrets,
  { now, graceSeconds }: { readonly now: Date; readonly graceSeconds: number },
): SigningSecrets {
  const expiresAt = new Date(now.getTime() + graceSeconds * 1000).toISOString();
  const livesOn = current !== undefined && graceSeconds > 0 ? [{ ...current, expiresAt }] : [];
  return [...newSigningSecrets(now), ...livesOn];
}

/** The secrets that sign at this moment. */
export function liveSecrets(secrets: SigningSecrets, now: Date): string[] {
  return secrets
    .filter(({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) > now.getTime())
    .map(({ secret }) => secret);
}

/** As far as a browser or proxy takes an address. */
const MAX_URL_LENGTH = 2048;

/** Where events are sent. Whether that place may be reached is another question, asked where it can be answered. */
export const webhookUrlSchema = z
  .string()
  .max(MAX_URL_LENGTH)
  .refine(isPlainHttpUrl, 'expected an https:// address without user, password and fragment')
  .meta({ format: 'uri' });

function isPlainHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username + password + hash === '';
}

/** What a webhook is told of; null = of everything, what later versions add included. */
export const webhookFilterSchema = z
  .array(z.enum(WEBHOOK_EVENTS))
  .min(1)
  .max(WEBHOOK_EVENTS.length)
  .nullable();

/** A registered webhook as stored. */
export const webhookSchema = z.object({
  id: idSchema('webhook'),
  url: webhookUrlSchema,
  events: webhookFilterSchema,
  description: z.string(),
  createdAt: timestamp,
  /** Why nothing is sent to it: its owner said so, it answered 410, or a delivery failed for good and none succeeded. */
  disabled: z.object({ at: timestamp, reason: z.enum(['owner', 'gone', 'failing']) }).nullable(),
  secrets: signingSecretsSchema,
});

export type Webhook = z.infer<typeof webhookSchema>;

/** A webhook of one job, stored in its record: it goes when the job goes. */
export const jobWebhookSchema = z.object({ url: webhookUrlSchema, events: webhookFilterSchema });

export type JobWebhook = z.infer<typeof jobWebhookSchema>;

export function wants({ events }: Pick<Webhook, 'events'>, type: string): boolean {
  return events?.some((one) => one === type) ?? true;
}
