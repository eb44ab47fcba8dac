import type { Logger } from 'pino';
import { pinoHttp, type HttpLogger } from 'pino-http';
import { requestId } from './request-id.js';

/** Gives every request its id and, once it is answered, its line in the log. */
export function requestLog(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    genReqId: requestId,
    serializers: { req: withoutLabel },
    // Probes ask every few seconds and would drown everything else.
    autoLogging: { ignore: (req) => req.url === '/healthz' || req.url === '/readyz' },
    customLogLevel: (_req, res, error) => (error !== undefined || res.statusCode >= 500 ? 'error' : 'info'),
  });
}

/** A label in the address names a person, and logs outlive the deletion of one. */
function withoutLabel(logged: { url: string }): object {
  return { ...logged, url: logged.url.replace(/^(\/v1\/subjects\/)[^/?]+/, '$1…') };
}
