import type { Metrics } from '@facehash/metrics';
import type { Request, RequestHandler, Response } from 'express';

/** The last two are trainings that upload for minutes, and waits of a minute. */
const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** HTTP knows dozens of methods, and whoever sends them all must not make a time series of each. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts every request once its answer is out, or its client gone. */
export function createRequestMeasure(metrics: Metrics): RequestHandler {
  const requests = metrics.counter({
    name: 'facehash_gateway_requests_total',
    help: 'Requests answered, or given up by their clients (status `aborted`).',
    labels: ['route', 'method', 'status'],
  });
  const seconds = metrics.histogram({
    name: 'facehash_gateway_request_duration_seconds',
    help: 'From the request line to the end of the answer, upload and `Prefer: wait` included.',
    labels: ['route', 'method'],
    buckets: BUCKETS_S,
  });
  const refusals = metrics.counter({
    name: 'facehash_gateway_refusals_total',
    help: 'Requests answered by a problem document, by its code.',
    labels: ['code'],
  });

  return (req, res, next) => {
    const startedAt = performance.now();
    res.once('close', () => {
      const route = routeOf(req);
      const method = METHODS.has(req.method) ? req.method : 'other';
      requests({ route, method, status: statusOf(res) });
      seconds({ route, method }, (performance.now() - startedAt) / 1000);
      const code: unknown = res.locals.problemCode;
      if (typeof code === 'string') refusals({ code });
    });
    next();
  };
}

/** The pattern, such as `/v1/jobs/:id`, never the path: that holds ids and labels, and is whatever a stranger likes. */
function routeOf(req: Request): string {
  const route = req.route as { readonly path: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : 'none';
}

function statusOf(res: Response): string {
  return res.writableFinished ? `${Math.floor(res.statusCode / 100)}xx` : 'aborted';
}
