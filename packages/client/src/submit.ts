import { formBody, type FormParts } from './form.js';
import { jobHandle, type JobHandle, type WaitOptions } from './job-handle.js';
import type { JobOf } from './job.js';
import type { WhileTraining } from './retry-delay.js';
import { readJson, type ApiRequest, type CallOptions, type Send } from './send.js';

export interface SubmitOptions extends CallOptions {
  /** Seconds the server may hold its answer back until the job has ended, up to 60. */
  readonly waitS?: number | undefined;
  /** `wait`: a refusal because the key's model is being trained is no failure, the call is sent again when that is over. */
  readonly whileTraining?: WhileTraining | undefined;
  /** One for each thing to be done once; a call that gives none gets its own. */
  readonly idempotencyKey?: string | undefined;
  /** Of the photos on their way to the server (stage `uploading`, where fetch can tell), then of the job. */
  readonly onProgress?: WaitOptions['onProgress'];
}

/** Sends a request that makes a job. */
export async function submit<Result>(
  send: Send,
  request: Pick<ApiRequest, 'method' | 'path'> & { readonly form?: FormParts },
  options: SubmitOptions = {},
): Promise<JobHandle<Result>> {
  const { method = 'POST', path, form } = request;
  const { waitS = 0, whileTraining, signal, idempotencyKey = randomKey(), onProgress } = options;
  const onSent =
    onProgress &&
    ((share: number) => {
      onProgress({ stage: 'uploading', percent: Math.round(share * 100) });
    });
  const job = await send(
    {
      method,
      path,
      headers: { prefer: waitS > 0 ? `wait=${waitS}` : 'respond-async' },
      ...(form === undefined ? {} : { body: () => formBody(form, onSent) }),
      // A deletion is the same deletion without a key, too.
      ...(method === 'POST' ? { idempotencyKey } : {}),
      whileTraining,
      signal,
    },
    readJson<JobOf<Result>>,
  );
  return jobHandle<Result>(send, job.id, { job, onProgress });
}

/** Not crypto.randomUUID: a browser has that only on pages that came by HTTPS. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
