import { z } from 'zod';
import { consentSchema } from './consent.js';
import { idSchema } from './ids.js';
import { labelSchema } from './label.js';
import { metadataSchema } from './metadata.js';

/** A person enrolled under a key. */
export const subjectSchema = z.object({
  id: idSchema('subject'),
  label: labelSchema,
  createdAt: z.iso.datetime(),
  metadata: metadataSchema.optional(),
  consent: consentSchema.optional(),
});

export type Subject = z.infer<typeof subjectSchema>;
