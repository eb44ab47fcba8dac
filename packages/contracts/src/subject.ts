import { z } from 'zod';
import { idSchema } from './ids.js';
import { labelSchema } from './label.js';

/** A person enrolled under a key. */
export const subjectSchema = z.object({
  id: idSchema('subject'),
  label: labelSchema,
  createdAt: z.iso.datetime(),
});

export type Subject = z.infer<typeof subjectSchema>;
