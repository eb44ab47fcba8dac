/**
 * Every failure a caller can meet: one row per code. `docs/errors.md` is compared with this table by a test.
 * Branch on `code`, never on the text.
 */
interface ErrorRow {
  /** HTTP status when the failure answers a request; a failed job carries it in `job.error.status`. */
  readonly status: number;
  readonly title: string;
  /** Whether the same request may succeed when it is sent again unchanged. */
  readonly retryable: boolean;
}

export const ERROR_TABLE = {
  INVALID_REQUEST: { status: 400, title: 'The request is malformed', retryable: false },
  MISSING_FILE: { status: 400, title: 'The request carries no image', retryable: false },
  UNAUTHORIZED: { status: 401, title: 'A valid API key is required', retryable: false },
  FORBIDDEN: { status: 403, title: 'These credentials do not allow this', retryable: false },
  NOT_FOUND: { status: 404, title: 'There is nothing at this address', retryable: false },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This address does not take this method', retryable: false },
  REQUEST_TIMED_OUT: { status: 408, title: 'The request came too slowly', retryable: true },
  MODEL_TRAINING: { status: 409, title: "The key's model is being trained", retryable: true },
  TRAINING_IN_PROGRESS: { status: 409, title: 'Another training of this key is running', retryable: true },
  MODEL_NOT_TRAINED: { status: 409, title: 'This key has no model yet', retryable: false },
  LABEL_TAKEN: { status: 409, title: 'Another subject of this key has that label', retryable: false },
  TOO_MANY_WEBHOOKS: { status: 409, title: 'A key has at most 20 webhooks', retryable: false },
  IDEMPOTENCY_UNDER_WAY: {
    status: 409,
    title: 'The first request with this Idempotency-Key is still being received',
    retryable: true,
  },
  JOB_CANCELED: { status: 409, title: 'The job was cancelled', retryable: false },
  IMAGE_TOO_LARGE: { status: 413, title: 'The image has too many bytes', retryable: false },
  MODEL_TOO_LARGE: { status: 413, title: 'The model has too many bytes', retryable: false },
  TOO_MANY_PHOTOS: { status: 413, title: 'One training takes at most 200 photos', retryable: false },
  IMAGE_TYPE_UNSUPPORTED: {
    status: 415,
    title: 'The file is not a JPEG, PNG or WebP image',
    retryable: false,
  },
  IMAGE_EMPTY: { status: 422, title: 'The image has no bytes', retryable: false },
  IMAGE_UNREADABLE: { status: 422, title: 'The image is damaged', retryable: false },
  IMAGE_TOO_MANY_PIXELS: { status: 422, title: 'The image has too many pixels', retryable: false },
  WEBHOOK_ADDRESS_REFUSED: {
    status: 422,
    title: 'Nothing is sent to this webhook address',
    retryable: false,
  },
  MODEL_UNSUPPORTED: { status: 422, title: 'The file is no model that can be imported', retryable: false },
  LABEL_UNKNOWN: { status: 422, title: 'The model in force knows nobody by that label', retryable: false },
  NO_FACE: { status: 422, title: 'An image shows no face', retryable: false },
  NO_USABLE_PHOTOS: { status: 422, title: 'No photo of the training could be used', retryable: false },
  CONSENT_REQUIRED: {
    status: 422,
    title: 'This key enrols nobody without a record of consent',
    retryable: false,
  },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers have too many bytes', retryable: false },
  IDEMPOTENCY_MISMATCH: {
    status: 422,
    title: 'This Idempotency-Key belongs to another request',
    retryable: false,
  },
  RATE_LIMITED: { status: 429, title: 'Too many requests within a minute', retryable: true },
  QUEUE_LIMIT: { status: 429, title: 'This key has too many jobs that have not ended', retryable: true },
  JOB_TIMED_OUT: { status: 500, title: 'The job took too long', retryable: true },
  WORKER_CRASHED: { status: 500, title: 'The job ended its worker twice', retryable: false },
  JOB_LOST: { status: 500, title: 'The job vanished from the queue', retryable: true },
  MODEL_CORRUPT: { status: 500, title: 'A stored model is damaged', retryable: false },
  INTERNAL: { status: 500, title: 'Something went wrong on our side', retryable: true },
  OVERLOADED: { status: 503, title: 'A job would wait too long at the moment', retryable: true },
  UNAVAILABLE: { status: 503, title: 'A service this request needs is not reachable', retryable: true },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERROR_TABLE;

export const ERROR_CODES = Object.keys(ERROR_TABLE) as [ErrorCode, ...ErrorCode[]];

export interface AppErrorOptions {
  /** Extra members of the problem document, for programs. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryAfterS?: number;
  readonly cause?: unknown;
}

/** A failure with a code of the table. `message` says what was expected, what came and what to do. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryAfterS: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.retryAfterS = options.retryAfterS;
  }

  get status(): number {
    return ERROR_TABLE[this.code].status;
  }

  get retryable(): boolean {
    return ERROR_TABLE[this.code].retryable;
  }
}

/** By shape, not by class: two copies of this package in one process must understand each other. */
export function isAppError(value: unknown): value is AppError {
  if (typeof value !== 'object' || value === null || !('code' in value)) return false;
  return 'name' in value && value.name === 'AppError' && String(value.code) in ERROR_TABLE;
}

/** Any thrown value as an AppError; what is not one becomes INTERNAL and hides its text from the caller. */
export function toAppError(value: unknown): AppError {
  if (isAppError(value)) return value;
  return new AppError('INTERNAL', 'An unexpected failure was logged under this request id.', {
    cause: value,
  });
}
