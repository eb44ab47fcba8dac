import { AppError, isAppError } from '@facehash/contracts';

export const missing = (key: string): AppError =>
  new AppError('NOT_FOUND', `There is no stored object "${key}".`);

export const tooLarge = (maxBytes: number): AppError =>
  new AppError(
    'IMAGE_TOO_LARGE',
    `At most ${maxBytes} bytes are taken and more came; send a smaller image.`,
    {
      details: { max_bytes: maxBytes },
    },
  );

/** The caller of the API learns no host names or folders; whoever reads the log finds the reason in `cause`. */
export const unavailable = (cause: unknown): AppError =>
  isAppError(cause)
    ? cause
    : new AppError('UNAVAILABLE', 'The object storage cannot be used; try again shortly.', { cause });

/** Awaits one of the storage's own operations, so that a failing source stream is not taken for a failing storage. */
export async function attempt<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    throw unavailable(error);
  }
}

/** `code` of a system or S3 error. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
