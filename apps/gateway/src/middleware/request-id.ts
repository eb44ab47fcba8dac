import { newId } from '@facehash/contracts';
import type { Request } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What may be echoed: it goes into logs, job records and the response's header. */
const ACCEPTABLE = /^[A-Za-z0-9._-]{1,128}$/;

/** The caller's `X-Request-Id` where it is acceptable, else a new one; told in the response either way. */
export function requestId(req: IncomingMessage, res: ServerResponse): string {
  const sent = req.headers['x-request-id'];
  const id = typeof sent === 'string' && ACCEPTABLE.test(sent) ? sent : newId('request');
  res.setHeader('X-Request-Id', id);
  return id;
}

/** The id that `requestId` gave this request. */
export function requestIdOf(req: Request): string {
  return typeof req.id === 'string' ? req.id : '';
}
