import { AppError, newId, toProblem, type ErrorCode } from '@facehash/contracts';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, type Client } from '../client.js';
import type { Job } from '../job.js';
import type { ConnectionOptions } from '../send.js';

interface Answer {
  readonly status?: number;
  /** Text is sent as it is; `cut` breaks the connection off instead of an answer. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AnsweringServer {
  readonly url: string;
  readonly client: Client;
  readonly seen: { method: string; path: string; headers: IncomingHttpHeaders; body: string }[];
  /** Given in this order, one a request. */
  answer(...answers: Answer[]): void;
  stop(): void;
}

export const CUT = Symbol('cut');

/** A server that says what it is told to, and remembers what it was asked. */
export async function answeringServer(options: Partial<ConnectionOptions> = {}): Promise<AnsweringServer> {
  const seen: AnsweringServer['seen'] = [];
  const answers: Answer[] = [];
  const server = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      const { method, url: path, headers } = request;
      const body = Buffer.concat(chunks as Buffer[]).toString('latin1');
      seen.push({ method: method!, path: path!, headers, body });
      const answer = answers.shift() ?? { status: 418, body: 'nobody expected this request' };
      if (answer.body === CUT) return request.socket.destroy();
      response.writeHead(answer.status ?? 200, answer.headers);
      return response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    client: createClient({ url, key: 'fh_secret', ...options }),
    seen,
    answer: (...more) => void answers.push(...more),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export function problem(code: ErrorCode, retryAfterS?: number): Answer {
  const error = new AppError(code, `because of ${code}`, { details: { extra: 1 } });
  const headers = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };
  return { status: error.status, body: toProblem(error, 'req_1'), headers };
}

export function job(changes: Partial<Job> = {}): Job {
  const id = newId('job');
  const self = `/v1/jobs/${id}`;
  return {
    id,
    object: 'job',
    type: 'train',
    status: 'queued',
    created_at: '2026-11-24T00:00:00.000Z',
    started_at: null,
    completed_at: null,
    expires_at: '2026-11-25T00:00:00.000Z',
    progress: { percent: 0, stage: 'queued' },
    waiting_for: null,
    model: null,
    result: null,
    error: null,
    metadata: {},
    metrics: { queue_ms: null, process_ms: null },
    urls: { self, cancel: `${self}/cancel`, events: `${self}/events` },
    ...changes,
  };
}
