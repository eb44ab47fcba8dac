import { AppError } from '@facehash/contracts';
import type { z } from 'zod';

/**
 * The text fields of a request, parsed. Unknown ones are refused: a misspelt setting that is silently left out gives
 * wrong answers.
 * @throws AppError INVALID_REQUEST naming the field
 */
export function parseFields<T>(schema: z.ZodType<T>, fields: unknown): T {
  const parsed = schema.safeParse(fields);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new AppError('INVALID_REQUEST', reasons.join('; '));
}
