import { AppError } from '@facehash/contracts';
import type { RequestHandler } from 'express';

/** The last handler of a route: answers OPTIONS, refuses every other method, and tells in `Allow` what the route takes. */
export function methodNotAllowed(...methods: readonly string[]): RequestHandler {
  const allow = [...methods, 'OPTIONS'].join(', ');
  return (req, res) => {
    res.setHeader('Allow', allow);
    if (req.method === 'OPTIONS') {
      res.status(204).end();
      return;
    }
    throw new AppError('METHOD_NOT_ALLOWED', `Expected one of ${allow}; ${req.method} came.`);
  };
}
