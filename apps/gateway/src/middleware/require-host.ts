import { AppError } from '@facehash/contracts';
import type { RequestHandler } from 'express';

/** HTTP/1.1 demands a Host (RFC 9112, 3.2); Node is told not to ask for it, for its refusal says nothing. */
export const requireHost: RequestHandler = (req, _res, next) => {
  if (req.httpVersion === '1.1' && req.headers.host === undefined) {
    throw new AppError('INVALID_REQUEST', 'Expected a Host header; none came.');
  }
  next();
};
