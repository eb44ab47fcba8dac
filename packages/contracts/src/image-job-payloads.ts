import { z } from 'zod';
import { askedBySchema } from './audit.js';
import { DETECTION_PROFILE_NAMES } from './detection-profile.js';
import { idSchema } from './ids.js';
import { JOB_ENVELOPE } from './job-envelope.js';
import { thresholdSettingSchema } from './threshold.js';

export const MAX_FACES = 32;

const image = {
  ...JOB_ENVELOPE,
  /** Where the photo lies; deleted once the job ends. */
  uploadKey: z.string(),
};

/** Where faces are, and nothing about whose they are. */
export const detectPayloadSchema = z.object({
  ...image,
  /** 1 = the largest face; more = every face, largest first. */
  maxFaces: z.int().min(1).max(MAX_FACES),
  /** How the largest face is searched; `balanced` unless the caller says otherwise. */
  profile: z.enum(DETECTION_PROFILE_NAMES).optional(),
});

export type DetectPayload = z.infer<typeof detectPayloadSchema>;

/** What decides from which score a name is given; `strict` where it is left out. */
const threshold = thresholdSettingSchema.optional();

/** Trainings that have to end first; where the key says that requests wait. */
const waitFor = z.array(idSchema('job')).optional();

/** Where the key keeps an audit log. */
const askedBy = askedBySchema.optional();

export const recognizePayloadSchema = detectPayloadSchema.extend({
  threshold,
  waitFor,
  askedBy,
  /** Whom the caller takes the faces for. By id, for a label may change while the job waits. */
  claimedSubjectId: idSchema('subject').optional(),
});

export type RecognizePayload = z.infer<typeof recognizePayloadSchema>;

/** Whether the photo shows the person of the reference: of another photo, or one enrolled under the key. */
export const verifyPayloadSchema = z.object({
  ...image,
  reference: z.union([z.object({ uploadKey: z.string() }), z.object({ subjectId: idSchema('subject') })]),
  threshold,
  waitFor,
  askedBy,
});

export type VerifyPayload = z.infer<typeof verifyPayloadSchema>;
