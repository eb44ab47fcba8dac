import { z } from 'zod';
import { FEATURE_SET_NAMES } from './feature-set.js';

/** By models without the person, or the photo, in question. */
export const realisedSchema = z.object({
  /** Share of the key's own photos that are given another person's name. */
  fpir: z.number(),
  /** Share that is given the right one; null where nobody has two photos. */
  tpir: z.number().nullable(),
});

/** What a model is and how it was made; lies beside its weights. */
export const modelCardSchema = z.object({
  version: z.string(),
  trainedAt: z.iso.datetime(),
  /** The job that fitted it. */
  jobId: z.string(),
  /** Trainings that had waited for that job and ended with it: this model knows their photos too. */
  alongJobs: z.array(z.string()).default([]),
  /** Feature set by name, why it was taken, and the background statistics it was fitted against. */
  features: z.enum(FEATURE_SET_NAMES),
  featuresReason: z.string().default(''),
  background: z.string(),
  /** Whether training from the closed form was taken, and why; left out where the key asks for none. */
  refinement: z.object({ taken: z.boolean(), reason: z.string() }).optional(),
  /** Output order of the LLR layer. */
  labels: z.array(z.object({ subjectId: z.string(), label: z.string(), photos: z.int() })),
  threshold: z.number(),
  /** Trained elsewhere, so none of the key's photos is in it; left out where the key trained it. */
  origin: z.literal('imported').optional(),
  /** Nominal share of strangers that the threshold lets through. */
  targetFpir: z.number(),
  calibration: z.enum(['calibrated', 'uncalibrated']),
  /** What the threshold does to the key's own photos; null while uncalibrated. */
  realised: realisedSchema.nullable().default(null),
  /** The same for `balanced`; a model that came from elsewhere has one threshold only. */
  balanced: z.object({ threshold: z.number(), realised: realisedSchema.nullable() }).optional(),
  /** SHA-256 of model.json and weights.bin, checked before the model is loaded. */
  checksums: z.object({ model: z.string(), weights: z.string() }),
  fitMs: z.number(),
});

export type ModelCard = z.infer<typeof modelCardSchema>;
export type Realised = z.infer<typeof realisedSchema>;
