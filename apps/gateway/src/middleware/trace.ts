import { continueTrace, traceIdOf } from '@facehash/contracts';
import type { IncomingMessage } from 'node:http';

const traces = new WeakMap<IncomingMessage, string>();

/** The W3C `traceparent` that goes on with this request: of the caller's trace where a valid one came, else of a new one. */
export function traceparentOf(req: IncomingMessage): string {
  const known = traces.get(req);
  if (known !== undefined) return known;
  const header = req.headers.traceparent;
  const traceparent = continueTrace(typeof header === 'string' ? header : undefined);
  traces.set(req, traceparent);
  return traceparent;
}

/** Under the name that the worker's lines have too. */
export const traceLogFields = (req: IncomingMessage) => ({ trace_id: traceIdOf(traceparentOf(req)) });
