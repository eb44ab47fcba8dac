import type { ErrorCode, Problem } from '@facehash/contracts';

export interface FaceHashErrorOptions {
  readonly status?: number | undefined;
  readonly retryable?: boolean;
  readonly requestId?: string | undefined;
  readonly retryAfterS?: number | undefined;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * Every failure of a call and of a job, as the server's problem document tells it (docs/errors.md lists the codes).
 * Branch on `code`, never on the text. UNAVAILABLE without a `status`: no answer came; INTERNAL also when what answered
 * was not a FaceHash server.
 */
export class FaceHashError extends Error {
  override readonly name = 'FaceHashError';
  readonly code: ErrorCode;
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** Whether the same request may succeed when it is sent again unchanged. */
  readonly retryable: boolean;
  /** Of the request, for whoever asks the operator. */
  readonly requestId: string | undefined;
  /** Seconds the server asked to wait before another try. */
  readonly retryAfterS: number | undefined;
  /** What else the problem document says, for programs. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: FaceHashErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status;
    this.retryable = options.retryable ?? false;
    this.requestId = options.requestId;
    this.retryAfterS = options.retryAfterS;
    this.details = options.details ?? {};
  }
}

/** A problem document, such as the `error` of a job, as the error it tells of. */
export function toFaceHashError(problem: Problem, retryAfterS?: number): FaceHashError {
  const { code, detail, status, retryable, request_id: requestId, type, title, ...more } = problem;
  return new FaceHashError(code, detail, {
    status,
    retryable,
    requestId,
    retryAfterS,
    details: { type, title, ...more },
  });
}
