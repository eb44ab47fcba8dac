import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.js';
import type { MissingPart } from './missing-parts.js';

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * `GET /metrics` on a port of its own: who may see how busy the service is, is decided by who reaches the port, and no
 * proxy in front of the API can publish it by mistake. Beside it what a container's probes ask of a process without an API:
 * `/healthz` (its event loop turns; a process that is merely cut off must not be started again) and `/readyz` (nothing is `missing`).
 * @throws Error that says what to do when the address is taken or not ours
 */
export async function serveMetrics(
  metrics: Pick<Metrics, 'text' | 'contentType'>,
  { host, port }: { host: string; port: number },
  missing: () => Promise<readonly MissingPart[]> = () => Promise.resolve([]),
): Promise<MetricsServer> {
  const pages: Readonly<Record<string, () => Promise<Page>>> = {
    '/metrics': async () => ({ status: 200, text: await metrics.text(), type: metrics.contentType }),
    '/healthz': () => Promise.resolve({ status: 200, text: 'ok\n' }),
    '/readyz': async () => {
      const parts = await missing();
      if (parts.length === 0) return { status: 200, text: 'ready\n' };
      return { status: 503, text: parts.map(({ name, reason }) => `${name}: ${reason}\n`).join('') };
    },
  };
  const server = createServer((req, res) => {
    const page = pages[req.url?.split('?', 1)[0] ?? ''];
    if (page === undefined)
      answer(res, { status: 404, text: 'Metrics are at /metrics, probes at /healthz and /readyz.\n' });
    else if (req.method !== 'GET' && req.method !== 'HEAD')
      answer(res, { status: 405, text: 'Expected GET.\n' });
    else
      page().then(
        (page) => {
          answer(res, page);
        },
        () => {
          answer(res, { status: 500, text: 'The page could not be made.\n' });
        },
      );
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(
      `Cannot serve metrics on ${host}:${port} (${(error as Error).message}): free it or set FACEHASH_METRICS_PORT.`,
      { cause: error },
    );
  }
  const { port: boundPort } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}/metrics`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      // Prometheus keeps its connection open between scrapes.
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Page {
  readonly status: number;
  readonly text: string;
  readonly type?: string;
}

function answer(res: ServerResponse, { status, text, type = 'text/plain; charset=utf-8' }: Page): void {
  res.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(text);
}
