import { z } from 'zod';
import { idSchema } from './ids.js';
import { detectResultSchema, recognizeResultSchema, verifyResultSchema } from './image-job-results.js';
import { metadataSchema } from './metadata.js';
import { problemSchema } from './problem.js';
import {
  enrolResultSchema,
  eraseResultSchema,
  importResultSchema,
  trainResultSchema,
} from './job-results.js';

export const JOB_TYPES = ['recognize', 'detect', 'verify', 'train', 'enrol', 'erase', 'import'] as const;
export type JobType = (typeof JOB_TYPES)[number];

export const JOB_STATUSES = ['queued', 'processing', 'succeeded', 'failed', 'canceled', 'expired'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const isEnded = (status: JobStatus): boolean => status !== 'queued' && status !== 'processing';

const timestamp = z.iso.datetime();

/** A job as the caller sees it. Exactly one of `result` and `error` is set once it has ended. */
export const jobSchema = z.object({
  id: idSchema('job'),
  object: z.literal('job'),
  type: z.enum(JOB_TYPES),
  status: z.enum(JOB_STATUSES),
  created_at: timestamp,
  started_at: timestamp.nullable(),
  completed_at: timestamp.nullable(),
  expires_at: timestamp,
  progress: z.object({ percent: z.number().min(0).max(100), stage: z.string() }),
  /** The training that has to end before this job begins; null where there is none. */
  waiting_for: idSchema('job').nullable(),
  /** The model that answered; null until then and for a training that failed. */
  model: z.object({ version: z.string(), stale: z.boolean() }).nullable(),
  result: z
    .union([
      recognizeResultSchema,
      // After `recognize`, whose faces it would take for its own and strip of their names.
      detectResultSchema,
      verifyResultSchema,
      trainResultSchema,
      enrolResultSchema,
      eraseResultSchema,
      importResultSchema,
    ])
    .nullable(),
  error: problemSchema.nullable(),
  /** As the caller sent it. */
  metadata: metadataSchema,
  metrics: z.object({ queue_ms: z.number().nullable(), process_ms: z.number().nullable() }),
  urls: z.object({ self: z.string(), cancel: z.string(), events: z.string() }),
});

export type Job = z.infer<typeof jobSchema>;

/** A page of `GET /v1/jobs`, newest first. */
export const jobListSchema = z.object({
  object: z.literal('list'),
  data: z.array(jobSchema),
  has_more: z.boolean(),
  /** The `after` of the next page; null on the last one. */
  next_cursor: z.string().nullable(),
});

export type JobList = z.infer<typeof jobListSchema>;
