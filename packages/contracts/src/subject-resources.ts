import { z } from 'zod';
import { idSchema } from './ids.js';
import { labelSchema } from './label.js';
import { metadataSchema } from './metadata.js';
import { realisedSchema } from './model-card.js';
import { thresholdSettingSchema } from './threshold.js';

/** A subject as the caller sees it. */
export const subjectResourceSchema = z.object({
  id: idSchema('subject'),
  object: z.literal('subject'),
  label: labelSchema,
  /** Photos the subject was enrolled with. */
  photos: z.int(),
  metadata: metadataSchema,
  created_at: z.iso.datetime(),
});

export type SubjectResource = z.infer<typeof subjectResourceSchema>;

export const subjectListSchema = z.object({
  object: z.literal('list'),
  data: z.array(subjectResourceSchema),
  has_more: z.boolean(),
  /** The `after` of the next page; null on the last one. */
  next_cursor: z.string().nullable(),
});

export type SubjectList = z.infer<typeof subjectListSchema>;

/** A photo of a subject, as the caller sees it. */
export const photoResourceSchema = z.object({
  id: idSchema('photo'),
  object: z.literal('photo'),
  type: z.enum(['jpeg', 'png', 'webp']),
  /** False where the photo's time is up and only the numbers taken from it are kept. */
  kept: z.boolean(),
});

export const photoListSchema = subjectListSchema.extend({ data: z.array(photoResourceSchema) });

export type PhotoList = z.infer<typeof photoListSchema>;

/** What `PUT /v1/subjects/{label}` may change; metadata that is sent replaces all that was there. */
export const subjectChangeSchema = z
  .strictObject({ label: labelSchema.optional(), metadata: metadataSchema.optional() })
  .refine(
    ({ label, metadata }) => label !== undefined || metadata !== undefined,
    'expected "label", "metadata" or both',
  )
  .meta({ minProperties: 1 });

export type SubjectChange = z.infer<typeof subjectChangeSchema>;

/** The model in force, as the caller sees it. */
export const modelResourceSchema = z.object({
  object: z.literal('model'),
  version: z.string(),
  features: z.string(),
  /** Why these features were taken. */
  features_reason: z.string(),
  background: z.string(),
  labels: z.array(z.object({ label: labelSchema, subject_id: z.string(), photos: z.int() })),
  /** Photos the model has learnt from. */
  photos: z.int(),
  /** Photos of people enrolled that it has not: `POST /v1/train` without a body takes them in. */
  pending_photos: z.int(),
  /** The score from which a name is given, by the key's setting. */
  threshold: z.number(),
  threshold_setting: thresholdSettingSchema,
  /** Share of strangers the threshold is to give a name; null for a score of the key's own. */
  target_fpir: z.number().nullable(),
  /** What the threshold does to the key's own photos, each held out; null where that is not known. */
  realised: realisedSchema.nullable(),
  calibration: z.enum(['calibrated', 'uncalibrated']),
  /** `imported`: trained elsewhere and sent to `POST /v1/models`. */
  origin: z.enum(['trained', 'imported']),
  trained_at: z.iso.datetime(),
  /** The job that trained it. */
  trained_by: z.string(),
  /** The job that is changing it at the moment. */
  training: z.string().nullable(),
});

export type ModelResource = z.infer<typeof modelResourceSchema>;
