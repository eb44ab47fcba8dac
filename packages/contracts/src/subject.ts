import { z } from 'zod';
import { idSchema } from './ids.js';
import { labelSchema } from './label.js';

/** The caller's own notes on a subject, such as an id in their system. */
export const subjectMetadataSchema = z
  .record(z.string().min(1).max(64), z.string().max(512))
  .refine((pairs) => Object.keys(pairs).length <= 16, 'expected at most 16 pairs');

/** A person enrolled under a key. */
export const subjectSchema = z.object({
  id: idSchema('subject'),
  label: labelSchema,
  createdAt: z.iso.datetime(),
  metadata: subjectMetadataSchema.optional(),
});

export type Subject = z.infer<typeof subjectSchema>;
