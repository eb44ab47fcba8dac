import { z } from 'zod';
import { metadataSchema } from './metadata.js';
import { webhookFilterSchema, webhookUrlSchema } from './webhook.js';

/** A text field that carries JSON: a form and a query know only text. */
export const jsonTextSchema = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'expected JSON such as {"order": "4711"}' });
    return z.NEVER;
  }
});

/** `recognition.succeeded,recognition.failed`: a form and a query know no lists. */
const eventsTextSchema = z
  .string()
  .transform((text): unknown => text.split(',').map((one) => one.trim()))
  .pipe(webhookFilterSchema.unwrap());

/** The text fields that every job takes, in a form or, where the body is the image, in the query. */
export const JOB_FIELDS = {
  metadata: jsonTextSchema
    .pipe(metadataSchema)
    .default({})
    .describe('JSON with up to 16 pairs of text; comes back with the job wherever it is shown.'),
  webhook: webhookUrlSchema
    .optional()
    .describe("Told of this job's end, beside the webhooks registered for the key."),
  webhook_events: eventsTextSchema
    .optional()
    .describe(
      'Which events `webhook` is told of, with commas between; without it, of all that the job causes.',
    ),
};

/** What was asked of a job whatever its type; it goes into the job's record and never to a worker. */
export type JobFields = z.infer<z.ZodObject<typeof JOB_FIELDS>>;
