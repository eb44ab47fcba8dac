import { z } from 'zod';

/** What a model is and how it was made; lies beside its weights. */
export const modelCardSchema = z.object({
  version: z.string(),
  trainedAt: z.iso.datetime(),
  /** The job that fitted it. */
  jobId: z.string(),
  /** Trainings that had waited for that job and ended with it: this model knows their photos too. */
  alongJobs: z.array(z.string()).default([]),
  /** Feature set by name and the background statistics it was fitted against. */
  features: z.string(),
  background: z.string(),
  /** Output order of the LLR layer. */
  labels: z.array(z.object({ subjectId: z.string(), label: z.string(), photos: z.int() })),
  threshold: z.number(),
  /** Nominal share of strangers that the threshold lets through. */
  targetFpir: z.number(),
  calibration: z.enum(['calibrated', 'uncalibrated']),
  /** SHA-256 of model.json and weights.bin, checked before the model is loaded. */
  checksums: z.object({ model: z.string(), weights: z.string() }),
  fitMs: z.number(),
});

export type ModelCard = z.infer<typeof modelCardSchema>;
