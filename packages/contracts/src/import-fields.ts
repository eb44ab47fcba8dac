import { z } from 'zod';
import { FEATURE_SET_NAMES } from './feature-set.js';
import { JOB_FIELDS, jsonTextSchema } from './job-fields.js';
import { labelSchema } from './label.js';
import { thresholdScoreFieldSchema } from './threshold.js';

/** The outputs of one model. */
export const MAX_IMPORTED_LABELS = 5000;

const labelsSchema = z
  .array(labelSchema)
  .min(1)
  .max(MAX_IMPORTED_LABELS)
  .refine((labels) => new Set(labels).size === labels.length, 'expected each label once')
  // In a form other lists are text with commas; labels may hold some.
  .meta({ uniqueItems: true, contentMediaType: 'application/json' });

/** The text fields of `POST /v1/models`. */
export const importFieldsSchema = z.strictObject({
  ...JOB_FIELDS,
  labels: jsonTextSchema
    .pipe(labelsSchema)
    .describe('JSON with the label of each output, in their order, such as `["ada", "grace"]`.'),
  threshold: thresholdScoreFieldSchema
    .optional()
    .describe('From which output on a name is given. Without it, one that 1 % of drawn strangers reach.'),
  features: z
    .enum(FEATURE_SET_NAMES)
    .optional()
    .describe(
      'What the model takes. Without it, the feature set that has as many numbers as the model takes.',
    ),
});

export type ImportFields = z.infer<typeof importFieldsSchema>;
