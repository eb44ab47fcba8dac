import type { Express } from 'express';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { lastAnswers } from '../stopping/last-answers.js';
import { answerClientError } from './client-error.js';

/** 200 photos of 5 MB over 5 Mbit/s; Node's own 5 minutes would cut such a training off. */
const REQUEST_TIMEOUT_MS = 30 * 60_000;
/** No byte either way for this long ends a connection; longer than the longest wait for a job (60 s). */
const IDLE_TIMEOUT_MS = 90_000;
/** Longer than the 60 s that load balancers keep a connection, or they send into one we have just closed. */
const KEEP_ALIVE_MS = 65_000;
/** How often a server that shuts down looks for connections that have become idle. */
const SWEEP_MS = 100;

export interface RunningServer {
  readonly url: string;
  /** Goes on accepting, but from now on an answer ends its connection. */
  lastAnswers(): void;
  /** Accepts nothing new, lets requests finish, and cuts those that take longer than `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** @throws Error that says what to do when the address is taken or not ours */
export async function listen(
  app: Express,
  { host, port }: { host: string; port: number },
): Promise<RunningServer> {
  const timeouts = { requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS };
  // Node would answer both without a problem document: a missing Host (`requireHost` does) and an Expect it does not know.
  const server = createServer({ ...timeouts, requireHostHeader: false }, app);
  server.on('checkExpectation', app);
  const endConnections = lastAnswers(server);
  server.on('clientError', answerClientError);
  server.timeout = IDLE_TIMEOUT_MS;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(
      `Cannot listen on ${host}:${port} (${(error as Error).message}): free it or set FACEHASH_PORT.`,
      {
        cause: error,
      },
    );
  }
  const { port: boundPort } = server.address() as AddressInfo;

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`,
    lastAnswers: endConnections,
    async close(graceMs) {
      const closed = once(server, 'close');
      server.close();
      const sweep = setInterval(() => {
        server.closeIdleConnections();
      }, SWEEP_MS);
      const cut = setTimeout(() => {
        server.closeAllConnections();
      }, graceMs);
      await closed;
      clearInterval(sweep);
      clearTimeout(cut);
    },
  };
}
