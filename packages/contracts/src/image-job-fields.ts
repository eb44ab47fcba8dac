import { z } from 'zod';
import { DETECTION_PROFILE_NAMES } from './detection-profile.js';
import { MAX_FACES } from './image-job-payloads.js';
import { JOB_FIELDS } from './job-fields.js';
import { labelSchema } from './label.js';
import { thresholdFieldSchema, thresholdScoreFieldSchema } from './threshold.js';

const searchFields = {
  ...JOB_FIELDS,
  max_faces: z.coerce.number().int().min(1).max(MAX_FACES).default(1).describe('1: the largest face only.'),
  profile: z
    .enum(DETECTION_PROFILE_NAMES)
    .optional()
    .describe(
      'How the largest face is searched; not with `max_faces` above 1, for all are searched thoroughly.',
    ),
};

/** All faces are always searched thoroughly: a profile that changes nothing would look as if it did. */
const PROFILE_UNUSED = 'profile is for the search of the largest face; leave it out with max_faces above 1';
const profileIsUsed = (fields: { max_faces: number; profile?: string | undefined }): boolean =>
  fields.max_faces === 1 || fields.profile === undefined;

/** The text fields of `POST /v1/detect`. */
export const detectFieldsSchema = z.strictObject(searchFields).refine(profileIsUsed, PROFILE_UNUSED);

/** The text fields of `POST /v1/recognize`. */
export const recognizeFieldsSchema = z
  .strictObject({
    ...searchFields,
    threshold: thresholdFieldSchema
      .optional()
      .describe(
        "`strict`, `balanced` or the score from which a name is given, in place of the key's own setting.",
      ),
    claimed_label: labelSchema
      .optional()
      .describe('Somebody enrolled; each face is told to be that person or not.'),
  })
  .refine(profileIsUsed, PROFILE_UNUSED);

/** The text fields of `POST /v1/verify`; an `image` is compared with a second one, or with the person of a label. */
export const verifyFieldsSchema = z.strictObject({
  ...JOB_FIELDS,
  label: labelSchema.optional().describe('Somebody enrolled, instead of the image `reference`.'),
  threshold: thresholdScoreFieldSchema
    .optional()
    .describe('The score from which it is a match, in place of the default.'),
});
