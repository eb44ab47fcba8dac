import { z } from 'zod';
import { claimSchema, detectedFaceSchema, recognizedFaceSchema } from './face.js';
import { labelSchema } from './label.js';

const imageSize = { width: z.int(), height: z.int() };

/** Milliseconds a stage took. */
const timings = z.record(z.string(), z.number());

export const recognizeResultSchema = z.object({
  image: z.object(imageSize),
  /** Largest first; empty when no face was found, which is no error. */
  faces: z.array(recognizedFaceSchema),
  timings,
});

export type RecognizeResult = z.infer<typeof recognizeResultSchema>;

export const detectResultSchema = z.object({
  image: z.object(imageSize),
  /** Largest first; empty when no face was found. */
  faces: z.array(detectedFaceSchema),
  timings,
});

export type DetectResult = z.infer<typeof detectResultSchema>;

export const verifiedImageSchema = z.object({
  field: z.enum(['image', 'reference']),
  ...imageSize,
  /** How many faces were found; the largest is the one compared. */
  faces: z.int().min(1),
  face: detectedFaceSchema,
});

export type VerifiedImage = z.infer<typeof verifiedImageSchema>;

export const verifyResultSchema = z.object({
  ...claimSchema.omit({ label: true }).shape,
  /** Of the enrolled person the image was compared with; null where it was another image. */
  label: labelSchema.nullable(),
  /** The score at or above which it is a match. */
  threshold: z.number(),
  /** The `image`, then the `reference` where one was sent. */
  images: z.array(verifiedImageSchema).min(1).max(2),
  /** Both images together. */
  timings,
});

export type VerifyResult = z.infer<typeof verifyResultSchema>;
