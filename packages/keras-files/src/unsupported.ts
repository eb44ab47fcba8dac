import { AppError } from '@facehash/contracts';

/** @param reason what is wrong with the file, as the end of a sentence */
export function unsupported(reason: string, cause?: unknown): AppError {
  return new AppError('MODEL_UNSUPPORTED', `The file cannot be used as a model: ${reason}.`, { cause });
}
