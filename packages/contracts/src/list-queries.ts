import { z } from 'zod';
import { idSchema } from './ids.js';
import { JOB_STATUSES, JOB_TYPES } from './job.js';

const limitSchema = z.coerce.number('expected a number').int().min(1).max(100).default(20);

/** The query of a list that is sorted by id. `after` is the `next_cursor` of the page before. */
const pageQuery = (id: z.ZodString) => z.strictObject({ limit: limitSchema, after: id.optional() });

export const subjectListQuerySchema = pageQuery(idSchema('subject'));
export const photoListQuerySchema = pageQuery(idSchema('photo'));

export const jobListQuerySchema = z.strictObject({
  limit: limitSchema,
  after: z.string().optional(),
  status: z.enum(JOB_STATUSES).optional(),
  type: z.enum(JOB_TYPES).optional(),
});
