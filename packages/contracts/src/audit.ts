import { z } from 'zod';
import { idSchema } from './ids.js';

/** What one face, or one comparison, was answered with. */
export const auditAnswerSchema = z.object({
  outcome: z.enum(['named', 'ambiguous', 'unknown', 'match', 'no_match']),
  /** Whom the answer named, or was asked about; null = nobody, or somebody who was deleted since. */
  subject_id: idSchema('subject').nullable(),
  /** Of that person, or of the best candidate; null = there was none. */
  score: z.number().nullable(),
  threshold: z.number(),
});

/** One recognition or verification that was answered: who asked, what said so, and what it said. */
export const auditEntrySchema = z.object({
  /** Of the job. */
  id: idSchema('job'),
  object: z.literal('audit_entry'),
  type: z.enum(['recognize', 'verify']),
  at: z.iso.datetime(),
  request_id: z.string(),
  /** Of the caller, as the gateway saw it. */
  address: z.string().nullable(),
  /** Which of the key's secrets was used, as the key's own list tells them apart. */
  secret_created_at: z.iso.datetime().nullable(),
  /** Version; null where two images were compared, which needs none. */
  model: z.string().nullable(),
  /** Empty where no face was found. */
  answers: z.array(auditAnswerSchema),
});

export type AuditAnswer = z.infer<typeof auditAnswerSchema>;
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** Who asked, as the gateway tells the worker. */
export const askedBySchema = z.object({
  address: auditEntrySchema.shape.address,
  secretCreatedAt: auditEntrySchema.shape.secret_created_at,
});

/** Oldest first. A page may have fewer entries than its `limit`, or none, and still not be the last. */
export const auditListSchema = z.object({
  object: z.literal('list'),
  data: z.array(auditEntrySchema),
  has_more: z.boolean(),
  next_cursor: z.string().nullable(),
});

export type AuditList = z.infer<typeof auditListSchema>;

const day = z.iso.date('expected a day such as 2026-11-24');

/** What is asked of the log; days are those of UTC, both included. */
export const auditRangeSchema = z.strictObject({
  from: day.optional().describe('The first day; without it that of `to`.'),
  to: day.optional().describe('The last day; without it today.'),
  subject: idSchema('subject').optional().describe('Only entries about this person.'),
});

export const auditListQuerySchema = auditRangeSchema.extend({
  limit: z.coerce
    .number('expected a number')
    .int()
    .min(1)
    .max(100)
    .default(20)
    .describe('How many on a page.'),
  after: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}\/\d{9}_job_[0-9a-f]{32}$/, 'expected the next_cursor of a page before')
    .optional()
    .describe('The `next_cursor` of the page before.'),
});
