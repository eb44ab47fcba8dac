import { z } from 'zod';
import { labelSchema } from './label.js';

/** Why a photo could not be used for training. */
export const REFUSAL_REASONS = {
  NO_FACE: 'no face was found; send a frontal, well lit face',
  SEVERAL_FACES: 'several faces of similar size; crop the photo to one person',
  FACE_TOO_SMALL: 'the face is under 40 pixels wide; come closer or send a larger photo',
  UNREADABLE: 'the file is damaged or is no JPEG, PNG or WebP image',
  TOO_MANY_PIXELS: 'the photo has more than 50 megapixels; send a smaller one',
} as const;

export type RefusalReason = keyof typeof REFUSAL_REASONS;

export const refusedPhotoSchema = z.object({
  file_name: z.string(),
  reason: z.enum(Object.keys(REFUSAL_REASONS) as [RefusalReason, ...RefusalReason[]]),
  detail: z.string(),
});

export type RefusedPhoto = z.infer<typeof refusedPhotoSchema>;

export const trainResultSchema = z.object({
  label: labelSchema.nullable(),
  subject_id: z.string().nullable(),
  photos: z.object({ accepted: z.int(), refused: z.array(refusedPhotoSchema) }),
  model: z.object({
    version: z.string(),
    labels: z.int(),
    photos: z.int(),
    threshold: z.number(),
    calibration: z.enum(['calibrated', 'uncalibrated']),
    features: z.string(),
  }),
  timings: z.record(z.string(), z.number()),
});

export type TrainResult = z.infer<typeof trainResultSchema>;

/** What became of photos that were added without a training. */
export const enrolResultSchema = trainResultSchema.omit({ model: true }).extend({
  label: labelSchema,
  subject_id: z.string(),
});

export type EnrolResult = z.infer<typeof enrolResultSchema>;

/** The receipt of a deletion: how much went, and neither label nor id of whom, for the receipt stays. */
export const eraseResultSchema = z.object({
  erased: z.object({
    subjects: z.int(),
    photos: z.int(),
    /** The numbers taken from a photo, a row each. */
    feature_rows: z.int(),
    /** The one in force included: another one, fitted without what was deleted, has taken its place. */
    model_versions: z.int(),
    /** Records of the key's jobs, with their results, that named the subject. */
    job_records: z.int(),
  }),
  timings: z.record(z.string(), z.number()),
});

export type EraseResult = z.infer<typeof eraseResultSchema>;
