import { z } from 'zod';
import { idSchema } from './ids.js';
import { JOB_STATUSES, JOB_TYPES } from './job.js';
import { DELIVERY_STATUSES } from './webhook-resources.js';

const limitSchema = z.coerce
  .number('expected a number')
  .int()
  .min(1)
  .max(100)
  .default(20)
  .describe('How many on a page.');

const AFTER = 'The `next_cursor` of the page before.';

/** The query of a list that is sorted by id. */
const pageQuery = (id: z.ZodString) =>
  z.strictObject({ limit: limitSchema, after: id.optional().describe(AFTER) });

export const subjectListQuerySchema = pageQuery(idSchema('subject'));
export const keyListQuerySchema = pageQuery(idSchema('key'));
export const photoListQuerySchema = pageQuery(idSchema('photo'));

export const jobListQuerySchema = z.strictObject({
  limit: limitSchema,
  after: z.string().optional().describe(AFTER),
  status: z.enum(JOB_STATUSES).optional(),
  type: z.enum(JOB_TYPES).optional(),
});

export const webhookDeliveryListQuerySchema = z.strictObject({
  limit: limitSchema,
  after: z.string().optional(),
  status: z.enum(DELIVERY_STATUSES).optional(),
  webhook_id: idSchema('webhook').optional(),
});
