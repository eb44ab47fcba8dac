import { z } from 'zod';
import { consentSchema } from './consent.js';
import { idSchema } from './ids.js';
import { JOB_ENVELOPE } from './job-envelope.js';
import { FEATURE_SET_NAMES } from './feature-set.js';
import { labelSchema } from './label.js';

/** One photo of a training: its future id, where it was uploaded, and the caller's file name for the report. */
export const uploadedPhotoSchema = z.object({
  photoId: idSchema('photo'),
  uploadKey: z.string(),
  fileName: z.string(),
});

export type UploadedPhoto = z.infer<typeof uploadedPhotoSchema>;

/** A batch of one training's photos; `jobId` is the training's. */
export const extractPayloadSchema = z.object({
  ...JOB_ENVELOPE,
  subjectId: idSchema('subject'),
  batch: z.int().min(0),
  photos: z.array(uploadedPhotoSchema).min(1),
  /** Whether the photos are kept, or only the numbers taken from them; a gateway of an earlier version says nothing and means yes. */
  keepPhotos: z.boolean().optional(),
});

export type ExtractPayload = z.infer<typeof extractPayloadSchema>;

/** Who was photographed, and what was sent of them. */
const enrolmentSchema = z.object({
  subjectId: idSchema('subject'),
  label: labelSchema,
  batches: z.int().min(1),
  photos: z.array(uploadedPhotoSchema).min(1),
  /** Kept with the person, in place of what was there. */
  consent: consentSchema.optional(),
});

export type Enrolment = z.infer<typeof enrolmentSchema>;

/** The last step of a training: fit the key's model on everything extracted so far. */
export const trainPayloadSchema = z.object({
  ...JOB_ENVELOPE,
  /** null = retrain on what is there. */
  subject: enrolmentSchema.nullable(),
});

export type TrainPayload = z.infer<typeof trainPayloadSchema>;

/** The last step of an enrolment without a training: the photos are the subject's, and the model stays. */
export const enrolPayloadSchema = z.object({ ...JOB_ENVELOPE, subject: enrolmentSchema });

export type EnrolPayload = z.infer<typeof enrolPayloadSchema>;

/** The deletion of a subject, or of one photo of a subject; then the key's model is fitted without. */
export const erasePayloadSchema = z.object({
  ...JOB_ENVELOPE,
  subjectId: idSchema('subject'),
  /** null = the subject with everything of theirs. */
  photoId: idSchema('photo').nullable(),
});

export type ErasePayload = z.infer<typeof erasePayloadSchema>;

/** A model that was trained elsewhere, as Keras saved it. */
export const importPayloadSchema = z.object({
  ...JOB_ENVELOPE,
  uploadKey: z.string(),
  /** Whom each output stands for. */
  outputs: z.array(z.object({ subjectId: idSchema('subject'), label: labelSchema })).min(1),
  /** null = one that is drawn from the background. */
  threshold: z.number().nullable(),
  /** null = by the size of the model's input. */
  features: z.enum(FEATURE_SET_NAMES).nullable(),
});

export type ImportPayload = z.infer<typeof importPayloadSchema>;
