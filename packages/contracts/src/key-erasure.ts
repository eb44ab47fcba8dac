import { z } from 'zod';
import { idSchema } from './ids.js';

/** The body of `POST /v1/keys/{id}/erase`: the key once more, since nothing brings its data back. */
export const eraseKeySchema = z.strictObject({ confirm: idSchema('key') });

/** What a key had, counted before any of it went. */
export const erasedOfKeySchema = z.object({
  subjects: z.int(),
  photos: z.int(),
  /** Objects with numbers taken from photos; each holds those of many. */
  feature_tables: z.int(),
  model_versions: z.int(),
  /** Whatever else lay under the key, webhooks among it. */
  other_objects: z.int(),
  /** Photos that waited for their jobs. */
  uploads: z.int(),
  /** Jobs with their results. */
  job_records: z.int(),
});

export type ErasedOfKey = z.infer<typeof erasedOfKeySchema>;

const timestamp = z.iso.datetime();

/**
 * The deletion of a key as its administrator sees it. It stays as a receipt when all else has gone, so it names nobody but
 * the key by its random id.
 */
export const keyErasureSchema = z.object({
  key_id: idSchema('key'),
  object: z.literal('key_erasure'),
  status: z.enum(['pending', 'done']),
  requested_at: timestamp,
  completed_at: timestamp.nullable(),
  /** Null until it has been counted. */
  erased: erasedOfKeySchema.nullable(),
});

export type KeyErasure = z.infer<typeof keyErasureSchema>;
