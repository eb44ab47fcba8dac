import { z } from 'zod';
import { ERROR_CODES, ERROR_TABLE, type AppError } from './errors.js';

/** RFC 9457 problem document: the body of every error response and the `error` of a failed job. */
export const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(ERROR_CODES),
  retryable: z.boolean(),
  request_id: z.string().optional(),
});

export type Problem = z.infer<typeof problemSchema>;

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

export function toProblem(error: AppError, requestId?: string): Problem {
  const { status, title, retryable } = ERROR_TABLE[error.code];
  return {
    ...error.details,
    type: `https://facehash.dev/errors#${error.code.toLowerCase().replaceAll('_', '-')}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    retryable,
    ...(requestId === undefined ? {} : { request_id: requestId }),
  };
}
