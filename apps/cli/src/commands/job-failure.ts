import { AppError, type Problem } from '@facehash/contracts';

/** A failed job's problem document as the error it was. */
export function failureOf({ code, detail, ...details }: Problem): AppError {
  return new AppError(code, detail, { details });
}
