import type { JobClient } from '@facehash/jobs';

/**
 * The same client, whose waits and event streams end when `waitsEnd` aborts, as if their time were over: a 202, or a stream that is
 * taken up again at another gateway, where the end of the process would break the connection off. No route knows of it.
 */
export function endWaits(jobs: JobClient, waitsEnd: AbortSignal): JobClient {
  return {
    ...jobs,
    wait: (jobId, ms, signal) => whileNeither([waitsEnd, signal], (either) => jobs.wait(jobId, ms, either)),
    watch: (jobId, changed, signal) =>
      whileNeither([waitsEnd, signal], (either) => jobs.watch(jobId, changed, either)),
  };
}

/** Not AbortSignal.any, which in Node 20 holds on to what it made for as long as the longest of its signals lives. */
async function whileNeither<T>(
  signals: readonly (AbortSignal | undefined)[],
  work: (either: AbortSignal) => Promise<T>,
): Promise<T> {
  const either = new AbortController();
  const abort = (): void => {
    either.abort();
  };
  if (signals.some((signal) => signal?.aborted === true)) abort();
  for (const signal of signals) signal?.addEventListener('abort', abort);
  try {
    return await work(either.signal);
  } finally {
    for (const signal of signals) signal?.removeEventListener('abort', abort);
  }
}
