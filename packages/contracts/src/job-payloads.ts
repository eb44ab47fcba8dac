import { z } from 'zod';
import { idSchema } from './ids.js';
import { labelSchema } from './label.js';
import { traceparentSchema } from './trace-context.js';

/** What travels through the queues: ids and settings, never image bytes. Parsed again by the worker. */
const envelope = {
  jobId: idSchema('job'),
  keyId: idSchema('key'),
  requestId: z.string(),
  /** Of the request that sent the job; a gateway of an earlier version sends none. */
  traceparent: traceparentSchema.optional(),
};

export const MAX_FACES = 32;

export const recognizePayloadSchema = z.object({
  ...envelope,
  /** Where the photo lies; deleted once the job ends. */
  uploadKey: z.string(),
  /** 1 = the largest face; more = every face, largest first. */
  maxFaces: z.int().min(1).max(MAX_FACES),
});

export type RecognizePayload = z.infer<typeof recognizePayloadSchema>;

/** One photo of a training: its future id, where it was uploaded, and the caller's file name for the report. */
export const uploadedPhotoSchema = z.object({
  photoId: idSchema('photo'),
  uploadKey: z.string(),
  fileName: z.string(),
});

export type UploadedPhoto = z.infer<typeof uploadedPhotoSchema>;

/** A batch of one training's photos; `jobId` is the training's. */
export const extractPayloadSchema = z.object({
  ...envelope,
  subjectId: idSchema('subject'),
  batch: z.int().min(0),
  photos: z.array(uploadedPhotoSchema).min(1),
});

export type ExtractPayload = z.infer<typeof extractPayloadSchema>;

/** The last step of a training: fit the key's model on everything extracted so far. */
export const trainPayloadSchema = z.object({
  ...envelope,
  /** Who was photographed; null = retrain on what is there. */
  subject: z
    .object({
      subjectId: idSchema('subject'),
      label: labelSchema,
      batches: z.int().min(1),
      photos: z.array(uploadedPhotoSchema).min(1),
    })
    .nullable(),
});

export type TrainPayload = z.infer<typeof trainPayloadSchema>;

/** The deletion of a subject, or of one photo of a subject; then the key's model is fitted without. */
export const erasePayloadSchema = z.object({
  ...envelope,
  subjectId: idSchema('subject'),
  /** null = the subject with everything of theirs. */
  photoId: idSchema('photo').nullable(),
});

export type ErasePayload = z.infer<typeof erasePayloadSchema>;
