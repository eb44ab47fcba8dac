import { z } from 'zod';
import { consentFieldSchema } from './consent.js';
import { JOB_FIELDS } from './job-fields.js';

/** The text fields of `POST /v1/subjects/{label}/photos`. */
export const enrolFieldsSchema = z.strictObject({
  ...JOB_FIELDS,
  consent: consentFieldSchema,
  train: z
    .enum(['true', 'false'], 'expected true or false')
    .default('false')
    .describe('Whether the model learns the photos at once, as with `POST /v1/train`.'),
});
