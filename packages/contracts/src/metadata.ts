import { z } from 'zod';

/** The caller's own notes on a job or a subject, such as an id in their system: up to 16 pairs of text. */
export const metadataSchema = z
  .record(z.string().min(1).max(64), z.string().max(512))
  .refine((pairs) => Object.keys(pairs).length <= 16, 'expected at most 16 pairs')
  .meta({ maxProperties: 16 });

export type Metadata = z.infer<typeof metadataSchema>;
