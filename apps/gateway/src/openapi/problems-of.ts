import type { ErrorCode } from '@facehash/contracts';
import type { Operation } from './operation.js';

/** Every code an operation can answer with. */
export function problemsOf(operation: Operation): ErrorCode[] {
  const { access, problems = [], pathParameters, query, body, headers } = operation;
  const codes = new Set<ErrorCode>(problems);
  // Anything unforeseen; a path with a broken %-escape, a field that is unknown or malformed.
  codes.add('INTERNAL');
  // Before there is a request (`answerClientError`).
  codes.add('HEADERS_TOO_LARGE').add('REQUEST_TIMED_OUT');
  if (pathParameters ?? query ?? body) codes.add('INVALID_REQUEST');
  if (body?.form && 'webhook' in body.form.fields.shape) codes.add('WEBHOOK_ADDRESS_REFUSED');
  if (access !== 'open') {
    codes.add('UNAUTHORIZED').add('UNAVAILABLE'); // keys lie in the object storage
    codes.add('RATE_LIMITED');
    if (access !== 'key') codes.add('FORBIDDEN');
  }
  // A call that makes a job.
  if (headers?.includes('Idempotency-Key') === true) {
    codes.add('INVALID_REQUEST').add('IDEMPOTENCY_UNDER_WAY').add('IDEMPOTENCY_MISMATCH');
    codes.add('QUEUE_LIMIT').add('OVERLOADED');
  }
  return [...codes];
}
