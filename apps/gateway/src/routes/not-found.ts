import { AppError } from '@facehash/contracts';
import type { RequestHandler } from 'express';

export const notFound: RequestHandler = (req) => {
  throw new AppError(
    'NOT_FOUND',
    `There is nothing at ${req.path}; the addresses of the API begin with /v1.`,
  );
};
