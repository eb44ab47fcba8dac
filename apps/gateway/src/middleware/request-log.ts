import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { pinoHttp, type HttpLogger } from 'pino-http';
import { requestId } from './request-id.js';
import { traceLogFields } from './trace.js';

/** Gives every request its id and, once it is answered, its line in the log. */
export function requestLog(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    genReqId: requestId,
    serializers: { req: requestLine, res: statusOnly },
    customProps: (req) => ({ request_id: req.id, ...traceLogFields(req) }),
    // Probes ask every few seconds and would drown everything else.
    autoLogging: { ignore: (req) => req.url === '/healthz' || req.url === '/readyz' },
    customLogLevel: (_req, res, error) => (error !== undefined || res.statusCode >= 500 ? 'error' : 'info'),
  });
}

interface LoggedRequest {
  readonly method: string;
  readonly url: string;
  readonly remoteAddress?: string;
  readonly raw: IncomingMessage;
}

/**
 * No header but two, and no query: whoever reads the logs must not be able to act as a caller. A label in the address
 * names a person, and logs outlive the deletion of one.
 */
function requestLine({ method, url, remoteAddress, raw }: LoggedRequest): object {
  return {
    method,
    url: url.replace(/\?.*$/, '').replace(/^(\/v1\/subjects\/)[^/]+/, '$1…'),
    remoteAddress,
    contentLength: raw.headers['content-length'],
    userAgent: raw.headers['user-agent'],
  };
}

const statusOnly = ({ statusCode }: { readonly statusCode: number }) => ({ statusCode });
