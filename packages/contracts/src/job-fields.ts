import { z } from 'zod';
import { metadataSchema } from './metadata.js';

/** A text field that carries JSON: a form and a query know only text. */
const jsonTextSchema = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'expected JSON such as {"order": "4711"}' });
    return z.NEVER;
  }
});

/** The text fields that every job takes, in a form or, where the body is the image, in the query. */
export const JOB_FIELDS = {
  /** Comes back with the job wherever it is shown. */
  metadata: jsonTextSchema.pipe(metadataSchema).default({}),
};

/** What was asked of a job whatever its type; it goes into the job's record and never to a worker. */
export type JobFields = z.infer<z.ZodObject<typeof JOB_FIELDS>>;
