import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.js';

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * `GET /metrics` on a port of its own: who may see how busy the service is, is decided by who reaches the port, and no
 * proxy in front of the API can publish it by mistake.
 * @throws Error that says what to do when the address is taken or not ours
 */
export async function serveMetrics(
  metrics: Pick<Metrics, 'text' | 'contentType'>,
  { host, port }: { host: string; port: number },
): Promise<MetricsServer> {
  const server = createServer((req, res) => {
    if (req.url?.split('?', 1)[0] !== '/metrics') answer(res, 404, 'Metrics are at /metrics.\n');
    else if (req.method !== 'GET' && req.method !== 'HEAD') answer(res, 405, 'Expected GET.\n');
    else
      metrics.text().then(
        (text) => {
          answer(res, 200, text, metrics.contentType);
        },
        () => {
          answer(res, 500, 'The metrics could not be read.\n');
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

function answer(res: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  res.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(text);
}
