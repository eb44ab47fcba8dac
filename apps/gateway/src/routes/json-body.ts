import { AppError } from '@facehash/contracts';
import { json, type Request, type RequestHandler, type Response } from 'express';

/** 16 pairs of metadata and a label at their longest fit. */
const parse: RequestHandler = json({ limit: 64 * 1024 });

/**
 * A small JSON body, read when the caller is known to have a key.
 * @throws AppError INVALID_REQUEST where none came
 */
export async function readJson(req: Request, res: Response): Promise<unknown> {
  await new Promise<void>((resolve, reject) => {
    void parse(req, res, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('unreadable', { cause: error }));
    });
  });
  if (req.body !== undefined) return req.body;
  throw new AppError(
    'INVALID_REQUEST',
    `Expected a JSON object with Content-Type: application/json; ${req.get('content-type') ?? 'nothing'} came.`,
  );
}

/** Where every member has a default, no body is an empty object. `is` is null without a body; one of 0 bytes is none. */
export async function readOptionalJson(req: Request, res: Response): Promise<unknown> {
  const hasBody = req.is('application/json') !== null && req.get('content-length') !== '0';
  return hasBody ? readJson(req, res) : {};
}
