import { z } from 'zod';
import { consentSchema } from './consent.js';
import { FIT_METHODS } from './fit-method.js';
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
  /** Null = none is on record. */
  consent: consentSchema.nullable(),
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

/**
 * What `PUT /v1/subjects/{label}` may change; metadata and consent that are sent replace all that was there. Consent that is
 * withdrawn is no change: the person is to be deleted.
 */
export const subjectChangeSchema = z
  .strictObject({
    label: labelSchema.optional(),
    metadata: metadataSchema.optional(),
    consent: consentSchema.optional(),
  })
  .refine(
    (change) => Object.values(change).some((value) => value !== undefined),
    'expected "label", "metadata" or "consent"',
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
  /** How it was fitted; null for an imported model. */
  fit: z.enum(FIT_METHODS).nullable(),
  /** Why so. */
  fit_reason: z.string(),
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
