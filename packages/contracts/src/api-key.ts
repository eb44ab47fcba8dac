import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { idSchema } from './ids.js';

/** A key as stored. The secret itself is shown once and never stored. */
export const apiKeySchema = z.object({
  id: idSchema('key'),
  name: z.string(),
  secretHash: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.iso.datetime(),
  /** The feature set of the key's model, by name. */
  features: z.string(),
});

export type ApiKey = z.infer<typeof apiKeySchema>;

/** `fh_` and 43 characters: 256 random bits, so a plain SHA-256 is a safe way to store it. */
export function newSecret(): string {
  return `fh_${randomBytes(32).toString('base64url')}`;
}

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
