import { AppError, isAppError, type ErrorCode } from '@facehash/contracts';
import multer from 'multer';
import { imageTooLarge } from './request-uploads.js';

export interface FormLimits {
  /** The fields that may carry files. */
  readonly fields: readonly string[];
  /** In all of them together. */
  readonly maxFiles: number;
  readonly tooManyFiles: ErrorCode;
  readonly maxBytes: number;
  /** Of one text field, where it may be longer than usual. */
  readonly maxTextBytes?: number;
}

/** What is wrong with a multipart body, in our terms. Errors that are neither ours nor multer's are its parser's. */
export function multipartProblem(error: unknown, form: FormLimits): AppError {
  if (isAppError(error)) return error;
  if (!(error instanceof multer.MulterError)) {
    const reason = error instanceof Error ? error.message : String(error);
    return new AppError('INVALID_REQUEST', `The multipart body cannot be read: ${reason}.`, { cause: error });
  }
  const cause = { cause: error };
  if (error.code === 'LIMIT_FILE_SIZE') return imageTooLarge(fileName(error), form.maxBytes);
  if (error.code === 'LIMIT_FILE_COUNT') {
    return new AppError(form.tooManyFiles, `Expected at most ${form.maxFiles} file(s); more came.`, cause);
  }
  if (error.code === 'LIMIT_UNEXPECTED_FILE') {
    const text = `Expected files only in ${form.fields.join(', ')}; one came in "${error.field ?? ''}".`;
    return new AppError('INVALID_REQUEST', text, cause);
  }
  const where = error.field === undefined ? '' : `: "${error.field}"`;
  return new AppError('INVALID_REQUEST', `${error.message}${where}.`, cause);
}

/** multer sets it; its types lag behind. */
function fileName(error: object): string {
  return 'filename' in error ? String(error.filename) : 'A file';
}
