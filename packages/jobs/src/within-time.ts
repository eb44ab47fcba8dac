import { AppError } from '@facehash/contracts';

/**
 * The result of `work`, or AppError JOB_TIMED_OUT after `timeoutMs` even when `work` ignores its signal and hangs.
 * `stop` aborts that signal too, but `work` is then waited for: what it still writes must not land after the clearing up.
 */
export async function withinTime<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
  stop: AbortSignal,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new AppError('JOB_TIMED_OUT', `The job was stopped after ${timeoutMs / 1000} s.`);
      reject(error); // before the abort, or the work's own rejection would win the race
      controller.abort(error);
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(AbortSignal.any([controller.signal, stop])), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
