import type { Logger } from 'pino';
import { pinoHttp, type HttpLogger } from 'pino-http';
import { requestId } from './request-id.js';

/** Gives every request its id and, once it is answered, its line in the log. */
export function requestLog(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    genReqId: requestId,
    // Probes ask every few seconds and would drown everything else.
    autoLogging: { ignore: (req) => req.url === '/healthz' || req.url === '/readyz' },
    customLogLevel: (_req, res, error) => (error !== undefined || res.statusCode >= 500 ? 'error' : 'info'),
  });
}
