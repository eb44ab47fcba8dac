import { z } from 'zod';
import { consentFieldSchema } from './consent.js';
import { JOB_FIELDS } from './job-fields.js';
import { labelSchema } from './label.js';

/** The text fields of `POST /v1/train`; without a label it is a retraining. */
export const trainFieldsSchema = z.strictObject({
  ...JOB_FIELDS,
  consent: consentFieldSchema,
  label: labelSchema
    .optional()
    .describe('Who is on the photos. Without it, and without photos, the model is trained again.'),
});
