import type { ErrorCode } from '@facehash/contracts';
import type { Operation } from './operation.js';

/** Every code an operation can answer with. */
export function problemsOf(operation: Operation): ErrorCode[] {
  const { access, problems = [], pathParameters, query, body } = operation;
  const codes = new Set<ErrorCode>(problems);
  // Anything unforeseen; a path with a broken %-escape, a field that is unknown or malformed.
  codes.add('INTERNAL');
  if (pathParameters ?? query ?? body) codes.add('INVALID_REQUEST');
  if (access !== 'open') {
    codes.add('UNAUTHORIZED').add('UNAVAILABLE'); // keys lie in the object storage
    if (access !== 'key') codes.add('FORBIDDEN');
  }
  return [...codes];
}
