import { z } from 'zod';
import { labelSchema } from './label.js';
import { lookAlikesResourceSchema } from './model-report.js';

/** Why a photo could not be used for training. */
export const REFUSAL_REASONS = {
  NO_FACE: 'no face was found; send a frontal, well lit face',
  SEVERAL_FACES: 'several faces of similar size; crop the photo to one person',
  FACE_TOO_SMALL: 'the face is under 30 pixels wide; come closer or send a larger photo',
  BLURRED: 'the face is blurred beyond recognition; hold still, and focus on the face',
  TOO_DARK: 'the face is nearly black; turn it towards the light',
  OVEREXPOSED: 'half of the face is white or black through and through; avoid direct sun and flash',
  DUPLICATE: 'the same photo as another one of this person; send different ones',
  UNREADABLE: 'the file is damaged or is no JPEG, PNG or WebP image',
  TOO_MANY_PIXELS: 'the photo has more than 50 megapixels; send a smaller one',
} as const;

export type RefusalReason = keyof typeof REFUSAL_REASONS;

export const refusedPhotoSchema = z.object({
  file_name: z.string(),
  reason: z.enum(Object.keys(REFUSAL_REASONS) as [RefusalReason, ...RefusalReason[]]),
  detail: z.string(),
  /** What was measured, and the limit it passed; where it was refused for that. */
  value: z.number().optional(),
  limit: z.number().optional(),
});

export type RefusedPhoto = z.infer<typeof refusedPhotoSchema>;

/** What is worth knowing of a photo that is used all the same. */
export const PHOTO_WARNINGS = {
  SMALL_FACE: 'the face is small; come closer or send a larger photo',
  SOFT: 'the face is not sharp; hold still, and focus on the face',
  DARK: 'the face is dark; more light from the front',
  HARSH_LIGHT: 'parts of the face are white or black; softer light',
  TURNED_ASIDE: 'the head is turned far aside; look closer to the camera',
  LOOKED_UP_OR_DOWN: 'the head is raised or lowered far; hold it level',
  LOOKS_LIKE_ANOTHER: 'the photo shows another person of this key rather than this one',
  UNLIKE_THE_OTHERS: 'the person would not be recognised on this photo by the others',
} as const;

export type PhotoWarningCode = keyof typeof PHOTO_WARNINGS;

export const photoWarningSchema = z.object({
  file_name: z.string(),
  photo_id: z.string(),
  code: z.enum(Object.keys(PHOTO_WARNINGS) as [PhotoWarningCode, ...PhotoWarningCode[]]),
  detail: z.string(),
  /** What was measured, and the limit it passed. */
  value: z.number(),
  limit: z.number(),
});

export type PhotoWarning = z.infer<typeof photoWarningSchema>;

export const trainResultSchema = z.object({
  label: labelSchema.nullable(),
  subject_id: z.string().nullable(),
  photos: z.object({
    accepted: z.int(),
    refused: z.array(refusedPhotoSchema),
    /** Of photos that were accepted. */
    warnings: z.array(photoWarningSchema),
    /** What to photograph next, in sentences; empty where nothing is missing. */
    next: z.array(z.string()),
  }),
  model: z.object({
    version: z.string(),
    labels: z.int(),
    photos: z.int(),
    threshold: z.number(),
    calibration: z.enum(['calibrated', 'uncalibrated']),
    features: z.string(),
    /** People of this key who may be one person: of the person trained, or all after a training of nobody. */
    look_alikes: z.array(lookAlikesResourceSchema),
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
    /** Of the audit log, that named the subject and do no more. */
    audit_entries: z.int(),
  }),
  timings: z.record(z.string(), z.number()),
});

export type EraseResult = z.infer<typeof eraseResultSchema>;

/** What became of an imported model. Without labels: the record stays when a person is deleted. */
export const importResultSchema = z.object({
  subjects: z.object({
    /** Enrolled before. */
    known: z.int(),
    /** Made by this import, without photos. */
    created: z.int(),
  }),
  model: trainResultSchema.shape.model.pick({
    version: true,
    labels: true,
    threshold: true,
    calibration: true,
    features: true,
  }),
  timings: z.record(z.string(), z.number()),
});

export type ImportResult = z.infer<typeof importResultSchema>;
