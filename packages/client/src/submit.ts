import { toHex } from './content-key.js';
import { formBody, type FormParts } from './form.js';
import { jobHandle, type JobHandle, type WaitOptions } from './job-handle.js';
import type { JobOf } from './job.js';
import type { WhileTraining } from './retry-delay.js';
import { readJson, type CallOptions, type Send } from './send.js';

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

interface Submission {
  readonly method?: 'POST' | 'DELETE';
  readonly path: string;
  /** Where the caller says nothing. */
  readonly waitS?: number;
  readonly fields?: FormParts['fields'];
  readonly files?: FormParts['files'];
}

/** Sends a request that makes a job. Options that are not about the call go along as fields of its form. */
export async function submit<Result>(
  send: Send,
  submission: Submission,
  options: SubmitOptions = {},
): Promise<JobHandle<Result>> {
  const { method = 'POST', path, files = [] } = submission;
  const {
    waitS = submission.waitS ?? 0,
    whileTraining,
    signal,
    idempotencyKey,
    onProgress,
    ...more
  } = options;
  const fields = { ...submission.fields, ...more };
  const hasForm = files.length > 0 || Object.keys(fields).length > 0;
  const onSent = (share: number): void => {
    onProgress?.({ stage: 'uploading', percent: Math.round(share * 100) });
  };
  let tries = 0;
  const { job, isKnown } = await send(
    {
      method,
      path,
      headers: { prefer: waitS > 0 ? `wait=${waitS}` : 'respond-async' },
      ...(hasForm
        ? {
            body: () => {
              tries += 1;
              return formBody({ fields, files }, onProgress && onSent);
            },
          }
        : {}),
      // A deletion sent again finds nothing to delete: it is not for repeating.
      ...(method === 'POST' ? { idempotencyKey: idempotencyKey ?? randomKey() } : {}),
      whileTraining,
      signal,
    },
    async (response) => ({
      job: await readJson<JobOf<Result>>(response),
      isKnown: response.headers.get('idempotency-replayed') === 'true',
    }),
  );
  // After a try of our own whose answer was lost, the job may as well be that one's.
  return jobHandle<Result>(send, job.id, { job, onProgress, isReplayed: isKnown && tries === 1 });
}

/** Not crypto.randomUUID: a browser has that only on pages that came by HTTPS. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), toHex).join('');
}
