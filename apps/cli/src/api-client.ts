import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, isAppError, isEnded, jobSchema, problemSchema, type Job } from '@facehash/contracts';

export interface ApiClientOptions {
  /** Of the server, without a path. */
  readonly url: string;
  readonly secret: string;
  /** Called before a request is repeated because the server asked for patience. */
  readonly onWait?: (error: AppError, seconds: number) => void;
}

/** Every method rejects with the AppError that the server's problem document describes; a job that failed is no error. */
export interface ApiClient {
  /** @param onSent called with the share of the bytes that have been read, 0 to 1 */
  train(label: string, photos: readonly string[], onSent: (share: number) => void): Promise<Job>;
  recognize(photo: string, maxFaces: number): Promise<Job>;
  /** @param onProgress called with every look at the job */
  ended(job: Job, onProgress: (job: Job) => void): Promise<Job>;
}

/** Seconds the server may take for one look at a job: short, so that a progress bar moves. */
const LOOK_S = 1;
/** A recognition takes well under a second unless the queue is long. */
const WAIT_S = 30;
const DEFAULT_RETRY_S = 1;

export function createApiClient({ url, secret, onWait }: ApiClientOptions): ApiClient {
  async function send(path: string, init: RequestInit & { duplex?: 'half' } = {}): Promise<Job> {
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${secret}` };
    const response = await fetch(new URL(path, url), { ...init, headers }).catch((cause: unknown) => {
      throw new AppError('UNAVAILABLE', `Nothing answers at ${url}; start the server with \`facehash up\`.`, {
        cause,
      });
    });
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok) return jobSchema.parse(body);
    throw toError(response, body);
  }

  /** While the key's model is trained the server answers 409 and says when to come again. */
  async function sendPatiently(path: string, init: () => Promise<RequestInit>): Promise<Job> {
    for (;;) {
      try {
        return await send(path, await init());
      } catch (error) {
        if (!isAppError(error) || error.status !== 409 || !error.retryable) throw error;
        const seconds = error.retryAfterS ?? DEFAULT_RETRY_S;
        onWait?.(error, seconds);
        await sleep(seconds * 1000);
      }
    }
  }

  return {
    train: (label, photos, onSent) =>
      sendPatiently('/v1/train', async () => {
        const form = new FormData();
        form.set('label', label);
        for (const photo of photos) form.append('photos', await openAsBlob(photo), basename(photo));
        return streamed(form, onSent);
      }),
    recognize: (photo, maxFaces) =>
      sendPatiently('/v1/recognize', async () => {
        const form = new FormData();
        form.set('max_faces', String(maxFaces));
        form.set('image', await openAsBlob(photo), basename(photo));
        return { method: 'POST', body: form, headers: { prefer: `wait=${WAIT_S}` } };
      }),
    async ended(job, onProgress) {
      let latest = job;
      for (;;) {
        onProgress(latest);
        if (isEnded(latest.status)) return latest;
        latest = await send(job.urls.self, { headers: { prefer: `wait=${LOOK_S}` } });
      }
    },
  };
}

/** The form as a stream that counts: fetch itself tells nobody how far an upload has come. */
function streamed(form: FormData, onSent: (share: number) => void): RequestInit & { duplex: 'half' } {
  const encoded = new Response(form);
  const files = [...form.values()].filter((value) => typeof value !== 'string');
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let sent = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      sent += chunk.byteLength;
      onSent(Math.min(1, sent / total));
      controller.enqueue(chunk);
    },
  });
  return {
    method: 'POST',
    body: encoded.body!.pipeThrough(count),
    headers: { 'content-type': encoded.headers.get('content-type')! },
    duplex: 'half',
  };
}

function toError(response: Response, body: unknown): AppError {
  const problem = problemSchema.safeParse(body);
  if (!problem.success) {
    return new AppError(
      'INTERNAL',
      `The server answered ${response.status} without saying why; is ${response.url} a FaceHash server?`,
    );
  }
  const { code, detail, ...details } = problem.data;
  const retryAfterS = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new AppError(code, detail, { details, ...(Number.isFinite(retryAfterS) ? { retryAfterS } : {}) });
}
