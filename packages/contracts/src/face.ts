import { z } from 'zod';

/** In pixels of the upright image (EXIF orientation applied); may reach past its border. */
export const boundingBoxSchema = z.object({
  left: z.number(),
  top: z.number(),
  width: z.number(),
  height: z.number(),
});

export type BoundingBox = z.infer<typeof boundingBoxSchema>;

/** 68 points of the iBUG scheme as [x, y] in pixels of the upright image, fractions kept. */
export const landmarksSchema = z.array(z.tuple([z.number(), z.number()])).length(68);

export const candidateSchema = z.object({
  /** Stays when the subject is given another label. */
  subject_id: z.string(),
  label: z.string(),
  /** Log-likelihood ratio of "this subject" against "anybody", natural logarithm. */
  score: z.number(),
  /** 1 / (1 + e^(threshold - score)): the posterior when the threshold is the break-even point; .5 at the threshold. */
  confidence: z.number().min(0).max(1),
});

export type Candidate = z.infer<typeof candidateSchema>;

export const faceQualitySchema = z.object({
  /** Distance between the eye centres in pixels of the upright image. */
  eye_distance_px: z.number(),
  /** Rotation in the picture plane, degrees, clockwise positive. */
  roll_deg: z.number(),
  /** How far the nose stands beside the middle of the eyes, in eye distances; 0 looks into the camera, positive to the right of the picture. */
  turn: z.number(),
  /** How far the nose has come from the eyes (0) to the mouth (1); about .5 looks into the camera, less looks up. */
  nod: z.number(),
  /** Fine detail of the face, whatever its contrast; below .02 it is blurred. */
  sharpness: z.number(),
  /** Mean grey value of the face, 0 (black) to 1 (white). */
  brightness: z.number(),
  /** Share of the face that is black or white through and through. */
  clipped: z.number(),
});

export type FaceQuality = z.infer<typeof faceQualitySchema>;

export const detectedFaceSchema = z.object({
  box: boundingBoxSchema,
  landmarks: landmarksSchema,
  quality: faceQualitySchema,
});

export type LocatedFace = z.infer<typeof detectedFaceSchema>;

/** Whether a face is the one person it was taken for. */
export const claimSchema = candidateSchema
  .pick({ label: true, score: true, confidence: true })
  .extend({ match: z.boolean() });

export type Claim = z.infer<typeof claimSchema>;

export const recognizedFaceSchema = detectedFaceSchema.extend({
  /** null = nobody this key knows, or `ambiguous`. */
  label: z.string().nullable(),
  /** The first two candidates are too close to call, and the first reaches the threshold: neither is named. */
  ambiguous: z.boolean(),
  confidence: z.number().min(0).max(1),
  candidates: z.array(candidateSchema),
  /** The score at or above which a label is given. */
  threshold: z.number(),
  /** Only where the request had a `claimed_label`; a match need not be the best candidate. */
  claimed: claimSchema.optional(),
});

export type RecognizedFace = z.infer<typeof recognizedFaceSchema>;
