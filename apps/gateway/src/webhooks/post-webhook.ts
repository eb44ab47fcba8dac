import type { DeliveryAttempt } from '@facehash/contracts';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';

/** What came of one request. */
interface Posted extends DeliveryAttempt {
  /** What a receiver that is too busy says; 0 where it says nothing. */
  readonly retryAfterMs: number;
}

export type PostWebhook = (
  url: string,
  message: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
) => Promise<Posted>;

/** The standard: 15 to 30 s. */
const TIMEOUT_MS = 15_000;

/** An answer is read so far and no further, so that a small one ends in good order; nobody looks at it. */
const MAX_ANSWER_BYTES = 16 * 1024;

/**
 * Makes the request and never throws. Success is 2xx; a redirect is not followed, for it could lead where an address is
 * refused. The agents look at the address of every connection, also where a name has changed its mind since it was
 * registered, and keep no connection open.
 */
export function createPostWebhook({
  allowPrivate,
  lookup,
  timeoutMs = TIMEOUT_MS,
}: {
  readonly allowPrivate: boolean;
  readonly lookup: LookupFunction;
  readonly timeoutMs?: number;
}): PostWebhook {
  const filter = { allowPrivateIPAddress: allowPrivate };
  const agents = {
    'http:': new RequestFilteringHttpAgent(filter),
    'https:': new RequestFilteringHttpsAgent(filter),
  };

  return async (url, { headers, body }) => {
    const at = new Date();
    const startedAt = performance.now();
    const ended = (status: number | null, error: string | null, retryAfterMs = 0): Posted => ({
      ...{ at: at.toISOString(), status, error, retryAfterMs },
      duration_ms: Math.round(performance.now() - startedAt),
    });
    try {
      const { protocol } = new URL(url);
      const secure = protocol === 'https:';
      const response = await respond((secure ? https : http).request, url, body, {
        ...{ method: 'POST', agent: agents[secure ? 'https:' : 'http:'], lookup },
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'FaceHash-Webhooks/1',
        },
        signal: AbortSignal.timeout(timeoutMs),
      });
      drain(response);
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 300) return ended(status, null);
      const busy = status === 429 || status === 503;
      return ended(status, reasonOf(status), busy ? retryAfterMs(response.headers['retry-after'], at) : 0);
    } catch (error) {
      return ended(null, failureOf(error, timeoutMs));
    }
  };
}

function respond(
  request: typeof http.request,
  url: string,
  body: string,
  options: http.RequestOptions,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, options, resolve).on('error', reject).end(body);
  });
}

function drain(response: http.IncomingMessage): void {
  let bytes = 0;
  response.on('error', () => undefined); // the status is known; how the rest of it breaks off says nothing
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) response.destroy();
  });
}

function reasonOf(status: number): string {
  return status >= 300 && status < 400
    ? `status ${status}: redirects are not followed`
    : `status ${status}: expected 200 to 299`;
}

/** In words of ours: an error's own text holds host and address, and this is shown and logged. */
function failureOf(error: unknown, timeoutMs: number): string {
  const { name, message, code } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  // The agent has no code for it (3.2.1).
  if (message.startsWith('DNS lookup ')) return 'refused: the address is not public';
  return code === undefined ? 'the request failed' : `no connection: ${code}`;
}

/** Seconds, or a date. */
function retryAfterMs(header: string | undefined, now: Date): number {
  if (header === undefined) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
