import { z } from 'zod';

/** The query of a list that is sorted by id. */
export const pageQuery = (id: z.ZodString) =>
  z.strictObject({
    limit: z.coerce.number('expected a number').int().min(1).max(100).default(20),
    /** `next_cursor` of the page before. */
    after: id.optional(),
  });
