import { AppError, PROBLEM_CONTENT_TYPE, isAppError, toAppError, toProblem } from '@facehash/contracts';
import type { ErrorRequestHandler } from 'express';
import { requestIdOf } from './request-id.js';

/** Seconds after which a service that was away is worth another try. */
const UNAVAILABLE_RETRY_S = 5;

/** The one place where a failure becomes a response: a problem document (RFC 9457), whatever threw. */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- Express tells an error handler by its four parameters
export const errorHandler: ErrorRequestHandler = (thrown: unknown, req, res, _next) => {
  // Not `req.destroyed`: a request is that as soon as it has been read to its end.
  if (res.headersSent || res.closed || req.socket.destroyed) {
    // Nobody is left to read an answer; without this Express would print the stack.
    // What was wrong with the request may quote it, so only its code is told.
    const told = isAppError(thrown) ? { code: thrown.code } : { err: thrown };
    req.log.info(told, 'the request ended before its answer');
    res.destroy();
    return;
  }
  const error = asAppError(thrown);
  res.locals.problemCode = error.code;
  if (error.status >= 500) req.log.error({ err: error.cause ?? error, code: error.code }, error.message);

  const retryAfterS = error.retryAfterS ?? (error.status === 503 ? UNAVAILABLE_RETRY_S : undefined);
  if (retryAfterS !== undefined) res.setHeader('Retry-After', String(retryAfterS));
  if (error.code === 'UNAUTHORIZED') res.setHeader('WWW-Authenticate', 'Bearer');
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Type', PROBLEM_CONTENT_TYPE);
  res.statusCode = error.status;
  // Not `res.json`: it would add a charset, which JSON types do not have.
  res.end(JSON.stringify(toProblem(error, requestIdOf(req))));
};

/** Express marks what a client did wrong (a path with a broken %-escape) by a `status` below 500. */
function asAppError(thrown: unknown): AppError {
  if (isAppError(thrown)) return thrown;
  if (thrown instanceof Error && 'status' in thrown && Number(thrown.status) < 500) {
    return new AppError('INVALID_REQUEST', thrown.message, { cause: thrown });
  }
  return toAppError(thrown);
}
