import type { FaceHashError } from '@facehash/client';

/** The problem document an error came from, for whoever reads JSON. */
export function problemOf({ code, message, status, retryable, requestId, details }: FaceHashError): object {
  return { ...details, status, detail: message, code, retryable, request_id: requestId };
}
