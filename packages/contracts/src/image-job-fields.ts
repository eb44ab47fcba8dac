import { z } from 'zod';
import { DETECTION_PROFILE_NAMES } from './detection-profile.js';
import { MAX_FACES } from './image-job-payloads.js';
import { JOB_FIELDS } from './job-fields.js';
import { labelSchema } from './label.js';

/** Scores are log-likelihood ratios: e^100 to one is beyond all doubt, in both directions. */
const MAX_THRESHOLD = 100;

/** Not by `z.coerce`, which takes an empty field for 0. */
const threshold = z
  .string()
  .transform((text) => (text.trim() === '' ? Number.NaN : Number(text)))
  .pipe(z.number().min(-MAX_THRESHOLD).max(MAX_THRESHOLD))
  .optional();

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
    threshold: threshold.describe("The score from which a name is given, in place of the model's own."),
    claimed_label: labelSchema
      .optional()
      .describe('Somebody enrolled; each face is told to be that person or not.'),
  })
  .refine(profileIsUsed, PROFILE_UNUSED);

/** The text fields of `POST /v1/verify`; an `image` is compared with a second one, or with the person of a label. */
export const verifyFieldsSchema = z.strictObject({
  ...JOB_FIELDS,
  label: labelSchema.optional().describe('Somebody enrolled, instead of the image `reference`.'),
  threshold: threshold.describe('The score from which it is a match, in place of the default.'),
});
