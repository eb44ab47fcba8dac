import { z } from 'zod';
import { JOB_FIELDS } from './job-fields.js';
import { MAX_FACES } from './job-payloads.js';

/** The text fields of `POST /v1/recognize`. */
export const recognizeFieldsSchema = z.strictObject({
  ...JOB_FIELDS,
  /** 1 = the largest face only. */
  max_faces: z.coerce.number().int().min(1).max(MAX_FACES).default(1),
});
