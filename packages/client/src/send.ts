import type { Problem } from '@facehash/contracts';
import { FaceHashError, toFaceHashError } from './facehash-error.js';
import { retryDelayMs, type WhileTraining } from './retry-delay.js';
import { sleep } from './sleep.js';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface ApiRequest extends CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Made anew for each try: a stream can be read only once. */
  readonly body?: () => Body;
  /** The server does a job once however often it is sent under one key, so a POST with a key may be repeated. */
  readonly idempotencyKey?: string;
  readonly whileTraining?: WhileTraining | undefined;
}

export interface Body {
  readonly content: FormData | ReadableStream<Uint8Array> | string;
  /** Where fetch cannot tell it by itself. */
  readonly contentType?: string;
}

/**
 * Sends the request, again where that is safe, until an answer of 2xx comes; the reading of the answer is part of a try.
 * @throws FaceHashError, or the reason of the request's signal
 */
export type Send = <T>(request: ApiRequest, read: (response: Response) => Promise<T>) => Promise<T>;

export interface ConnectionOptions {
  /** The server's address. */
  readonly url: string;
  /** The secret of an API key; for `keys`, the admin token. */
  readonly key: string;
  readonly fetch?: typeof fetch;
  /** Tries after the first one; 4 unless told otherwise. */
  readonly maxRetries?: number;
  /** Called before a request is sent again. */
  readonly onRetry?: (error: FaceHashError, seconds: number) => void;
}

const DEFAULT_RETRIES = 4;

export function createSend(options: ConnectionOptions): Send {
  const { url, key, fetch: fetchIt = fetch, maxRetries = DEFAULT_RETRIES, onRetry } = options;

  async function tryOnce<T>(request: ApiRequest, read: (response: Response) => Promise<T>): Promise<T> {
    const { method = 'GET', path, signal, idempotencyKey } = request;
    const target = new URL(path, url);
    const body = request.body?.();
    const headers = new Headers(request.headers);
    headers.set('authorization', `Bearer ${key}`);
    if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
    if (body?.contentType !== undefined) headers.set('content-type', body.contentType);
    try {
      const response = await fetchIt(target, {
        method,
        headers,
        ...(signal === undefined ? {} : { signal }),
        ...(body === undefined ? {} : { body: body.content }),
        ...(body?.content instanceof ReadableStream ? { duplex: 'half' } : {}),
      });
      if (!response.ok) throw await refusal(response);
      return await read(response);
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof FaceHashError) throw cause;
      throw new FaceHashError('UNAVAILABLE', `Nothing answers at ${url}, or the connection broke off.`, {
        retryable: true,
        cause,
      });
    }
  }

  return async (request, read) => {
    const { method = 'GET', idempotencyKey, signal, whileTraining = 'fail' } = request;
    const isRepeatable = method === 'GET' || idempotencyKey !== undefined;
    for (let failures = 0; ;) {
      try {
        return await tryOnce(request, read);
      } catch (error) {
        if (!(error instanceof FaceHashError)) throw error;
        const delayMs = retryDelayMs(error, { isRepeatable, whileTraining, failures, maxRetries });
        if (delayMs === undefined) throw error;
        if (!isTraining(error)) failures += 1;
        onRetry?.(error, Math.ceil(delayMs / 1000));
        await sleep(delayMs, signal);
      }
    }
  };
}

const isTraining = ({ code }: FaceHashError): boolean =>
  code === 'MODEL_TRAINING' || code === 'TRAINING_IN_PROGRESS';

async function refusal(response: Response): Promise<FaceHashError> {
  const { status, url } = response;
  const retryAfterS = parseSeconds(response.headers.get('retry-after'));
  const body: unknown = await response.json().catch(() => undefined);
  if (isProblem(body)) return toFaceHashError(body, retryAfterS);
  const message = `The server answered ${status} without saying why; is ${url} a FaceHash server?`;
  return new FaceHashError('INTERNAL', message, { status, retryAfterS, retryable: status >= 500 });
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && 'detail' in body && 'status' in body;

/** Only the form in seconds: the server sends no other, and a date would trust the caller's clock. */
const parseSeconds = (header: string | null): number | undefined =>
  header !== null && /^\d+$/.test(header) ? Number(header) : undefined;

/** @throws FaceHashError INTERNAL when it is no JSON: whatever answered is not the server */
export async function readJson<T>(response: Response): Promise<T> {
  const text = await response.text();
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new FaceHashError('INTERNAL', `${response.url} answered without JSON; is it a FaceHash server?`, {
      status: response.status,
      cause,
    });
  }
}
