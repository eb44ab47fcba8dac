export type DlibErrorCode =
  'MODEL_UNREADABLE' | 'MODEL_UNWRITABLE' | 'IMAGE_INVALID' | 'BOX_INVALID' | 'CLOSED';

/** A failure of this package. Branch on `code`; the message says what was expected and what came. */
export class DlibError extends Error {
  readonly code: DlibErrorCode;

  constructor(code: DlibErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DlibError';
    this.code = code;
  }
}

/**
 * Awaits a call into the addon. Native errors have no JavaScript stack, and under Jest they are not even instances of
 * its `Error`: what is thrown instead is our own error, with the stack of the caller. An error without one of our
 * codes (out of memory) becomes an `Error` with the native one as its cause.
 */
export async function settleNative<T>(call: () => Promise<T>): Promise<T> {
  const here: { stack?: string } = {};
  Error.captureStackTrace(here, settleNative);
  try {
    return await call();
  } catch (cause) {
    throw withStack(toError(cause), here.stack ?? '');
  }
}

function toError(cause: unknown): Error {
  const { code, message } = cause as { code?: DlibErrorCode; message: string };
  return code === undefined ? new Error(message, { cause }) : new DlibError(code, message, { cause });
}

/** A stack begins with a line of name and message; the frames follow. */
function withStack(error: Error, stack: string): Error {
  const frames = stack.slice(stack.indexOf('\n') + 1);
  error.stack = `${error.name}: ${error.message}\n${frames}`;
  return error;
}
